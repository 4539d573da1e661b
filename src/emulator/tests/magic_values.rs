//! Oaids with a certain error, the daily quota, and the switch that turns decryption off.

use serde_json::{Value, json};

use super::{Call, gateways, seeded, top};
use crate::emulator::{Decryption, Gateways};

fn decrypt(tid: &str, oaid: &str) -> Call {
    top("taobao.top.oaid.decrypt").with("query_list", json!([{"tid": tid, "oaid": oaid}]))
}

fn client(token: &str, tid: &str, oaid: &str) -> Call {
    top("taobao.top.oaid.client.decrypt")
        .without("session")
        .with("sec_once_token", token)
        .with("query_list", json!([{"tid": tid, "oaid": oaid, "scene": "1005"}]))
}

fn sub_code(call: &Call, gateways: &Gateways) -> String {
    call.refusal(gateways).1
}

fn many(count: usize) -> Call {
    let queries = vec![json!({"tid": "2001", "oaid": "oaid-2001"}); count];
    top("taobao.top.oaid.decrypt").with("query_list", Value::from(queries))
}

#[test]
fn every_documented_error_of_decryption_has_a_magic_oaid() {
    let gateways = gateways();
    for (beginning, code, sub_code) in [
        ("quota", 50, "isv.decryption-quota-exceeded"),
        ("disabled", 50, "isv.decryption-disabled-by-seller"),
        ("app-disabled", 50, "isv.app-decryption-disabled-by-seller"),
        ("no-permission", 50, "isv.no-permission:oaid"),
        ("size", 50, "isv.decryption-size-exceeded"),
        ("tid-invalid", 50, "isv.tid-invalid"),
        ("tid-error", 50, "isv.tid-error"),
        ("empty", 50, "isv.empty-parameter"),
        ("argument", 50, "isv.invalid-argument"),
        ("scene", 50, "isv.decryption-scene-invalid"),
        ("prohibit-app", 50, "isv.prohibit-application"),
        ("prohibit-app-user", 50, "isv.prohibit-application-user"),
        ("prohibit-main", 50, "isv.prohibit-masteraccount"),
        ("prohibit-sub", 50, "isv.prohibit-subaccount"),
        ("concurrent", 50, "isv.concurrent-query"),
        ("balance", 50, "isv.lack-of-balance"),
        ("sys-error", 50, "isp.sys.error"),
        ("call-limited", 50, "isp.call-limited"),
        ("timeout", 15, "isp.top-remote-connection-timeout"),
        ("remote-unavailable", 50, "isp.top-remote-service-unavailable"),
        ("api-limited", 7, "accesscontrol.limited-by-api-access-count"),
        ("app-limited", 7, "accesscontrol.limited-by-app-access-count"),
        ("app-api-limited", 7, "accesscontrol.limited-by-app-api-access-count"),
        ("unavailable", 10, ""),
        ("package", 11, "isv.permission-api-package-limit"),
        ("ip-whitelist", 11, "isv.permission-ip-whitelist-limit"),
        ("session-expired", 27, "session-expired"),
        ("session-level", 53, ""),
        ("token", 44, ""),
    ] {
        let oaid = format!("{beginning}-1");
        // Neither the order nor its oaid must exist.
        let expected = (code, sub_code.to_owned());
        assert_eq!(decrypt("1", &oaid).refusal(&gateways), expected, "{beginning}");
    }
    assert_eq!(decrypt("2001", "wrong-1").refusal(&gateways), (50, "isv.oaid-invalid".into()));
    assert_eq!(sub_code(&client("once-1", "1", "balance-1"), &gateways), "isv.lack-of-balance");
    assert_eq!(gateways.ledger().executed("taobao.top.oaid.decrypt"), 0);
}

#[test]
fn a_magic_ban_says_how_long_it_lasts() {
    for (oaid, seconds) in [("api-limited-1", 1), ("app-limited-1", 31062), ("app-api-limited-1", 41)] {
        let error = decrypt("1", oaid).send(&gateways()).json["error_response"].clone();
        assert_eq!(error["sub_msg"], format!("This ban will last for {seconds} more seconds"));
    }
}

#[test]
fn a_shops_orders_of_a_day_are_limited() {
    let gateways = seeded(|builder| builder.decryptions_per_day(5));
    many(3).answer(&gateways);
    assert_eq!(sub_code(&many(3), &gateways), "isv.decryption-quota-exceeded");
    many(2).answer(&gateways);
    assert_eq!(sub_code(&many(1), &gateways), "isv.decryption-quota-exceeded");
    decrypt("2004", "stale-2004").answer(&gateways);
    assert_eq!(sub_code(&client("once-1", "2001", "oaid-2001"), &gateways), "isv.decryption-quota-exceeded");
    decrypt("2006", "oaid-2006").with("session", "other-shop-session").answer(&gateways);
}

#[test]
fn the_quota_begins_anew_with_the_day_in_china() {
    let gateways = seeded(|builder| builder.decryptions_per_day(1));
    let at = |china: &str| {
        gateways.clock().set(format!("{}+08:00", china.replace(' ', "T")).parse().unwrap());
        sub_code_or_ok(&many(1).with("timestamp", china), &gateways)
    };
    assert_eq!(at("2026-01-06 10:00:00"), "OK");
    assert_eq!(at("2026-01-06 23:59:59"), "isv.decryption-quota-exceeded");
    assert_eq!(at("2026-01-07 00:00:00"), "OK");
    assert_eq!(at("2026-01-07 09:00:00"), "isv.decryption-quota-exceeded");
}

fn sub_code_or_ok(call: &Call, gateways: &Gateways) -> String {
    let error = &call.send(gateways).json["error_response"];
    error["sub_code"].as_str().unwrap_or("OK").to_owned()
}

#[test]
fn decryption_can_be_switched_off_by_the_seller() {
    let gateways = seeded(|builder| builder.decryption(Decryption::OffBySeller));
    assert_eq!(sub_code(&many(1), &gateways), "isv.decryption-disabled-by-seller");
    assert_eq!(sub_code(&client("once-1", "2001", "oaid-2001"), &gateways), "isv.decryption-disabled-by-seller");
    gateways.set_decryption(Decryption::OffForApp);
    assert_eq!(sub_code(&many(1), &gateways), "isv.app-decryption-disabled-by-seller");
    gateways.set_decryption(Decryption::On);
    many(1).answer(&gateways);
}

#[test]
fn a_closed_order_is_masked_in_the_end_users_client() {
    let gateways = seeded(|builder| builder.orders([("3001", "closed-3001")]));
    let answer = client("once-1", "3001", "closed-3001").answer(&gateways);
    let receiver = &answer["receiver_list"]["receiver"][0];
    assert_eq!(receiver["desensitize_rule"], "DECRYPTION_DISABLED_BY_ORDERCLOSED");
    for name in ["name", "mobile", "address_detail"] {
        assert!(receiver[name].as_str().unwrap().ends_with("****"), "{receiver}");
    }
    let answer = decrypt("3001", "closed-3001").answer(&gateways);
    let receiver = &answer["receiver_list"]["receiver"][0];
    assert_eq!(receiver.get("desensitize_rule"), None);
    assert!(!receiver["mobile"].as_str().unwrap().contains('*'));
}
