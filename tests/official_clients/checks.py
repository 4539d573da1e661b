"""The checks of the operations that both generations of the official clients have."""

import time
import urllib.request

EXPIRATION = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 + 7 * 86400))
CALL_TIME = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 - 3600))
SENDER = {"ProvinceName": "陕西省", "CityName": "西安", "AreaName": "未央区", "TownName": "XX街道",
          "AddressDetail": "XX小区XX号"}
CONSIGNEE = {"ProvinceName": "浙江", "CityName": "杭州", "AreaName": "西湖区", "TownName": "XX街道",
             "AddressDetail": "XX小区XX号"}


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
        gateway.ok("UnbindSubscription", PoolKey=pool, SubsId=bound["SubsId"], SecretNo=number)

    def extension(self):
        """BindAxnExtension"""
        gateway, pool = self.gateway, self.info["pool_key"]
        bound = gateway.ok("BindAxnExtension", PoolKey=pool, PhoneNoA="15000000020", PhoneNoX="17000000006",
                           Extension="130", Expiration=EXPIRATION)["SecretBindDTO"]
        assert str(bound["Extension"]) == "130", bound
        gateway.ok("UnbindSubscription", PoolKey=pool, SubsId=bound["SubsId"], SecretNo=bound["SecretNo"])

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
