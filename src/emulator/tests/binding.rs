use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use super::{Call, POOL, aliyun, business_error, gateways, json_fixture, seeded};
use crate::emulator::Gateways;

pub(super) fn bind(number_a: &str, number_b: &str) -> Call {
    aliyun("BindAxb")
        .with("PoolKey", POOL)
        .with("PhoneNoA", number_a)
        .with("PhoneNoB", number_b)
        .with("Expiration", "2026-02-01 00:00:00")
}

fn valid_bind() -> Call {
    bind("15000000000", "15000000001")
}

fn bound(call: &Call, gateways: &Gateways) -> Value {
    call.ok(gateways)["SecretBindDTO"].clone()
}

fn number_x(call: &Call, gateways: &Gateways) -> String {
    bound(call, gateways)["SecretNo"].as_str().unwrap().to_owned()
}

#[test]
fn a_binding_has_the_documented_members() {
    let answer = valid_bind().ok(&gateways());
    let expected = json_fixture("aliyun/BindAxb.json");
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&answer), names(&expected));
    let (bound, expected) = (&answer["SecretBindDTO"], &expected["SecretBindDTO"]);
    assert_eq!(names(bound), names(expected));
    let id: u64 = bound["SubsId"].as_str().unwrap().parse().unwrap();
    assert!(id > 1 << 53, "a double cannot hold the id exactly");
}

#[test]
fn missing_parameters_are_named() {
    for name in ["PoolKey", "PhoneNoA", "PhoneNoB", "Expiration"] {
        assert_eq!(valid_bind().without(name).code(&gateways()), (400, format!("Missing{name}")));
        assert_eq!(valid_bind().with(name, "").code(&gateways()), (400, format!("Missing{name}")));
    }
}

#[test]
fn a_business_error_has_no_payload() {
    let reply = valid_bind().with("PoolKey", "FC1").send(&gateways());
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json["Code"], "isv.POOLKEY_NOT_EXISTS");
    let names: Vec<_> = reply.json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["Code", "Message", "RequestId"]);
}

#[test]
fn the_x_number_is_of_the_expected_city_if_possible() {
    let gateways = gateways();
    let shanghai = || valid_bind().with("ExpectCity", "上海");
    let picked: HashSet<_> = [number_x(&shanghai(), &gateways), number_x(&shanghai(), &gateways)].into();
    assert_eq!(picked, HashSet::from(["17000000003".to_owned(), "17000000004".to_owned()]));
    assert!(!picked.contains(&number_x(&shanghai(), &gateways)));
    number_x(&valid_bind().with("ExpectCity", "拉萨"), &gateways);
}

#[test]
fn the_same_parties_get_another_x_number_until_none_is_free() {
    let gateways = gateways();
    let picked: HashSet<_> = (0..6).map(|_| number_x(&valid_bind(), &gateways)).collect();
    assert_eq!(picked.len(), 6);
    assert_eq!(valid_bind().code(&gateways), business_error("isv.NO_AVAILABLE_NUMBER"));
    bind("15000000002", "15000000003").ok(&gateways);
}

#[test]
fn a_party_can_be_bound_to_an_x_number_once() {
    let gateways = gateways();
    let to_x = |number_a: &str, number_b: &str| bind(number_a, number_b).with("PhoneNoX", "17000000005");
    assert_eq!(number_x(&to_x("15000000000", "15000000001"), &gateways), "17000000005");
    for (number_a, number_b) in [
        ("15000000000", "15000000001"),
        ("15000000000", "15000000009"),
        ("15000000009", "15000000001"),
        ("15000000001", "15000000009"),
    ] {
        assert_eq!(to_x(number_a, number_b).code(&gateways), business_error("isv.BIND_CONFLICT"));
    }
    to_x("15000000008", "15000000009").ok(&gateways);
}

#[test]
fn an_expired_binding_frees_its_parties() {
    let gateways = gateways();
    let call = |expiration: &str| valid_bind().with("PhoneNoX", "17000000005").with("Expiration", expiration);
    call("2026-01-06 10:02:00").ok(&gateways);
    assert_eq!(call("2026-02-01 00:00:00").code(&gateways), business_error("isv.BIND_CONFLICT"));
    gateways.clock().advance(Duration::from_secs(120));
    call("2026-02-01 00:00:00").ok(&gateways);
}

#[test]
fn an_x_number_must_be_in_the_pool() {
    let gateways = seeded(|builder| builder.pool("FC2", [("北京", "17100000000")]));
    let call = valid_bind().with("PhoneNoX", "17100000000");
    assert_eq!(call.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    let call = valid_bind().with("PhoneNoX", "17999999999");
    assert_eq!(call.code(&gateways), business_error("isv.NO_NOT_EXIST"));
    valid_bind().with("PoolKey", "FC2").ok(&gateways);
}

#[test]
fn an_expiration_must_be_more_than_a_minute_away_in_china_time() {
    for text in ["2026-01-06 10:01:00", "2026-01-06 02:30:00", "2026-1-7 10:00:00", "2027-07-12T02:42:19Z", "never"] {
        let code = valid_bind().with("Expiration", text).code(&gateways());
        assert_eq!(code, business_error("isv.EXPIRE_DATE_ILLEGAL"), "{text}");
    }
    valid_bind().with("Expiration", "2026-01-06 10:01:01").ok(&gateways());
}

#[test]
fn numbers_are_digits_only() {
    for number in ["010-12345678", "+8615000000000", "150****0000", "1500000000a", "150"] {
        assert_eq!(bind(number, "15000000001").code(&gateways()), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
        assert_eq!(bind("15000000001", number).code(&gateways()), business_error("isv.MOBILE_NUMBER_ILLEGAL"));
    }
    bind("01012345678", "15000000001").ok(&gateways());
    assert_eq!(bind("15000000001", "15000000001").code(&gateways()), business_error("isv.ILLEGAL_ARGUMENT"));
}

#[test]
fn optional_parameters_are_checked() {
    let code = |name: &str, value: &str| valid_bind().with(name, value).code(&gateways());
    assert_eq!(code("IsRecordingEnabled", "maybe"), (400, "InvalidIsRecordingEnabled".into()));
    assert_eq!(code("IsRecordingEnabled", "True"), business_error("OK"));
    assert_eq!(code("ASRStatus", "1"), (400, "InvalidASRStatus".into()));
    assert_eq!(code("CallTimeout", "soon"), (400, "InvalidCallTimeout".into()));
    assert_eq!(code("CallRestrict", "NO"), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(code("CallDisplayType", "2"), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(code("RingConfig", "[]"), business_error("isv.ILLEGAL_ARGUMENT"));
    assert_eq!(code("DtmfConfig", "{}"), business_error("OK"));
}
