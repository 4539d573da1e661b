use std::time::Duration;

use serde_json::{Value, json};

use super::axn::bind_axn;
use super::binding::bind;
use super::{Call, POOL, aliyun, bad_request, business_error, gateways, seeded};
use crate::emulator::Gateways;

/// Creates a group. Returns its id.
pub(super) fn group(gateways: &Gateways, numbers: &str) -> String {
    let call = aliyun("CreateAxgGroup").with("PoolKey", POOL).with("Numbers", numbers);
    call.ok(gateways)["GroupId"].as_str().unwrap().to_owned()
}

fn operate(group_id: &str, operate_type: &str, numbers: &str) -> Call {
    let call = aliyun("OperateAxgGroup").with("PoolKey", POOL).with("GroupId", group_id);
    call.with("OperateType", operate_type).with("Numbers", numbers)
}

fn delete(group_id: &str) -> Call {
    aliyun("DeleteAxgGroup").with("PoolKey", POOL).with("GroupId", group_id)
}

fn bind_axg(number_a: &str, group_id: &str) -> Call {
    bind_axn(number_a).with("Action", "BindAxg").with("GroupId", group_id)
}

/// Phone numbers, separated by commas.
fn numbers(range: std::ops::Range<u64>) -> String {
    range.map(|number| (15_000_000_000 + number).to_string()).collect::<Vec<_>>().join(",")
}

fn members(gateways: &Gateways, group_id: &str) -> Value {
    gateways.phone_number_protection()["pools"][POOL]["groups"][group_id].clone()
}

fn size(gateways: &Gateways, group_id: &str) -> usize {
    members(gateways, group_id).as_array().unwrap().len()
}

#[test]
fn numbers_are_added_deleted_and_overwritten() {
    let gateways = gateways();
    let id = group(&gateways, "15000000000,15000000001,15000000000");
    operate(&id, "addNumbers", "15000000001,15000000002").ok(&gateways);
    assert_eq!(members(&gateways, &id), json!(["15000000000", "15000000001", "15000000002"]));
    operate(&id, "deleteNumbers", "15000000001,15000000009").ok(&gateways);
    assert_eq!(members(&gateways, &id), json!(["15000000000", "15000000002"]));
    operate(&id, "overwriteNumbers", "15000000003").ok(&gateways);
    assert_eq!(members(&gateways, &id), json!(["15000000003"]));
    let code = |operate_type: &str, numbers: &str| operate(&id, operate_type, numbers).code(&gateways);
    assert_eq!(code("clearNumbers", "15000000000"), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(code("addNumbers", "15000000004,,"), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
    assert_eq!(members(&gateways, &id), json!(["15000000003"]));
}

#[test]
fn a_call_takes_two_hundred_numbers() {
    let gateways = gateways();
    let create = |numbers: String| aliyun("CreateAxgGroup").with("PoolKey", POOL).with("Numbers", numbers);
    assert_eq!(create(numbers(0..201)).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let id = group(&gateways, &numbers(0..200));
    let code = operate(&id, "addNumbers", &numbers(200..401)).code(&gateways);
    assert_eq!(code, business_error("isv.ILLEGAL_ARGUMENT"));
    operate(&id, "addNumbers", &numbers(200..400)).ok(&gateways);
    assert_eq!(size(&gateways, &id), 400);
}

#[test]
fn a_group_of_more_than_two_hundred_numbers_cannot_be_overwritten() {
    let gateways = gateways();
    let id = group(&gateways, &numbers(0..200));
    operate(&id, "overwriteNumbers", &numbers(1..201)).ok(&gateways);
    operate(&id, "addNumbers", "15000000000").ok(&gateways);
    let code = operate(&id, "overwriteNumbers", "15000000000").code(&gateways);
    assert_eq!(code, business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(size(&gateways, &id), 201);
}

#[test]
fn a_pool_takes_two_thousand_groups() {
    let gateways = seeded(|builder| builder.pool("FC2", [("西安", "17100000000")]));
    let create = || aliyun("CreateAxgGroup").with("PoolKey", POOL);
    for _ in 0..2000 {
        create().ok(&gateways);
    }
    assert_eq!(create().code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let id = create().with("PoolKey", "FC2").ok(&gateways)["GroupId"].as_str().unwrap().to_owned();
    assert_eq!(id, "2000000002001");
    assert_eq!(delete(&id).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"), "of another pool");
    delete("2000000000001").ok(&gateways);
    create().ok(&gateways);
}

#[test]
fn names_and_remarks_have_a_length() {
    let gateways = gateways();
    let create = || aliyun("CreateAxgGroup").with("PoolKey", POOL);
    create().with("Name", "测".repeat(128)).with("Remark", "试".repeat(256)).ok(&gateways);
    assert_eq!(create().with("Name", "测".repeat(129)).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(create().with("Remark", "试".repeat(257)).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn a_group_id_is_a_number() {
    let gateways = gateways();
    assert_eq!(delete("x").code(&gateways), bad_request("InvalidGroupId"));
    assert_eq!(delete("1234").code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let code = operate("1234", "addNumbers", "15000000000").code(&gateways);
    assert_eq!(code, business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn a_binding_needs_a_group_of_its_pool_that_holds_a_number() {
    let gateways = seeded(|builder| builder.pool("FC2", [("西安", "17100000000")]));
    let id = aliyun("CreateAxgGroup").with("PoolKey", POOL).ok(&gateways)["GroupId"].as_str().unwrap().to_owned();
    let call = || bind_axg("15000000000", &id);
    assert_eq!(call().code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    operate(&id, "addNumbers", "15000000005").ok(&gateways);
    assert_eq!(call().with("PoolKey", "FC2").code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(call().with("GroupId", "1234").code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    call().ok(&gateways);
}

#[test]
fn a_bound_group_cannot_be_deleted_until_its_bindings_end() {
    let gateways = gateways();
    let id = group(&gateways, "15000000005");
    bind_axg("15000000000", &id).with("Expiration", "2026-01-06 10:02:00").ok(&gateways);
    assert_eq!(delete(&id).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    gateways.clock().advance(Duration::from_secs(120));
    delete(&id).ok(&gateways);
    assert_eq!(delete(&id).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(members(&gateways, &id), Value::Null);
}

#[test]
fn the_group_of_a_binding_can_be_changed() {
    let gateways = gateways();
    let (first, second) = (group(&gateways, "15000000005"), group(&gateways, "15000000006"));
    let bound = bind_axg("15000000000", &first).ok(&gateways)["SecretBindDTO"].clone();
    let of_binding = |action: &str, bound: &Value| {
        let call = aliyun(action).with("PoolKey", POOL).with("SubsId", bound["SubsId"].as_str().unwrap());
        call.with("PhoneNoX", bound["SecretNo"].as_str().unwrap())
    };
    let update = |bound: &Value, group_id: &str| {
        of_binding("UpdateSubscription", bound).with("OperateType", "updateAxgGroup").with("GroupId", group_id)
    };
    update(&bound, &second).ok(&gateways);
    let detail = of_binding("QuerySubscriptionDetail", &bound).ok(&gateways)["SecretBindDetailDTO"].clone();
    assert_eq!(detail["GroupId"].to_string(), second, "a JSON number");
    delete(&first).ok(&gateways);
    assert_eq!(update(&bound, &first).code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let axb = bind("15000000001", "15000000002").ok(&gateways)["SecretBindDTO"].clone();
    assert_eq!(update(&axb, &second).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn each_row_of_a_batch_is_decided_alone() {
    let gateways = gateways();
    let id = group(&gateways, "15000000005");
    let row = |number_a: &str| json!({"PhoneNoA": number_a, "GroupId": id, "Expiration": "2026-02-01 00:00:00"});
    let with = |number_a: &str, name: &str, value: Value| {
        let mut row = row(number_a);
        row[name] = value;
        row
    };
    let rows = json!([
        with("15000000000", "PhoneNoX", json!("17000000001")),
        with("15000000001", "PhoneNoX", json!("17000000001")),
        with("15000000002", "IsRecordingEnabled", json!(true)),
        with("15000000003", "RingConfig", json!("[]")),
        with("15000000004", "GroupId", json!(null)),
        with("15000000005", "CallDisplayType", json!(1)),
        row("x"),
    ]);
    let call = aliyun("BindBatchAxg").with("PoolKey", POOL).with("AxgBindList", &rows);
    let answer = call.ok(&gateways);
    let bound = answer["SecretBindList"]["SecretBind"].as_array().unwrap();
    let codes: Vec<_> = bound.iter().map(|row| row["Code"].as_str().unwrap()).collect();
    let expected = [
        "OK",
        "isv.BIND_CONFLICT",
        "OK",
        "isv.ILLEGAL_ARGUMENT",
        "isv.INVALID_PARAMETERS",
        "OK",
        "isv.MOBILE_NUMBER_ILLEGAL",
    ];
    assert_eq!(codes, expected);
    assert_eq!(bound[0]["SecretNo"], "17000000001");
    assert_eq!((&bound[1]["PhoneNoA"], bound[1].get("SubsId")), (&json!("15000000001"), None));
    let state = gateways.phone_number_protection();
    assert_eq!(state["bindings"].as_object().unwrap().len(), 3);
    let text = call.again().with("Format", "XML").send(&gateways).text;
    assert_eq!(text.matches("<SecretBind>").count(), 7, "{text}");
}

#[test]
fn a_batch_is_an_array_of_objects() {
    let call = aliyun("BindBatchAxg").with("PoolKey", POOL);
    for text in ["{}", "[1]", "x", "null"] {
        assert_eq!(call.clone().with("AxgBindList", text).code(&gateways()), bad_request("InvalidAxgBindList"));
    }
    assert_eq!(call.with("AxgBindList", "[]").code(&gateways()), business_error("isv.ILLEGAL_ARGUMENT"));
}
