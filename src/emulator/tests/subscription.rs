use std::time::Duration;

use serde_json::{Value, json};

use super::binding::bind;
use super::{Call, POOL, aliyun, business_error, gateways, json_fixture};
use crate::emulator::Gateways;

const X: &str = "17000000001";

/// A gateway with one binding, and its id.
fn one_binding() -> (Gateways, String) {
    let gateways = gateways();
    let call = bind("15000000000", "15000000001").with("PhoneNoX", X);
    let id = call.ok(&gateways)["SecretBindDTO"]["SubsId"].as_str().unwrap().to_owned();
    (gateways, id)
}

fn query(id: &str) -> Call {
    aliyun("QuerySubscriptionDetail").with("PoolKey", POOL).with("SubsId", id).with("PhoneNoX", X)
}

fn unbind(id: &str) -> Call {
    aliyun("UnbindSubscription").with("PoolKey", POOL).with("SubsId", id).with("SecretNo", X)
}

fn update(id: &str, operate_type: &str) -> Call {
    aliyun("UpdateSubscription")
        .with("PoolKey", POOL)
        .with("SubsId", id)
        .with("PhoneNoX", X)
        .with("OperateType", operate_type)
}

fn detail(gateways: &Gateways, id: &str) -> Value {
    query(id).ok(gateways)["SecretBindDetailDTO"].clone()
}

#[test]
fn a_binding_can_be_read() {
    let (gateways, id) = one_binding();
    let expected = json!({
        "SubsId": id,
        "Status": 1,
        "PhoneNoA": 15_000_000_000_u64,
        "PhoneNoB": 15_000_000_001_u64,
        "PhoneNoX": 17_000_000_001_u64,
        "Extension": 130,
        "NeedRecord": false,
        "ASRStatus": false,
        "GmtCreate": "2026-01-06 10:00:00",
        "ExpireDate": "2026-02-01 00:00:00",
    });
    assert_eq!(detail(&gateways, &id), expected);
}

#[test]
fn the_detail_has_the_json_types_of_the_documents() {
    let gateways = gateways();
    let call = bind("15000000000", "15000000001")
        .with("PhoneNoX", X)
        .with("CallRestrict", "CONTROL_BX_DISABLE")
        .with("IsRecordingEnabled", "true")
        .with("ASRStatus", "true")
        .with("ASRModelId", "123456");
    let id = call.ok(&gateways)["SecretBindDTO"]["SubsId"].as_str().unwrap().to_owned();
    let detail = detail(&gateways, &id);
    assert_eq!(detail["CallRestrict"], "CONTROL_BX_DISABLE ", "the service appends a space");
    let expected = json_fixture("aliyun/QuerySubscriptionDetail.json")["SecretBindDetailDTO"].clone();
    for (name, value) in expected.as_object().unwrap() {
        // Only AXG bindings have a group.
        if name == "GroupId" {
            continue;
        }
        let same_type = std::mem::discriminant(value) == std::mem::discriminant(&detail[name]);
        assert!(same_type, "{name}: {}", detail[name]);
    }
}

#[test]
fn a_landline_keeps_its_leading_zero() {
    let gateways = gateways();
    let call = bind("01012345678", "15000000001").with("PhoneNoX", X);
    let id = call.ok(&gateways)["SecretBindDTO"]["SubsId"].as_str().unwrap().to_owned();
    assert_eq!(detail(&gateways, &id)["PhoneNoA"], "01012345678");
}

#[test]
fn an_expired_binding_shows_it_and_cannot_be_changed_or_unbound() {
    let (gateways, id) = one_binding();
    update(&id, "updateExpire").with("Expiration", "2026-01-06 10:05:00").ok(&gateways);
    gateways.clock().advance(Duration::from_secs(299));
    assert_eq!(detail(&gateways, &id)["Status"], 1);
    gateways.clock().advance(Duration::from_secs(1));
    assert_eq!(detail(&gateways, &id)["Status"], 0);
    assert_eq!(update(&id, "updateOutId").with("OutId", "x").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(unbind(&id).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
}

#[test]
fn an_unbound_binding_is_removed_and_its_parties_are_free() {
    let (gateways, id) = one_binding();
    assert_eq!(unbind(&id).ok(&gateways)["ChargeId"], true);
    assert_eq!(unbind(&id).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
    assert_eq!(query(&id).code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
    bind("15000000000", "15000000001").with("PhoneNoX", X).ok(&gateways);
}

#[test]
fn a_binding_is_found_by_its_pool_or_product_type_and_its_x_number() {
    let (gateways, id) = one_binding();
    query(&id).without("PoolKey").with("ProductType", "AXB_170").ok(&gateways);
    let missing = |code: &str| assert_eq!(code, "isv.SUBS_NOT_EXIST");
    missing(&query(&id).without("PoolKey").with("ProductType", "AXN_170").code(&gateways).1);
    missing(&query(&id).with("PhoneNoX", "17000000002").code(&gateways).1);
    missing(&query("1").code(&gateways).1);
    assert_eq!(query(&id).without("PoolKey").code(&gateways), (400, "MissingPoolKey".into()));
    assert_eq!(query(&id).with("PoolKey", "FC1").code(&gateways), business_error("isv.POOLKEY_NOT_EXISTS"));
    let wrong = query(&id).with("ProductType", "AXQ");
    assert_eq!(wrong.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn missing_parameters_are_named() {
    let (gateways, id) = one_binding();
    assert_eq!(query(&id).without("SubsId").code(&gateways), (400, "MissingSubsId".into()));
    assert_eq!(query(&id).without("PhoneNoX").code(&gateways), (400, "MissingPhoneNoX".into()));
    assert_eq!(unbind(&id).without("SecretNo").code(&gateways), (400, "MissingSecretNo".into()));
    assert_eq!(update(&id, "").code(&gateways), (400, "MissingOperateType".into()));
}

#[test]
fn either_party_can_be_replaced() {
    let (gateways, id) = one_binding();
    update(&id, "updateNoA").with("PhoneNoA", "15000000002").ok(&gateways);
    update(&id, "updateNoB").with("PhoneNoB", "15000000003").ok(&gateways);
    update(&id, "updateNoB").with("PhoneNoB", "15000000003").ok(&gateways);
    let detail = detail(&gateways, &id);
    assert_eq!(detail["PhoneNoA"], 15_000_000_002_u64);
    assert_eq!(detail["PhoneNoB"], 15_000_000_003_u64);
    // The former parties are free, and the new parties are not.
    bind("15000000000", "15000000001").with("PhoneNoX", X).ok(&gateways);
    let taken = bind("15000000002", "15000000009").with("PhoneNoX", X);
    assert_eq!(taken.code(&gateways), business_error("isv.BIND_CONFLICT"));
}

#[test]
fn a_party_of_another_binding_of_the_x_number_is_refused() {
    let (gateways, id) = one_binding();
    bind("15000000005", "15000000006").with("PhoneNoX", X).ok(&gateways);
    let call = update(&id, "updateNoA").with("PhoneNoA", "15000000006");
    assert_eq!(call.code(&gateways), business_error("isv.UPDATE_CONFLICT"));
    let same = update(&id, "updateNoA").with("PhoneNoA", "15000000001");
    assert_eq!(same.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let bad = update(&id, "updateNoA").with("PhoneNoA", "x");
    assert_eq!(bad.code(&gateways), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
}

#[test]
fn a_call_restriction_can_be_set_and_cleared() {
    let (gateways, id) = one_binding();
    let restrict = |value: &str| update(&id, "updateCallRestrict").with("CallRestrict", value).code(&gateways);
    assert_eq!(restrict("CONTROL_AX_DISABLE"), business_error("OK"));
    assert_eq!(detail(&gateways, &id)["CallRestrict"], "CONTROL_AX_DISABLE ");
    assert_eq!(restrict("CONTROL_CLEAR_DISABLE"), business_error("OK"));
    assert_eq!(detail(&gateways, &id).get("CallRestrict"), None);
    assert_eq!(restrict("NO"), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn an_expiration_can_be_changed() {
    let (gateways, id) = one_binding();
    let expire = |text: &str| update(&id, "updateExpire").with("Expiration", text).code(&gateways);
    assert_eq!(expire("2026-03-01 00:00:00"), business_error("OK"));
    assert_eq!(detail(&gateways, &id)["ExpireDate"], "2026-03-01 00:00:00");
    assert_eq!(expire("2026-01-06 10:00:59"), business_error("isv.EXPIRE_DATE_ILLEGAL"));
}

#[test]
fn recording_and_asr_can_be_turned_on_and_off() {
    let (gateways, id) = one_binding();
    update(&id, "updateIsRecordingEnabled").with("IsRecordingEnabled", "true").ok(&gateways);
    update(&id, "updateAsr").with("ASRStatus", "true").with("ASRModelId", "abc").ok(&gateways);
    let after = detail(&gateways, &id);
    assert_eq!(
        (&after["NeedRecord"], &after["ASRStatus"], &after["ASRModelId"]),
        (&json!(true), &json!(true), &json!("abc"))
    );
    update(&id, "updateIsRecordingEnabled").with("IsRecordingEnabled", "false").ok(&gateways);
    update(&id, "updateAsr").with("ASRStatus", "false").ok(&gateways);
    let after = detail(&gateways, &id);
    assert_eq!(
        (&after["NeedRecord"], &after["ASRStatus"], &after["ASRModelId"]),
        (&json!(false), &json!(false), &json!("abc"))
    );
}

#[test]
fn the_call_display_and_the_out_id_can_be_set() {
    let (gateways, id) = one_binding();
    update(&id, "updateCallDisplayType").with("CallDisplayType", "1").ok(&gateways);
    let other = update(&id, "updateCallDisplayType").with("CallDisplayType", "2");
    assert_eq!(other.code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    update(&id, "updateOutId").with("OutId", "abcdef").ok(&gateways);
}

#[test]
fn a_group_needs_a_pool_of_groups() {
    let (gateways, id) = one_binding();
    let call = update(&id, "updateAxgGroup").with("GroupId", "1234");
    assert_eq!(call.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn every_kind_of_update_needs_its_parameter() {
    let (gateways, id) = one_binding();
    for operate_type in [
        "updateNoA",
        "updateNoB",
        "updateExpire",
        "updateAxgGroup",
        "updateCallRestrict",
        "updateCallDisplayType",
        "updateOutId",
        "updateIsRecordingEnabled",
        "updateAsr",
        "updateEverything",
    ] {
        let code = update(&id, operate_type).code(&gateways);
        assert_eq!(code, business_error("isv.ILLEGAL_ARGUMENT"), "{operate_type}");
    }
}
