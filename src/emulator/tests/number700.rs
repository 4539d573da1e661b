//! Bindings of 700 numbers: what they need, what they exclude, how they change and end.

use std::time::Duration;

use serde_json::{Value, json};

use super::axg::group;
use super::{Call, POOL, Reply, aliyun, bad_request, business_error, gateways, seeded};
use crate::emulator::{BindingKind, CallRefusal, Gateways, NumberPool, PlacedCall};

const X: &str = "700000000000001";
const OTHER_X: &str = "700000000000002";

fn bind(action: &str, order: &str) -> Call {
    let call = aliyun(action).with("PoolKey", POOL).with("TelB", "15000000001").with("OrderId", order);
    call.with("Expiration", "2026-02-01 00:00:00")
}

fn axb(order: &str) -> Call {
    bind("BindAxb700", order).with("TelA", "15000000000")
}

fn gxb(gateways: &Gateways, order: &str) -> Call {
    bind("BindGxb700", order).with("GroupId", group(gateways, "15000000009"))
}

/// The answer of a success, whose code is the one of the documents' sample.
fn good(call: &Call, gateways: &Gateways) -> Value {
    let Reply { status, json, text, .. } = call.send(gateways);
    assert_eq!((status, &json["Success"]), (200, &json!(true)), "{text}");
    json
}

fn bound(call: &Call, gateways: &Gateways) -> Value {
    good(call, gateways)["Data"].clone()
}

/// A call about a binding that was made with this order.
fn about(action: &str, bound: &Value, order: &str) -> Call {
    let call = aliyun(action).with("PoolKey", POOL).with("OrderId", order);
    call.with("SubsId", &bound["SubsId"]).with("TelX", bound["SecretNo"].as_str().unwrap())
}

fn update(bound: &Value, operate_type: &str, name: &str, value: &str) -> Call {
    about("UpdateSubs700", bound, "o-1").with("OperateType", operate_type).with(name, value)
}

fn state(gateways: &Gateways, bound: &Value) -> Value {
    gateways.phone_number_protection()["bindings"][bound["SubsId"].to_string()].clone()
}

/// A call that succeeds, whose answer has all members.
pub(super) fn good_call(action: &str, gateways: &Gateways) -> Call {
    let bound = || bound(&axb("o-1"), gateways);
    match action {
        "BindAxb700" => axb("o-1"),
        "BindGxb700" => gxb(gateways, "o-1"),
        "UpdateSubs700" => update(&bound(), "updateNoB", "TelB", "15000000002"),
        "UnbindSubs700" => about(action, &bound(), "o-1"),
        other => panic!("no call of {other}"),
    }
}

#[test]
fn an_id_is_a_number_that_a_double_cannot_hold() {
    let gateways = gateways();
    let bound = bound(&axb("o-1"), &gateways);
    assert!(bound["SubsId"].as_u64().unwrap() > 1 << 53);
    let refused = about("UnbindSubs700", &bound, "o-1").with("SubsId", "no-number");
    assert_eq!(refused.code(&gateways), bad_request("InvalidSubsId"));
}

#[test]
fn a_refusal_has_no_binding_and_says_that_it_is_no_success() {
    let reply = axb("o-1").with("TelX", "700999999999999").send(&gateways());
    assert_eq!((reply.status, &reply.json["Code"]), (200, &json!("isv.NO_NOT_EXIST")));
    assert_eq!((&reply.json["Success"], reply.json.get("Data")), (&json!(false), None));
}

#[test]
fn an_order_is_bound_once_until_its_binding_ends() {
    let gateways = gateways();
    let first = bound(&axb("o-1").with("TelX", X), &gateways);
    let other = || axb("o-1").with("TelA", "15100000000").with("TelB", "15100000001");
    assert_eq!(other().code(&gateways), business_error("isv.BIND_CONFLICT"));
    // The same text as the other identifier is another order.
    let industrial = other().without("OrderId").with("IndustrialId", "o-1");
    bound(&industrial, &gateways);
    let third = || axb("o-2").with("TelA", "15200000000").with("TelB", "15200000001");
    assert_eq!(
        third().without("OrderId").with("IndustrialId", "o-1").code(&gateways),
        business_error("isv.BIND_CONFLICT")
    );

    good(&about("UnbindSubs700", &first, "o-1"), &gateways);
    bound(&third().with("OrderId", "o-1"), &gateways);
    gateways.clock().advance(Duration::from_secs(30 * 86_400));
    bound(&axb("o-1").with("Expiration", "2026-03-01 00:00:00").with("Timestamp", "2026-02-05T02:00:00Z"), &gateways);
}

#[test]
fn a_bind_needs_exactly_one_identifier_without_invisible_characters() {
    let gateways = gateways();
    let refused = business_error("isv.ILLEGAL_ARGUMENT");
    assert_eq!(axb("o-1").without("OrderId").code(&gateways), refused);
    assert_eq!(axb("o-1").with("IndustrialId", "700.100.1/1").code(&gateways), refused);
    assert_eq!(axb("o 1").code(&gateways), refused);
    assert_eq!(gxb(&gateways, "o\n1").code(&gateways), refused);
}

#[test]
fn pairs_without_a_common_party_share_an_x_number_up_to_two_hundred() {
    let gateways = gateways();
    let pair = |index: u64| {
        let call = axb(&format!("o-{index}")).with("TelA", 15_100_000_000 + index);
        call.with("TelB", 15_200_000_000 + index).with("TelX", X)
    };
    for index in 0..200 {
        good(&pair(index), &gateways);
    }
    assert_eq!(pair(200).code(&gateways), business_error("isv.BIND_CONFLICT"));
    // Without an X number another one is found.
    assert_eq!(bound(&pair(200).without("TelX").again(), &gateways)["SecretNo"], OTHER_X);
    let again = pair(201).with("TelB", 15_100_000_200_u64);
    assert_eq!(
        again.clone().with("TelX", OTHER_X).code(&gateways),
        business_error("isv.BIND_CONFLICT"),
        "A is B there"
    );
    assert_eq!(again.again().without("TelX").code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
}

#[test]
fn a_gxb_binding_has_its_x_number_alone_and_holds_its_group() {
    let gateways = gateways();
    let call = gxb(&gateways, "o-1").with("DefaultA", "15000000004").with("TelX", X);
    let bound = bound(&call, &gateways);
    assert_eq!(
        axb("o-2").with("TelA", "15000000005").with("TelX", X).code(&gateways),
        business_error("isv.BIND_CONFLICT")
    );
    let state = state(&gateways, &bound);
    assert_eq!((&state["kind"], &state["number_x"]), (&json!("GXB_700"), &json!(X)));
    assert_eq!((&state["number_a"], &state["default_a"]), (&Value::Null, &json!("15000000004")));
    let group_id = state["group_id"].as_str().unwrap();
    let delete = aliyun("DeleteAxgGroup").with("PoolKey", POOL).with("GroupId", group_id);
    assert_eq!(delete.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    good(&about("UnbindSubs700", &bound, "o-1"), &gateways);
    delete.again().ok(&gateways);

    assert_eq!(bind("BindGxb700", "o-3").with("GroupId", "7").code(&gateways), business_error("isv.ILLEGAL_ARGUMENT"));
    let empty = aliyun("CreateAxgGroup").with("PoolKey", POOL).ok(&gateways)["GroupId"].clone();
    let empty = bind("BindGxb700", "o-3").with("GroupId", empty.as_str().unwrap());
    assert_eq!(empty.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    good(&bind("BindGxb700", "o-3"), &gateways);
}

#[test]
fn a_pool_of_one_kind_takes_that_kind_only_and_a_gxb_pool_has_groups() {
    let pool = |kind| NumberPool::new("FC7").numbers([("全国通用", "700100000000001")]).only(kind);
    let code = |kind, call: Call| call.with("PoolKey", "FC7").code(&seeded(|builder| builder.number_pool(pool(kind))));
    let refused = business_error("isv.FORBIDDEN_ACTION");
    assert_eq!(code(BindingKind::Axb700, axb("o-1")), business_error("200"));
    assert_eq!(code(BindingKind::Axb700, bind("BindGxb700", "o-1")), refused);
    assert_eq!(code(BindingKind::Gxb700, axb("o-1")), refused);
    assert_eq!(code(BindingKind::Gxb700, bind("BindGxb700", "o-1")), business_error("OK"));
    assert_eq!(code(BindingKind::Axb, axb("o-1")), refused);
    let create = || aliyun("CreateAxgGroup");
    assert_eq!(code(BindingKind::Gxb700, create()), business_error("OK"));
    assert_eq!(code(BindingKind::Axb700, create()), refused);
}

#[test]
fn older_bindings_and_700_numbers_do_not_mix() {
    let gateways = gateways();
    assert_eq!(axb("o-1").with("TelX", "17000000001").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let older = || super::binding::bind("15000000000", "15000000001");
    assert_eq!(older().with("PhoneNoX", X).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let axn = |index: u64| super::axn::bind_axn(&(15_300_000_000 + index).to_string());
    for index in 0..6 {
        let number_x = axn(index).ok(&gateways)["SecretBindDTO"]["SecretNo"].clone();
        assert!(number_x.as_str().unwrap().starts_with("170"), "{number_x}");
    }
    assert_eq!(axn(6).code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));

    // No older operation finds the binding of a 700 number.
    let bound = bound(&axb("o-1").with("TelX", X), &gateways);
    let ids = aliyun("QuerySubsId").with("PoolKey", POOL).with("PhoneNoX", X).ok(&gateways);
    assert_eq!(ids["SubsId"], "");
    for (action, number_x) in [("QuerySubscriptionDetail", "PhoneNoX"), ("UnbindSubscription", "SecretNo")] {
        let call = aliyun(action).with("PoolKey", POOL).with("SubsId", &bound["SubsId"]).with(number_x, X);
        assert_eq!(call.code(&gateways), business_error("isv.SUBS_NOT_EXIST"), "{action}");
    }
}

#[test]
fn a_bound_700_number_is_not_released_and_a_locked_one_gets_no_binding() {
    let gateways = gateways();
    let number = |action: &str| aliyun(action).with("PoolKey", POOL).with("SecretNo", X);
    number("LockSecretNo").ok(&gateways);
    assert_eq!(axb("o-1").with("TelX", X).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(bound(&axb("o-1"), &gateways)["SecretNo"], OTHER_X);
    number("UnlockSecretNo").ok(&gateways);
    let bound = bound(&axb("o-2"), &gateways);
    assert_eq!(bound["SecretNo"], X);
    assert_eq!(number("ReleaseSecretNo").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    good(&about("UnbindSubs700", &bound, "o-2"), &gateways);
    number("ReleaseSecretNo").ok(&gateways);
}

#[test]
fn every_change_is_kept() {
    let gateways = gateways();
    let pair = bound(&axb("o-1").with("TelX", X), &gateways);
    let grouped = bound(&gxb(&gateways, "o-1-g").with("TelX", OTHER_X), &gateways);
    let other_group = group(&gateways, "15000000008");
    for (bound, operate_type, name, value, member, expected) in [
        (&pair, "updateNoA", "TelA", "15000000002", "number_a", json!("15000000002")),
        (&pair, "updateNoB", "TelB", "15000000003", "number_b", json!("15000000003")),
        (&pair, "updateExpire", "Expiration", "2026-03-01 00:00:00", "expires", json!("2026-03-01 00:00:00")),
        (
            &pair,
            "updateCallRestrict",
            "CallRestrict",
            "CONTROL_AX_DISABLE",
            "call_restrict",
            json!("CONTROL_AX_DISABLE"),
        ),
        (&pair, "updateOutId", "OutId", "out-2", "out_id", json!("out-2")),
        (&pair, "updateIsRecordingEnabled", "NeedRecord", "true", "recording", json!(true)),
        (&pair, "updateAsr", "NeedAsr", "true", "asr", json!(true)),
        (&pair, "updateAudio", "Audio", r#"{"ACallX_Apre":"185"}"#, "audio", json!(r#"{"ACallX_Apre":"185"}"#)),
        (&grouped, "updateGroup", "GroupId", &other_group, "group_id", json!(other_group)),
        (&grouped, "updateNoDefaultA", "DefaultA", "15000000004", "default_a", json!("15000000004")),
        (
            &grouped,
            "updateCallRestrict",
            "CallRestrict",
            "CONTROL_GX_DISABLE",
            "call_restrict",
            json!("CONTROL_GX_DISABLE"),
        ),
    ] {
        let order = if bound == &pair { "o-1" } else { "o-1-g" };
        let before = state(&gateways, bound);
        good(&update(bound, operate_type, name, value).with("OrderId", order), &gateways);
        let mut after = before.clone();
        after[member] = expected;
        assert_ne!(before, after, "{operate_type}");
        assert_eq!(state(&gateways, bound), after, "{operate_type}");
    }
}

#[test]
fn a_change_that_does_not_fit_is_refused_and_leaves_the_binding() {
    let gateways = gateways();
    let pair = bound(&axb("o-1").with("TelX", X), &gateways);
    let other = axb("o-2").with("TelA", "15100000000").with("TelB", "15100000001").with("TelX", X);
    good(&other, &gateways);
    let before = state(&gateways, &pair);
    let illegal = "isv.ILLEGAL_ARGUMENT";
    for (operate_type, name, value, code) in [
        ("updateNoA", "TelA", "15100000001", "isv.UPDATE_CONFLICT"),
        ("updateNoB", "TelB", "15000000000", illegal),
        ("updateNoA", "TelA", "150-1", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("updateNoA", "TelB", "15000000005", illegal),
        ("updateExpire", "Expiration", "2026-01-06 10:01:00", "isv.EXPIRE_DATE_ILLEGAL"),
        ("updateGroup", "GroupId", "7", illegal),
        ("updateNoDefaultA", "DefaultA", "15000000004", illegal),
        ("updateCallRestrict", "CallRestrict", "CONTROL_GX_DISABLE", illegal),
        ("updateAudio", "Audio", r#"{"GCallX_Gpre":"185"}"#, illegal),
        ("updateAudio", "Audio", r#"{"ACallX_Apre":185}"#, illegal),
        ("updateAudio", "Audio", "185", illegal),
        ("updateAxgGroup", "GroupId", "7", illegal),
    ] {
        let refused = update(&pair, operate_type, name, value).code(&gateways);
        assert_eq!(refused, business_error(code), "{operate_type} {name}");
        assert_eq!(state(&gateways, &pair), before, "{operate_type} {name}");
    }
}

#[test]
fn a_call_about_a_binding_needs_its_order() {
    let gateways = gateways();
    let with_order = bound(&axb("o-1").with("TelX", X), &gateways);
    let industrial = axb("o-2").without("OrderId").with("IndustrialId", "700.100.1/1").with("TelX", OTHER_X);
    let industrial = bound(&industrial, &gateways);
    for action in ["UpdateSubs700", "UnbindSubs700"] {
        let call = |bound: &Value, order: &str| {
            about(action, bound, order).with("OperateType", "updateOutId").with("OutId", "out-2")
        };
        let refused = business_error("isv.ILLEGAL_ARGUMENT");
        assert_eq!(call(&with_order, "o-1").without("OrderId").code(&gateways), refused, "{action}");
        assert_eq!(call(&with_order, "o-2").code(&gateways), refused, "{action}");
        let other = call(&industrial, "o-2").without("OrderId").with("IndustrialId", "700.100.1/2");
        assert_eq!(other.code(&gateways), refused, "{action}");
        let wrong_x = call(&with_order, "o-1").with("TelX", OTHER_X);
        assert_eq!(wrong_x.code(&gateways), business_error("isv.SUBS_NOT_EXIST"), "{action}");
        good(&call(&with_order, "o-1"), &gateways);
        good(&call(&industrial, "o-2").without("OrderId").with("IndustrialId", "700.100.1/1"), &gateways);
    }
}

#[test]
fn an_expired_or_unbound_binding_is_gone_and_its_x_number_is_free() {
    let gateways = gateways();
    let bound = bound(&axb("o-1").with("TelX", X).with("Expiration", "2026-01-06 11:00:00"), &gateways);
    let number = |gateways: &Gateways| {
        let pools = gateways.phone_number_protection();
        let numbers = pools["pools"][POOL]["numbers"].as_array().unwrap().clone();
        numbers.into_iter().find(|number| number["number"] == X).unwrap()["bound"].clone()
    };
    assert_eq!(number(&gateways), true);
    gateways.clock().advance(Duration::from_secs(3600));
    assert_eq!((number(&gateways), &state(&gateways, &bound)["in_force"]), (json!(false), &json!(false)));
    let later = |call: Call| call.with("Timestamp", "2026-01-06T03:00:00Z");
    let renewal = later(update(&bound, "updateExpire", "Expiration", "2026-03-01 00:00:00"));
    assert_eq!(renewal.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let unbind = later(about("UnbindSubs700", &bound, "o-1"));
    assert_eq!(unbind.code(&gateways), business_error("isv.SUBS_NOT_EXIST"));

    let again = self::bound(&later(axb("o-1").with("TelX", X)), &gateways);
    assert_ne!(again["SubsId"], bound["SubsId"]);
    let unbind = later(about("UnbindSubs700", &again, "o-1"));
    good(&unbind, &gateways);
    assert_eq!(unbind.again().code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
}

#[test]
fn a_call_rings_the_other_party_of_a_700_number_and_nobody_for_strangers() {
    let gateways = gateways();
    let rung = |caller: &str, x: &Value| {
        let call = gateways.place_call(&PlacedCall::new(caller, x["SecretNo"].as_str().unwrap()));
        call.result.map(|rung| rung.number)
    };
    let pair = bound(&axb("o-1").with("TelX", X).with("NeedRecord", "true"), &gateways);
    assert_eq!(rung("15000000000", &pair), Ok("15000000001".to_owned()));
    assert_eq!(rung("15000000001", &pair), Ok("15000000000".to_owned()));
    assert_eq!(rung("15000000005", &pair), Err(CallRefusal::NoBinding));
    let members =
        bound(&gxb(&gateways, "o-2").with("TelX", OTHER_X).with("CallRestrict", "CONTROL_BX_DISABLE"), &gateways);
    assert_eq!(rung("15000000009", &members), Ok("15000000001".to_owned()));
    assert_eq!(rung("15000000001", &members), Err(CallRefusal::Restricted));
    good(&about("UnbindSubs700", &pair, "o-1"), &gateways);
    assert_eq!(rung("15000000000", &pair), Err(CallRefusal::NoBinding));
    gateways.clock().advance(Duration::from_secs(3600));
    let receipts = gateways.receipts();
    let types: Vec<_> = receipts.as_array().unwrap().iter().map(|receipt| &receipt["type"]).collect();
    assert!(types.contains(&&json!("SecretRecording")), "{types:?}");
}
