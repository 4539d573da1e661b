//! A successful call of every documented action.

use serde_json::{Value, json};

use super::axg::group;
use super::axn::{bind_axn, bind_axn_extension};
use super::binding::bind;
use super::{Call, POOL, aliyun, fixed_line, number700, pick_up, report, seeded, work_number};
use crate::emulator::Gateways;

/// Gateways with numbers for all families.
pub(super) fn gateways() -> Gateways {
    seeded(fixed_line::with_landlines)
}

/// A successful call, whose response has all optional members.
pub(super) fn good_call(action: &str, gateways: &Gateways) -> Call {
    let call = aliyun(action).with("PoolKey", POOL);
    let bound = |call: Call| call.ok(gateways)["SecretBindDTO"].clone();
    let of = |bound: &Value, name: &str| bound[name].as_str().unwrap().to_owned();
    let of_binding = |call: Call, number_x: &str, made: Call| {
        let made = bound(made);
        call.with("SubsId", of(&made, "SubsId")).with(number_x, of(&made, "SecretNo"))
    };
    let axb = || bind("15000000000", "15000000001");
    let axn = || bind_axn("15000000000");
    let axg = || {
        let group = group(gateways, "15000000002");
        axn().with("Action", "BindAxg").with("GroupId", group).with("PhoneNoB", "15000000001")
    };
    let recorded = |call: Call| call.with("CallId", "call-1").with("CallTime", "2026-01-06 09:00:00");
    let number = |call: Call| call.with("SecretNo", "17000000001");
    match action {
        "BindAxb" => axb(),
        "BindAxn" => axn(),
        "BindAxnExtension" => bind_axn_extension("15000000000"),
        "BindAxg" => axg(),
        "BindBatchAxg" => {
            let row = json!({"PhoneNoA": "15000000000", "GroupId": group(gateways, "15000000002"),
                "Expiration": "2026-02-01 00:00:00"});
            call.with("AxgBindList", json!([row]))
        }
        "CreateAxgGroup" => call,
        "OperateAxgGroup" => {
            let call = call.with("GroupId", group(gateways, "15000000002"));
            call.with("OperateType", "addNumbers").with("Numbers", "15000000003")
        }
        "DeleteAxgGroup" => call.with("GroupId", group(gateways, "15000000002")),
        "UpdateSubscription" => {
            of_binding(call, "PhoneNoX", axb()).with("OperateType", "updateNoA").with("PhoneNoA", "15000000003")
        }
        "UnbindSubscription" => of_binding(call, "SecretNo", axb()),
        "QuerySubscriptionDetail" => {
            let made = axg().with("ASRModelId", "123456").with("CallRestrict", "CONTROL_BX_DISABLE");
            of_binding(call, "PhoneNoX", made)
        }
        "QuerySubsId" => call.with("PhoneNoX", "17000000001"),
        "QueryCallStatus" => of_binding(call, "PhoneNoX", axb()).without("PhoneNoX"),
        "ConfirmSendSms" => number(call).with("CallId", "sms-1"),
        "QueryRecordFileDownloadUrl" | "GetSecretAsrDetail" => recorded(call),
        "GetTotalPublicUrl" => recorded(call).without("PoolKey").with("PartnerKey", POOL).with("CheckSubs", "false"),
        "QuerySecretNoRemain" => call.without("PoolKey").with("City", "全国列表").with("SpecId", "1"),
        "BuySecretNo" => call.with("City", "武汉").with("SpecId", "1"),
        "ReleaseSecretNo" | "LockSecretNo" | "UnlockSecretNo" | "QuerySecretNoDetail" => number(call),
        "OperateBlackNo" => call.with("BlackNo", "15000000000").with("OperateType", "AddBlack"),
        "AddSecretBlacklist" | "DeleteSecretBlacklist" => {
            call.with("BlackNo", "15000000000").with("BlackType", "PARTNER_GLOBAL_NUMBER_BLACK")
        }
        "AddAxnTrackNo" => of_binding(call, "PhoneNoX", axn()).with("trackNo", "abcde"),
        "QueryPhoneNoAByTrackNo" => {
            good_call("AddAxnTrackNo", gateways).ok(gateways);
            call.without("PoolKey").with("trackNo", "abcde")
        }
        "CreatePickUpWaybill" => pick_up::create(),
        "CancelPickUpWaybill" => {
            pick_up::create().send(gateways);
            pick_up::cancel()
        }
        "CreatePickUpWaybillPreQuery" => pick_up::pre_query().with("PreWeight", "2000"),
        "DescribePhoneNumberStatus" => super::number_status::describe("15112345678"),
        "QueryTokenForMnsQueue" => {
            let call = call.without("PoolKey").with("MessageType", "SecretReport");
            call.with("QueueName", "Alicom-Queue-1000000000000001-SecretReport")
        }
        _ if action.ends_with("700") => number700::good_call(action, gateways),
        _ if action.ends_with("FixedLine") => fixed_line::good_call(action, gateways),
        _ if action.contains("Report") || action.contains("ToCust") || action.contains("OSS") => {
            report::good_call(action, gateways)
        }
        _ => work_number::good_call(action, gateways),
    }
}
