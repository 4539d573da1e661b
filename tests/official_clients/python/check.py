"""Calls the emulator with the official clients; exits with 1 if an answer is not what the gateways give.

The argument is the emulator's address.
"""

import json
import sys
import urllib.parse  # noqa: F401, topsdk uses it without importing it
import urllib.request

import top
import top.api.base
from aliyunsdkcore.acs_exception.exceptions import ServerException

import cases
from gateways import FirstGeneration, NewGeneration, NewGenerationV2
from queue_checks import QueueChecks


def check_wrong_secret_of_alibaba_cloud(info):
    """The client compares the gateway's string to sign with its own: if they agree, it blames the secret."""
    gateway = FirstGeneration(info, secret="wrong-secret")
    try:
        gateway.send("QuerySubscriptionDetail", {"PoolKey": info["pool_key"], "SubsId": "1", "PhoneNoX": "17000000001"})
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
        gateway.send("BindAxb", {"PoolKey": info["pool_key"]})
    except ServerException as refusal:
        assert refusal.get_error_code() == "Throttling.User", refusal.get_error_code()
        return
    raise AssertionError("the injected fault did not strike")


def check_wrong_secret_of_new_generation(client, info):
    try:
        client(info, secret="wrong-secret").send("QuerySubsId", {"PoolKey": info["pool_key"], "PhoneNoX": "17000000001"})
    except Exception as refusal:  # the class depends on the version of the client
        assert getattr(refusal, "code", None) == "SignatureDoesNotMatch", refusal
        return
    raise AssertionError("a wrong access key secret was accepted")


def executed(info):
    with urllib.request.urlopen(info["aliyun"] + "/_emulator/ledger") as answer:
        return {name: counts["executed"] for name, counts in json.load(answer)["counts"].items()}


def main():
    address = sys.argv[1]
    with urllib.request.urlopen(address + "/_emulator/info") as answer:
        info = json.load(answer)
    first, new, new_v2 = FirstGeneration(info), NewGeneration(info), NewGenerationV2(info)
    gateways = [first, new, new_v2]
    assert len(first.shipped()) >= 29, f"the first generation has only {len(first.shipped())} request classes"
    assert len(new.shipped()) >= 60, f"the new generation has only {len(new.shipped())} request classes"

    others = {}

    def counted(client, signature, check):
        """Runs the check, and counts the operations that were executed in it."""
        before = executed(info)
        check()
        others[client] = (signature, {name for name, count in executed(info).items() if count > before.get(name, 0)})

    jobs = [(f"{gateway.name}, signature {gateway.signature}: {case['name']}",
             lambda case=case, gateway=gateway: cases.run(case, gateway, info))
            for gateway in gateways for case in cases.cases(gateway.shipped())]
    jobs += [
        ("a wrong secret at Alibaba Cloud", lambda: check_wrong_secret_of_alibaba_cloud(info)),
        ("a wrong secret, by the new generation", lambda: check_wrong_secret_of_new_generation(NewGeneration, info)),
        ("a wrong secret, by the new generation with v2",
         lambda: check_wrong_secret_of_new_generation(NewGenerationV2, info)),
        ("decryption by topsdk", lambda: counted("topsdk", "TOP", lambda: check_decrypt(info))),
        ("refusals by TOP, a wrong secret among them", lambda: check_refusals_of_top(info)),
        ("a fault over the control endpoints", lambda: check_faults(info, first)),
        ("receipts, by aliyun-mns-sdk", lambda: counted("aliyun-mns-sdk", "MNS", QueueChecks(info).message_service)),
        ("receipts, by the client in aliyun-python-sdk-dybaseapi",
         lambda: counted("aliyun-python-sdk-dybaseapi", "MNS", QueueChecks(info).bundled_message_service)),
    ]
    failures = []
    for name, job in jobs:
        try:
            job()
            print(f"ok      {name}")
        except Exception as problem:  # every kind of failure is one of the emulator's
            failures.append(name)
            print(f"FAILED  {name}\n        {type(problem).__name__}: {problem}")
    for gateway in gateways:
        missing = gateway.shipped() - gateway.tried
        if missing and not failures:
            failures.append("coverage")
            print(f"FAILED  not tried by {gateway.name}: {' '.join(sorted(missing))}")
        print(f"ACTIONS {len(gateway.tried)} Python {gateway.name} signature {gateway.signature}")
    for client, (signature, operations) in others.items():
        print(f"ACTIONS {len(operations)} Python {client} signature {signature}")
    print(f"{len(failures)} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
