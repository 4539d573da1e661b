use serde_json::{Value, json};

use super::{Call, gateways, json_fixture, seeded, start_time, top};

fn decrypt(queries: &Value) -> Call {
    top("taobao.top.oaid.decrypt").with("query_list", queries)
}

fn one(tid: &str, oaid: &str) -> Call {
    decrypt(&json!([{"tid": tid, "oaid": oaid}]))
}

fn client(token: &str, queries: &Value) -> Call {
    top("taobao.top.oaid.client.decrypt").without("session").with("sec_once_token", token).with("query_list", queries)
}

fn receivers(answer: &Value) -> Vec<Value> {
    answer["receiver_list"]["receiver"].as_array().unwrap().clone()
}

fn receiver(call: &Call) -> Value {
    let receivers = receivers(&call.answer(&gateways()));
    assert_eq!(receivers.len(), 1);
    receivers[0].clone()
}

fn names(receiver: &Value) -> Vec<&str> {
    receiver.as_object().unwrap().keys().map(String::as_str).collect()
}

fn sub_code(call: &Call) -> String {
    let (code, sub_code) = call.refusal(&gateways());
    assert_eq!(code, 50, "{sub_code}");
    sub_code
}

#[test]
fn a_700_number_has_15_digits() {
    let receiver = receiver(&one("2001", "oaid-2001"));
    let mobile = receiver["mobile"].as_str().unwrap();
    assert!(mobile.starts_with("700") && mobile.len() == 15 && mobile.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(receiver["privacy_protection"], true);
    let expected = &json_fixture("top/oaid_decrypt.virtual_700.json")["top_oaid_decrypt_response"]["receiver_list"];
    assert_eq!(names(&receiver), names(&expected["receiver"][0]));
}

#[test]
fn an_old_virtual_number_has_11_digits_and_an_extension_of_four() {
    let receiver = receiver(&one("2002", "oaid-2002"));
    let (main, extension) = receiver["mobile"].as_str().unwrap().split_once('-').unwrap();
    assert_eq!((main.len(), extension.len()), (11, 4));
}

#[test]
fn only_a_virtual_number_expires() {
    assert_eq!(receiver(&one("2001", "oaid-2001"))["secret_no_expire_time"], "2026-01-21 10:00:00");
    let plain = receiver(&one("2003", "oaid-2003"));
    assert_eq!(plain["privacy_protection"], false);
    assert_eq!(plain.get("secret_no_expire_time"), None);
    assert_eq!(plain["phone"], "010-12345678");
}

#[test]
fn the_request_sets_the_days_of_a_number() {
    let days = |days: Value| decrypt(&json!([{"tid": "2001", "oaid": "oaid-2001", "secret_no_days": days}]));
    assert_eq!(receiver(&days(json!(30)))["secret_no_expire_time"], "2026-02-05 10:00:00");
    assert_eq!(sub_code(&days(json!(0))), "isv.invalid-argument");
    assert_eq!(sub_code(&days(json!(i64::MAX))), "isv.invalid-argument");
    assert_eq!(days(json!("15")).refusal(&gateways()).0, 41);
}

#[test]
fn a_scene_decides_which_fields_are_returned() {
    let scene = |scene: &str| receiver(&decrypt(&json!([{"tid": "2001", "oaid": "oaid-2001", "scene": scene}])));
    let has = |receiver: &Value| ["mobile", "name", "address_detail"].map(|name| receiver.get(name).is_some());
    for full in ["1001", "1002", "1003", "1004", "1005", "1006", "1007", "3001"] {
        assert_eq!(has(&scene(full)), [true, true, true], "{full}");
    }
    assert_eq!(has(&scene("1008")), [false, false, true]);
    assert_eq!(has(&scene("1009")), [false, true, false]);
    assert_eq!(has(&scene("2001")), [true, false, false]);
    let expected =
        &json_fixture("top/oaid_decrypt.scene_2001_mobile_only.json")["top_oaid_decrypt_response"]["receiver_list"];
    assert_eq!(names(&scene("2002")), names(&expected["receiver"][0]));
}

#[test]
fn an_unknown_scene_is_refused() {
    let call = decrypt(&json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "9999"}]));
    assert_eq!(sub_code(&call), "isv.decryption-scene-invalid");
}

#[test]
fn a_stale_oaid_is_not_matched_and_has_no_data() {
    let expected = json!({"tid": "2004", "oaid": "stale-2004", "matched": false});
    assert_eq!(receiver(&one("2004", "stale-2004")), expected);
    assert_eq!(receiver(&one("2001", "stale-anything"))["matched"], false);
}

#[test]
fn the_oaid_of_another_order_of_the_shop_does_not_match() {
    assert_eq!(receiver(&one("2001", "oaid-2002"))["matched"], false);
}

#[test]
fn a_former_oaid_does_not_match() {
    let gateways = gateways();
    assert!(gateways.change_oaid("2001", "oaid-new"));
    let matched = |oaid: &str| receivers(&one("2001", oaid).answer(&gateways))[0]["matched"].clone();
    assert_eq!(matched("oaid-2001"), false);
    assert_eq!(matched("oaid-new"), true);
    assert!(!gateways.change_oaid("no such order", "x"));
}

#[test]
fn a_wrong_oaid_is_refused() {
    assert_eq!(sub_code(&one("2005", "wrong-2005")), "isv.oaid-invalid");
    assert_eq!(sub_code(&one("2001", "never heard of")), "isv.oaid-invalid");
    assert_eq!(sub_code(&one("2001", "oaid-2006")), "isv.oaid-invalid");
}

#[test]
fn an_unknown_order_is_refused() {
    assert_eq!(sub_code(&one("1", "oaid-2001")), "isv.tid-invalid");
}

#[test]
fn an_order_of_another_shop_is_refused() {
    assert_eq!(sub_code(&one("2006", "oaid-2006")), "isv.no-permission:oaid");
    let own = one("2006", "oaid-2006").with("session", "other-shop-session");
    assert_eq!(receiver(&own)["matched"], true);
}

#[test]
fn a_call_has_one_to_twenty_queries() {
    let many = |count: usize| decrypt(&Value::from(vec![json!({"tid": "2001", "oaid": "oaid-2001"}); count]));
    assert_eq!(receivers(&many(20).answer(&gateways())).len(), 20);
    assert_eq!(sub_code(&many(21)), "isv.decryption-size-exceeded");
    assert_eq!(sub_code(&many(0)), "isv.empty-parameter");
}

#[test]
fn receivers_are_not_in_the_order_of_the_queries() {
    let call = decrypt(&json!([
        {"tid": "2001", "oaid": "oaid-2001"},
        {"tid": "2004", "oaid": "stale-2004"},
        {"tid": "2003", "oaid": "oaid-2003"},
    ]));
    let receivers = receivers(&call.answer(&gateways()));
    let tids: Vec<_> = receivers.iter().map(|receiver| receiver["tid"].as_str().unwrap()).collect();
    assert_eq!(tids, ["2003", "2004", "2001"]);
}

#[test]
fn one_bad_query_fails_the_whole_call() {
    let call = decrypt(&json!([{"tid": "2001", "oaid": "oaid-2001"}, {"tid": "2005", "oaid": "wrong-2005"}]));
    assert_eq!(sub_code(&call), "isv.oaid-invalid");
}

#[test]
fn malformed_queries_are_refused() {
    let refused = |queries: &str| top("taobao.top.oaid.decrypt").with("query_list", queries).refusal(&gateways());
    assert_eq!(refused(""), (40, "isv.missing-parameter:query_list".into()));
    assert_eq!(refused("no json"), (41, "isv.invalid-parameter:query_list".into()));
    assert_eq!(refused("{}"), (41, "isv.invalid-parameter:query_list".into()));
    assert_eq!(refused(r#"[{"tid":"2001"}]"#), (40, "isv.missing-parameter:oaid".into()));
    assert_eq!(refused(r#"[{"oaid":"oaid-2001"}]"#), (40, "isv.missing-parameter:tid".into()));
    assert_eq!(refused(r#"[{"oaid":"oaid-2001","tid":2001}]"#), (41, "isv.invalid-parameter:tid".into()));
    let long = "x".repeat(129);
    assert_eq!(sub_code(&one("2001", &long)), "isv.invalid-argument");
}

#[test]
fn seeded_orders_have_both_kinds_of_numbers_and_the_same_on_every_run() {
    let tids: Vec<String> = (0..40).map(|number| format!("{}", 8_000_000_000_u64 + number)).collect();
    let kinds = || -> Vec<usize> {
        let gateways = seeded(|builder| builder.orders(tids.iter().map(|tid| (tid.clone(), format!("o{tid}")))));
        let length = |tid: &String| {
            let answer = one(tid, &format!("o{tid}")).answer(&gateways);
            receivers(&answer)[0]["mobile"].as_str().unwrap().len()
        };
        tids.iter().map(length).collect()
    };
    let first = kinds();
    assert_eq!(first, kinds());
    assert!(first.contains(&15) && first.contains(&16) && first.len() == 40);
}

#[test]
fn client_decryption_answers_with_the_order_id() {
    let query = json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "1005"}]);
    let answer = client("once-1", &query).answer(&gateways());
    assert_eq!(receivers(&answer)[0]["order_id"], "2001");
    assert_eq!(receivers(&answer)[0].get("tid"), None);
}

#[test]
fn a_client_token_is_valid_once() {
    let gateways = gateways();
    let query = json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "1005"}]);
    client("once-1", &query).answer(&gateways);
    let refusal = (50, "isv.invalid-parameter:sec_once_token".to_owned());
    assert_eq!(client("once-1", &query).refusal(&gateways), refusal);
    assert_eq!(client("unknown", &query).refusal(&gateways), refusal);
    assert_eq!(client("", &query).refusal(&gateways), (40, "isv.missing-parameter:sec_once_token".into()));
}

#[test]
fn client_decryption_needs_exactly_one_order_with_a_scene() {
    let query = json!({"tid": "2001", "oaid": "oaid-2001", "scene": "1005"});
    assert_eq!(sub_code(&client("once-1", &json!([query, query]))), "isv.decryption-size-exceeded");
    assert_eq!(sub_code(&client("once-1", &json!([]))), "isv.empty-parameter");
    let without_scene = json!([{"tid": "2001", "oaid": "oaid-2001"}]);
    let refusal = client("once-1", &without_scene).refusal(&gateways());
    assert_eq!(refusal, (40, "isv.missing-parameter:scene".into()));
}

#[test]
fn a_session_of_client_decryption_must_be_valid() {
    let query = json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "1005"}]);
    let call = client("once-1", &query).with("session", "bad");
    assert_eq!(call.refusal(&gateways()).0, 27);
}

#[test]
fn a_number_expires_by_the_gateways_clock() {
    let gateways = gateways();
    gateways.clock().set(start_time() + chrono::TimeDelta::minutes(5));
    let answer = one("2001", "oaid-2001").answer(&gateways);
    assert_eq!(receivers(&answer)[0]["secret_no_expire_time"], "2026-01-21 10:05:00");
}
