use std::time::Duration;

use serde_json::{Value, json};

use super::axn::{bind_axn, bind_axn_extension};
use super::binding::bind;
use super::{Call, POOL, aliyun, business_error, gateways};
use crate::emulator::Gateways;

fn bound(call: Call, gateways: &Gateways) -> Value {
    call.ok(gateways)["SecretBindDTO"].clone()
}

fn of_binding(action: &str, number_x: &str, bound: &Value) -> Call {
    let call = aliyun(action).with("PoolKey", POOL).with("SubsId", bound["SubsId"].as_str().unwrap());
    call.with(number_x, bound["SecretNo"].as_str().unwrap())
}

fn add(bound: &Value, track_no: &str) -> Call {
    of_binding("AddAxnTrackNo", "PhoneNoX", bound).with("trackNo", track_no)
}

fn query(track_no: &str) -> Call {
    aliyun("QueryPhoneNoAByTrackNo").with("trackNo", track_no)
}

#[test]
fn a_waybill_number_gives_the_a_numbers_of_its_bindings() {
    let gateways = gateways();
    let first = bound(bind_axn("15000000000"), &gateways);
    let second = bound(bind_axn_extension("15000000001"), &gateways);
    for made in [&first, &first, &second] {
        assert_eq!(add(made, "abcde").ok(&gateways)["Message"], "请求成功");
    }
    add(&second, "fghij").ok(&gateways);
    let expected = json!([
        {"PhoneNoA": "15000000000", "PhoneNoX": "17000000001", "Extension": "130"},
        {"PhoneNoA": "15000000001", "PhoneNoX": "17000000002", "Extension": "100"},
    ]);
    assert_eq!(query("abcde").ok(&gateways)["Module"], expected);
    let of_x = query("abcde").with("PhoneNoX", "17000000002").with("CabinetNo", "25689").ok(&gateways);
    assert_eq!(of_x["Module"], json!([expected[1]]));
    let text = query("abcde").with("Format", "XML").send(&gateways).text;
    assert_eq!(text.matches("<Module><Extension>").count(), 2, "{text}");
    let state = gateways.phone_number_protection();
    assert_eq!(state["bindings"][second["SubsId"].as_str().unwrap()]["track_nos"], json!(["abcde", "fghij"]));
}

#[test]
fn an_unknown_waybill_number_gives_an_empty_list() {
    assert_eq!(query("abcde").ok(&gateways())["Module"], json!([]));
    let text = query("abcde").with("Format", "XML").send(&gateways()).text;
    assert!(!text.contains("<Module>"), "{text}");
}

#[test]
fn a_binding_that_ends_loses_its_waybill_numbers() {
    let gateways = gateways();
    let first = bound(bind_axn("15000000000"), &gateways);
    let second = bound(bind_axn("15000000001").with("Expiration", "2026-01-06 10:02:00"), &gateways);
    for made in [&first, &second] {
        add(made, "abcde").ok(&gateways);
    }
    of_binding("UnbindSubscription", "SecretNo", &first).ok(&gateways);
    assert_eq!(query("abcde").ok(&gateways)["Module"].as_array().unwrap().len(), 1);
    gateways.clock().advance(Duration::from_secs(120));
    assert_eq!(query("abcde").ok(&gateways)["Module"], json!([]));
    assert_eq!(add(&second, "fghij").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn only_axn_bindings_can_have_waybill_numbers() {
    let gateways = gateways();
    let axb = bound(bind("15000000000", "15000000001"), &gateways);
    assert_eq!(add(&axb, "abcde").code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    assert_eq!(add(&axb, "abcde").with("SubsId", "1").code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
    let other_x = add(&axb, "abcde").with("PhoneNoX", "17000000006");
    assert_eq!(other_x.code(&gateways), business_error("isv.SUBS_NOT_EXIST"));
}
