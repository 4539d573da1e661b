"""Calls the emulator with the official clients; exits with 1 if an answer is not what the gateways give.

The first argument is the file with the emulator's JSON lines; `--only` names the operations to try.
"""

import argparse
import importlib
import json
import pkgutil
import sys
import time
import urllib.parse  # noqa: F401, topsdk uses it without importing it
import urllib.request

import aliyunsdkdyplsapi.request.v20170525 as dyplsapi
import top
import top.api.base
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient

EXPIRATION = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 + 7 * 86400))
CALL_TIME = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 - 3600))
SENDER = {"ProvinceName": "陕西省", "CityName": "西安", "AreaName": "未央区", "TownName": "XX街道",
          "AddressDetail": "XX小区XX号"}
CONSIGNEE = {"ProvinceName": "浙江", "CityName": "杭州", "AreaName": "西湖区", "TownName": "XX街道",
             "AddressDetail": "XX小区XX号"}


class Gateway:
    """Alibaba Cloud's gateway through the official client."""

    def __init__(self, info, tried, secret=None):
        self.client = AcsClient(info["access_key_id"], secret or info["access_key_secret"], "cn-hangzhou",
                                auto_retry=False, timeout=10)
        self.host = info["aliyun"].split("://", 1)[1]
        self.tried = tried

    def call(self, action, **parameters):
        module = importlib.import_module(f"{dyplsapi.__name__}.{action}Request")
        request = getattr(module, f"{action}Request")()
        request.set_accept_format("json")
        request.set_endpoint(self.host)
        for name, value in parameters.items():
            getattr(request, f"set_{name}")(value)
        answer = json.loads(self.client.do_action_with_exception(request))
        self.tried.add(action)
        assert answer["RequestId"], answer
        return answer

    def ok(self, action, **parameters):
        answer = self.call(action, **parameters)
        assert answer.get("Code") == "OK", f"{action}: {answer.get('Code')} {answer.get('Message')}"
        return answer


class Checks:
    """One check for each group of operations; a check tries the operations that it names."""

    def __init__(self, gateway, info):
        self.gateway, self.info = gateway, info

    def axb(self):
        """BindAxb QuerySubscriptionDetail UpdateSubscription UnbindSubscription"""
        gateway, pool = self.gateway, self.info["pool_key"]
        bound = gateway.ok("BindAxb", PoolKey=pool, PhoneNoA="15000000000", PhoneNoB="15000000001",
                           Expiration=EXPIRATION, ExpectCity="北京", IsRecordingEnabled="true",
                           OutId="abcdef")["SecretBindDTO"]
        its = {"PoolKey": pool, "SubsId": bound["SubsId"], "PhoneNoX": bound["SecretNo"]}
        detail = gateway.ok("QuerySubscriptionDetail", **its)["SecretBindDetailDTO"]
        assert detail["NeedRecord"] is True and str(detail["PhoneNoA"]) == "15000000000", detail
        gateway.ok("UpdateSubscription", OperateType="updateNoA", PhoneNoA="15000000002", **its)
        gateway.ok("UnbindSubscription", PoolKey=pool, SubsId=bound["SubsId"], SecretNo=bound["SecretNo"])
        gone = gateway.call("QuerySubscriptionDetail", **its)
        assert gone["Code"].startswith("isv."), gone

    def axn(self):
        """BindAxn QuerySubsId QuerySecretNoDetail AddAxnTrackNo QueryPhoneNoAByTrackNo"""
        gateway, pool = self.gateway, self.info["pool_key"]
        bound = gateway.ok("BindAxn", PoolKey=pool, PhoneNoA="15000000010", Expiration=EXPIRATION)["SecretBindDTO"]
        number = bound["SecretNo"]
        subscriptions = gateway.ok("QuerySubsId", PoolKey=pool, PhoneNoX=number)["SubsId"]
        assert str(bound["SubsId"]) in str(subscriptions).split(","), subscriptions
        gateway.ok("QuerySecretNoDetail", PoolKey=pool, SecretNo=number)
        gateway.ok("AddAxnTrackNo", PoolKey=pool, PhoneNoX=number, SubsId=bound["SubsId"], trackNo="abcde1234")
        found = gateway.ok("QueryPhoneNoAByTrackNo", trackNo="abcde1234")["Module"]
        assert [str(entry["PhoneNoA"]) for entry in found] == ["15000000010"], "the wrong number was found"

    def extension(self):
        """BindAxnExtension"""
        bound = self.gateway.ok("BindAxnExtension", PoolKey=self.info["pool_key"], PhoneNoA="15000000020",
                                PhoneNoX="17000000006", Extension="130", Expiration=EXPIRATION)["SecretBindDTO"]
        assert str(bound["Extension"]) == "130", bound

    def axg(self):
        """CreateAxgGroup OperateAxgGroup BindAxg BindBatchAxg DeleteAxgGroup"""
        gateway, pool = self.gateway, self.info["pool_key"]
        group = gateway.ok("CreateAxgGroup", PoolKey=pool, Name="测试分组", Remark="测试用分组",
                           Numbers="15800000000,15900000000")["GroupId"]
        gateway.ok("OperateAxgGroup", PoolKey=pool, GroupId=group, OperateType="addNumbers", Numbers="13900001234")
        bound = gateway.ok("BindAxg", PoolKey=pool, PhoneNoA="15000000030", GroupId=group,
                           Expiration=EXPIRATION)["SecretBindDTO"]
        batch = gateway.ok("BindBatchAxg", PoolKey=pool, AxgBindList=[
            {"PhoneNoA": "15000000031", "GroupId": str(group), "Expiration": EXPIRATION}])
        entries = batch["SecretBindList"]["SecretBind"]
        assert [entry["Code"] for entry in entries] == ["OK"], "an entry of the batch was refused"
        for done in [bound] + entries:
            gateway.ok("UnbindSubscription", PoolKey=pool, SubsId=done["SubsId"], SecretNo=done["SecretNo"])
        gateway.ok("DeleteAxgGroup", PoolKey=pool, GroupId=group)

    def numbers(self):
        """QuerySecretNoRemain BuySecretNo LockSecretNo UnlockSecretNo ReleaseSecretNo"""
        gateway, pool = self.gateway, self.info["pool_key"]
        remain = gateway.ok("QuerySecretNoRemain", City="武汉", SpecId=2)["SecretRemainDTO"]
        assert int(remain["Amount"]) > 0, remain
        number = gateway.ok("BuySecretNo", PoolKey=pool, City="武汉", SpecId=2)["SecretBuyInfoDTO"]["SecretNo"]
        for action in ["LockSecretNo", "UnlockSecretNo", "ReleaseSecretNo"]:
            gateway.ok(action, PoolKey=pool, SecretNo=number)

    def blacklists(self):
        """OperateBlackNo AddSecretBlacklist DeleteSecretBlacklist"""
        gateway, pool = self.gateway, self.info["pool_key"]
        for operate_type in ["AddBlack", "DeleteBlack"]:
            gateway.ok("OperateBlackNo", PoolKey=pool, BlackNo="15000000040", OperateType=operate_type, Tips="abcdef")
        entry = {"PoolKey": pool, "BlackNo": "15000000041:15000000042", "BlackType": "POINT_TO_POINT_BLACK",
                 "WayControl": "PHONEA_REJECT", "Remark": "黑名单备注"}
        gateway.ok("AddSecretBlacklist", **entry)
        gateway.ok("DeleteSecretBlacklist", **entry)

    def recordings(self):
        """QueryRecordFileDownloadUrl GetTotalPublicUrl GetSecretAsrDetail"""
        gateway, pool = self.gateway, self.info["pool_key"]
        call = {"CallId": "call-1", "CallTime": CALL_TIME}
        url = gateway.ok("QueryRecordFileDownloadUrl", PoolKey=pool, **call)["DownloadUrl"]
        assert urllib.request.urlopen(url).read(4) == b"RIFF", "the recording is no audio file"
        urls = gateway.ok("GetTotalPublicUrl", PartnerKey=pool, CheckSubs="false", **call)["Data"]
        assert urls["PhonePublicUrl"] and urls["RingPublicUrl"], urls
        recognised = gateway.ok("GetSecretAsrDetail", PoolKey=pool, **call)["Data"]
        assert recognised["Code"] == "21050000" and recognised["Sentences"], recognised

    def waybills(self):
        """CreatePickUpWaybillPreQuery CreatePickUpWaybill CancelPickUpWaybill"""
        gateway = self.gateway
        slots = gateway.call("CreatePickUpWaybillPreQuery", OrderChannels="Test", PreWeight="2000", CpCode="YTO",
                             SenderInfo={"Name": "王XX", "Mobile": "13900000000", "AddressInfo": SENDER},
                             ConsigneeInfo={"Name": "李XX", "Mobile": "13900000001", "AddressInfo": CONSIGNEE})
        assert slots["HttpStatusCode"] == 200 and slots["Data"]["Success"] is True, slots
        order = f"1432342342{int(time.time())}"
        made = gateway.call("CreatePickUpWaybill", OuterOrderCode=order, OrderChannels="Test", CpCode="YTO",
                            SendName="王XX", SendMobile="13900000000", SendAddress=SENDER,
                            ConsigneeName="李XX", ConsigneeMobile="13900000001", ConsigneeAddress=CONSIGNEE,
                            GoodsInfos=[{"Name": "鞋子", "Weight": "1000", "Quantity": "1"}])
        assert str(made["Data"]["Success"]).lower() == "true" and made["Data"]["MailNo"], made
        cancelled = gateway.ok("CancelPickUpWaybill", OuterOrderCode=order, CancelDesc="不想退货了")
        assert cancelled["Data"]["Success"] is True, cancelled


def check_wrong_secret_of_alibaba_cloud(info):
    """The client compares the gateway's string to sign with its own: if they agree, it blames the secret."""
    gateway = Gateway(info, set(), secret="wrong-secret")
    try:
        gateway.call("QuerySubscriptionDetail", PoolKey=info["pool_key"], SubsId="1", PhoneNoX="17000000001")
    except ServerException as refusal:
        assert refusal.get_http_status() == 400, refusal.get_http_status()
        assert refusal.get_error_code() == "InvalidAccessKeySecret", refusal.get_error_code()
        return
    raise AssertionError("a wrong access key secret was accepted")


class OaidDecryptRequest(top.api.base.RestApi):
    """As the official generator writes request classes; the package has none for this method."""

    def __init__(self, domain, port):
        super().__init__(domain, port)
        self.query_list = None

    def getapiname(self):
        return "taobao.top.oaid.decrypt"


def decrypt(info, queries, secret=None):
    address = urllib.parse.urlsplit(info["top"])
    request = OaidDecryptRequest(address.hostname, address.port)
    request.set_app_info(top.appinfo(info["app_key"], secret or info["app_secret"]))
    request.query_list = json.dumps(queries)
    return request.getResponse(info["session"])


def check_decrypt(info):
    orders = info["orders"][:20]
    queries = [{**order, "scene": "1005", "secret_no_days": 15} for order in orders]
    receivers = decrypt(info, queries)["top_oaid_decrypt_response"]["receiver_list"]["receiver"]
    assert {receiver["tid"] for receiver in receivers} == {order["tid"] for order in orders}
    assert all(receiver["matched"] is True and receiver["mobile"] for receiver in receivers)


def refusal_of(info, queries, **other):
    try:
        decrypt(info, queries, **other)
    except top.api.base.TopException as refusal:
        return refusal.errorcode, refusal.subcode
    raise AssertionError("the call was not refused")


def check_refusals_of_top(info):
    good = [info["orders"][0]]
    assert refusal_of(info, good, secret="wrong-secret") == (25, None)
    magic = [{"tid": good[0]["tid"], "oaid": "quota-1"}]
    assert refusal_of(info, magic) == (50, "isv.decryption-quota-exceeded")


def check_faults(info, gateway):
    """The control endpoints, used as a test in another language uses them."""
    url = info["aliyun"] + "/_emulator/faults"
    fault = {"fault": "throttled", "scope": "app", "on": "BindAxb", "times": 1}
    request = urllib.request.Request(url, json.dumps(fault).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()
    try:
        gateway.call("BindAxb", PoolKey=info["pool_key"])
    except ServerException as refusal:
        assert refusal.get_error_code() == "Throttling.User", refusal.get_error_code()
        return
    raise AssertionError("the injected fault did not strike")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("server")
    arguments.add_argument("--only", default="")
    arguments = arguments.parse_args()
    with open(arguments.server, encoding="utf-8") as lines:
        info = json.loads(lines.readline())
    only = set(filter(None, arguments.only.split(",")))
    shipped = {name.removesuffix("Request") for _, name, _ in pkgutil.iter_modules(dyplsapi.__path__)}
    assert len(shipped) >= 29, f"the client has only {len(shipped)} request classes"
    assert only <= shipped, f"the client has no {only - shipped}"

    tried, failures = set(), []
    gateway = Gateway(info, tried)
    checks = Checks(gateway, info)
    groups = [getattr(Checks, name) for name in vars(Checks) if not name.startswith("_")]
    jobs = [(group.__doc__, group.__get__(checks)) for group in groups
            if not only or set(group.__doc__.split()) <= only]
    jobs += [
        ("a wrong secret at Alibaba Cloud", lambda: check_wrong_secret_of_alibaba_cloud(info)),
        ("decryption by topsdk", lambda: check_decrypt(info)),
        ("refusals by TOP, a wrong secret among them", lambda: check_refusals_of_top(info)),
        ("a fault over the control endpoints", lambda: check_faults(info, gateway)),
    ]
    for name, job in jobs:
        try:
            job()
            print(f"ok      {name}")
        except Exception as problem:  # every kind of failure is one of the emulator's
            failures.append(name)
            print(f"FAILED  {name}\n        {type(problem).__name__}: {problem}")
    missing = (only or shipped) - tried
    if missing and not failures:
        failures.append("coverage")
        print(f"FAILED  not tried: {' '.join(sorted(missing))}")
    print(f"{len(tried)} of the {len(shipped)} operations of the dyplsapi client were answered, "
          f"{len(failures)} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
