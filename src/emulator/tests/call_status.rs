use std::time::Duration;

use serde_json::{Value, json};

use super::axn::bind_axn_extension;
use super::binding::bind;
use super::{Call, POOL, aliyun, business_error, gateways, seeded};
use crate::emulator::Gateways;

const X: &str = "17000000001";

fn query(bound: &Value) -> Call {
    aliyun("QueryCallStatus").with("PoolKey", POOL).with("SubsId", bound["SubsId"].as_str().unwrap())
}

fn status(gateways: &Gateways, bound: &Value) -> Value {
    let answer = query(bound).ok(gateways);
    assert_eq!(answer["Message"], "请求成功");
    answer["SecretCallStatusDTO"].clone()
}

fn lock(number: &str, gateways: &Gateways) {
    aliyun("LockSecretNo").with("PoolKey", POOL).with("SecretNo", number).ok(gateways);
}

fn bound(call: Call, gateways: &Gateways) -> Value {
    call.ok(gateways)["SecretBindDTO"].clone()
}

#[test]
fn a_binding_in_force_has_its_x_number_as_called_number() {
    let gateways = gateways();
    let made = bound(bind("15000000000", "15000000001").with("PhoneNoX", X), &gateways);
    assert_eq!(status(&gateways, &made), json!({"Status": 1, "CalledNo": X, "Extension": "130"}));
    let made = bound(bind_axn_extension("15000000002"), &gateways);
    assert_eq!(status(&gateways, &made)["Extension"], "100");
}

#[test]
fn each_query_of_a_locked_binding_binds_a_temporary_x_number() {
    let gateways = gateways();
    let made = bound(bind("15000000000", "15000000001").with("PhoneNoX", X), &gateways);
    lock(X, &gateways);
    let first = status(&gateways, &made);
    assert_eq!(first, json!({"Status": 2, "CalledNo": "17000000002", "Extension": "130"}));
    let second = status(&gateways, &made);
    assert_eq!(second["CalledNo"], "17000000003");
    let ids = aliyun("QuerySubsId").with("PoolKey", POOL).with("PhoneNoX", "17000000003").ok(&gateways);
    assert_ne!(ids["SubsId"], "");
    aliyun("UnlockSecretNo").with("PoolKey", POOL).with("SecretNo", X).ok(&gateways);
    assert_eq!(status(&gateways, &made)["Status"], 1);
}

#[test]
fn without_a_temporary_x_number_the_called_number_is_null() {
    let gateways = seeded(|builder| builder.pool("FC2", [("西安", "17100000000")]));
    let made = bound(bind("15000000000", "15000000001").with("PoolKey", "FC2"), &gateways);
    let lock = aliyun("LockSecretNo").with("PoolKey", "FC2").with("SecretNo", "17100000000");
    lock.ok(&gateways);
    let call = query(&made).with("PoolKey", "FC2");
    let expected = json!({"Status": 3, "CalledNo": null});
    assert_eq!(call.ok(&gateways)["SecretCallStatusDTO"], expected);
    let text = call.again().with("Format", "XML").send(&gateways).text;
    assert!(text.contains("<CalledNo></CalledNo><Status>3</Status>"), "{text}");
}

#[test]
fn an_expired_binding_has_the_status_expired() {
    let gateways = gateways();
    let call = bind("15000000000", "15000000001").with("Expiration", "2026-01-06 10:02:00");
    let made = bound(call, &gateways);
    gateways.clock().advance(Duration::from_secs(120));
    assert_eq!(status(&gateways, &made)["Status"], 4);
}

#[test]
fn the_binding_must_belong_to_the_pool_and_the_caller_must_be_a_number() {
    let gateways = seeded(|builder| builder.pool("FC2", [("西安", "17100000000")]));
    let made = bound(bind("15000000000", "15000000001"), &gateways);
    assert_eq!(query(&made).with("PoolKey", "FC2").code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
    assert_eq!(query(&made).with("SubsId", "1").code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
    assert_eq!(query(&made).with("CallNo", "x").code(&gateways), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
    query(&made).with("CallNo", "15000000001").ok(&gateways);
}
