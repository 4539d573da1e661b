"""The checks of the operations that only the new generation of the official client has."""

import json
import time
import urllib.request

import requests

from checks import EXPIRATION

OK_200 = ("OK", "200")
OK_0000 = ("0000",)
OK_0 = ("0", "OK")
# What the emulator has from the start.
WHITE_GROUP = 19
LANDLINES = "FC0571"
WORK_NUMBER = "16500000001"
PHOTO = b"\xff\xd8\xff\xe0 the beginning of a JPEG"


class NewerChecks:
    """One check for each group of operations; a check tries the operations that it names."""

    def __init__(self, gateway, info):
        self.gateway, self.info = gateway, info

    def _data(self, action, codes, **parameters):
        answer = self.gateway.ok(action, codes, **parameters)
        assert str(answer.get("Success", True)).lower() == "true", answer
        data = answer.get("Data")
        # An answer that tells its result twice must tell the same.
        if isinstance(data, dict) and "Code" in data:
            assert data["Code"] in codes and data["Success"] is True, answer
        return data

    def numbers_700(self):
        """BindAxb700 BindGxb700 UpdateSubs700 UnbindSubs700"""
        pool = self.info["pool_key"]
        bind = {"PoolKey": pool, "Expiration": EXPIRATION, "NeedRecord": True}
        axb = self._data("BindAxb700", OK_200, TelA="15000000071", TelB="15000000072", OrderId="order/700.1", **bind)
        assert str(axb["SecretNo"]).startswith("700"), axb
        group = self.gateway.ok("CreateAxgGroup", PoolKey=pool, Name="700", Numbers="15000000073,15000000074")["GroupId"]
        gxb = self._data("BindGxb700", OK_200, GroupId=group, TelB="15000000075", OrderId="order/700.2", **bind)
        for order, bound in [("order/700.1", axb), ("order/700.2", gxb)]:
            its = {"PoolKey": pool, "SubsId": bound["SubsId"], "TelX": bound["SecretNo"], "OrderId": order}
            self._data("UpdateSubs700", OK_200, OperateType="updateOutId", OutId="out-700", **its)
            self._data("UnbindSubs700", OK_200, **its)

    def reports(self):
        """GetDyplsOSSInfoForUploadFile CreatePhoneNoAReport CreateFixedNoAReport QuerySecretAPhoneNoToCust \
DeleteSecretAPhoneNoToCust"""
        policy = self._data("GetDyplsOSSInfoForUploadFile", OK_200, BizType="phone_card")
        path = f"{policy['StartPath']}/alive-{time.time_ns()}.jpg"
        form = {"key": path, "policy": policy["Policy"], "OSSAccessKeyId": policy["AccessKeyId"],
                "Signature": policy["Signature"]}
        uploaded = requests.post(policy["Host"], data=form, files={"file": ("alive.jpg", PHOTO, "image/jpeg")}, timeout=10)
        assert uploaded.status_code in (200, 201, 204), uploaded.text
        person = {"CustName": "张某某", "DocumentNumber": "000000000000000000", "DocumentType": 1,
                  "IdCardAlivePhoto": path, "ANoWhiteGroupId": WHITE_GROUP}
        phone = f"150{time.time_ns() // 1000 % 100000000:08}"
        created = self._data("CreatePhoneNoAReport", OK_200, PhoneNoA=phone, **person)
        assert created["CreateResult"] is True and int(created["FailType"]) == 1, created
        again = self._data("CreatePhoneNoAReport", OK_200, PhoneNoA=phone, **person)
        assert again["CreateResult"] is False and int(again["FailType"]) == -1, again
        fixed = self._data("CreateFixedNoAReport", OK_200, FixedNoA=f"0571{phone[-8:]}", CustType=2, **person)
        assert fixed["CreateResult"] is True, fixed
        its = {"PhoneNoA": phone, "ANoWhiteGroupId": WHITE_GROUP}
        assert self._data("QuerySecretAPhoneNoToCust", OK_200, **its)["ReportStatus"] == "REVIEWING"
        decision = {"number": phone, "result": "PASS"}
        request = urllib.request.Request(self.info["aliyun"] + "/_emulator/reports/review",
                                         json.dumps(decision).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()
        assert self._data("QuerySecretAPhoneNoToCust", OK_200, **its)["ReportStatus"] == "PASS"
        assert self._data("DeleteSecretAPhoneNoToCust", OK_200, **its) is True

    def work_numbers(self):
        """BindXB UnBindXB BindAXBCall UnBindAXB ConfigX GetXConfig GetXDefaultConfig ListXTelephones QuerySoundRecord \
CreateSmsSign"""
        pool = self.info["pool_key"]

        def its(**others):
            return {"CustomerPoolKey": pool, "ReqId": f"R{time.time_ns()}"[:20], **others}

        employee = self._data("BindXB", OK_0000, **its(TelX=WORK_NUMBER, TelB="15000000081"))
        call = self._data("BindAXBCall", OK_0000,
                          **its(AuthId=employee["AuthId"], TelA="15000000082", Expiration=7200))
        self._data("ConfigX", OK_0000, **its(TelX=WORK_NUMBER, SmsAbility="1", GNFlag="10"))
        assert self._data("GetXConfig", OK_0000, **its(TelX=WORK_NUMBER))["SmsAbility"] == "1"
        assert self._data("GetXDefaultConfig", OK_0000, **its(TelX=WORK_NUMBER))
        listed = self._data("ListXTelephones", OK_0000, **its(PageNo=1, PageSize=2))
        assert int(listed["Total"]) >= 3 and len(listed["List"]) == 2, listed
        assert self._data("CreateSmsSign", OK_0000, **its(CallingNo="15000000081", CalledNo="15000000082"))
        assert self._data("QuerySoundRecord", OK_0000, **its(CallId="call-1"))
        self._data("UnBindAXB", OK_0000, **its(BindId=call["BindId"]))
        self._data("UnBindXB", OK_0000, **its(TelX=WORK_NUMBER, AuthId=employee["AuthId"]))

    def fixed_lines(self):
        """BindAxbFixedLine UpdateAxbBindFixedLine DeleteAxbBindFixedLine QueryAxbBindFixedLine BindAxnFixedLine \
UpdateAxnBindFixedLine DeleteAxnBindFixedLine QueryAxnBindFixedLine BindAxnExtensionFixedLine \
UpdateAxnExtensionBindFixedLine DeleteAxnExtensionBindFixedLine QueryAxnExtensionBindFixedLine"""
        for kind, parties, changed, extra in [
            ("Axb", {"TelA": "15000000091", "TelB": "15000000092"}, {"TelB": "15000000093"}, "Extra"),
            ("Axn", {"TelA": "15000000094"}, {"TelA": "15000000095"}, "Extra"),
            ("AxnExtension", {"TelA": "15000000096"}, {"TelA": "15000000097"}, "Extraaxx"),
        ]:
            def its(**others):
                now = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600))
                return {"AppId": LANDLINES, "OrderId": f"order-{time.time_ns()}", "Ts": now + "000", **others}

            terms = {"Subts": time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600)),
                     "Expiration": "7200", "Anucode": "1,2,3", extra: {"Callrecording": "1"}}
            bound = self._data(f"Bind{kind}FixedLine", OK_0,
                               **its(**parties, **terms, Areacode="571", BindType="mode102"))
            sub_id = bound["Subid"]
            update = f"Update{kind}BindFixedLine"
            self._data(update, OK_0, **its(SubId=sub_id, **changed, **terms))
            found = self._data(f"Query{kind}BindFixedLine", OK_0, **its(QueryType="0", SubId=sub_id))
            found = found[0] if isinstance(found, list) else found
            name, number = next(iter(changed.items()))
            assert str(found[name]) == number, "the update is not in the query"
            self._data(f"Delete{kind}BindFixedLine", OK_0, **its(SubId=sub_id))
