//! Values of requests and of the state are masked until one of them is asked for.

use serde_json::{Value, json};

use super::super::binding::bind;
use super::super::{aliyun, gateways, top};
use super::{get, get_text};
use crate::emulator::{Emulator, PlacedCall};

const A: &str = "15000000000";
const B: &str = "15000000001";

#[test]
fn a_request_is_shown_without_its_values() {
    let gateways = gateways();
    bind(A, B).with("OutId", "").ok(&gateways);
    let (_, text) = get_text(&gateways, "requests?number=1");
    for value in [A, B, "emulator-access-key-id", "FC100000000000001", "2026-01-07"] {
        assert!(!text.contains(value), "{value}: {text}");
    }
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&shown["operation"], &shown["code"], &shown["status"], &shown["method"], &shown["path"]),
        (&json!("BindAxb"), &json!("OK"), &json!(200), &json!("POST"), &json!("/"))
    );
    let parameters = shown["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
    assert_eq!(named("PhoneNoA"), &json!({"name": "PhoneNoA", "length": 11, "value": null}));
    assert_eq!(named("Action"), &json!({"name": "Action", "length": 7, "value": "BindAxb"}));
    assert_eq!(named("OutId"), &json!({"name": "OutId", "length": 0, "value": ""}));

    let one = get(&gateways, "requests?number=1&parameter=PhoneNoA");
    assert_eq!(one, json!({"name": "PhoneNoA", "value": A}));
    let signature = get(&gateways, "requests?number=1&part=signature");
    assert!(signature["text"].as_str().unwrap().contains(B));
    let response = get(&gateways, "requests?number=1&part=response");
    assert!(response["text"].as_str().unwrap().contains("SubsId"));
}

#[test]
fn the_name_of_an_open_parameter_does_not_open_any_value() {
    let gateways = gateways();
    aliyun("QuerySubsId").with("Format", "张三，13800000000").send(&gateways);
    let (_, text) = get_text(&gateways, "requests?number=1");
    assert!(!text.contains("13800000000"), "{text}");
}

#[test]
fn what_is_not_there_is_not_shown() {
    let gateways = gateways();
    bind(A, B).ok(&gateways);
    for (endpoint, status) in [
        ("requests", 400),
        ("requests?number=x", 400),
        ("requests?number=1&part=everything", 400),
        ("requests?number=1&part=response&parameter=PhoneNoA", 400),
        ("requests?number=2", 404),
        ("requests?number=1&parameter=PhoneNoC", 404),
        ("details", 400),
        ("details?binding=1&call=2", 400),
        ("details?shop=first-shop", 400),
        ("details?binding=1", 404),
        ("details?order=9999", 404),
        ("details?receipt=1", 404),
    ] {
        assert_eq!(get_text(&gateways, endpoint).0, status, "{endpoint}");
    }
}

#[test]
fn only_the_latest_requests_keep_their_values_and_no_long_one_does() {
    let gateways = gateways();
    for _ in 0..201 {
        aliyun("QuerySubsId").send(&gateways);
    }
    aliyun("QuerySubsId").with("PhoneNoX", "1".repeat(40_000)).send(&gateways);
    for (number, kept) in [(1, false), (2, true), (201, true), (202, false)] {
        let shown = get(&gateways, &format!("requests?number={number}"));
        assert_eq!(shown["kept"], kept, "{number}");
        assert_eq!(shown["operation"], "QuerySubsId");
    }
    assert_eq!(get_text(&gateways, "requests?number=1&parameter=Action").0, 404);
}

#[test]
fn a_reset_forgets_all_values() {
    let gateways = gateways();
    bind(A, B).ok(&gateways);
    gateways.reset();
    assert_eq!(get_text(&gateways, "requests?number=1&parameter=PhoneNoA").0, 404);
    assert_eq!(get_text(&gateways, "requests?number=1").0, 404);
}

#[test]
fn details_have_the_whole_values_of_one_thing() {
    let gateways = gateways();
    let bound = bind(A, B).ok(&gateways);
    let (id, x) =
        (bound["SecretBindDTO"]["SubsId"].as_str().unwrap(), bound["SecretBindDTO"]["SecretNo"].as_str().unwrap());
    assert_eq!(get(&gateways, &format!("details?binding={id}")), json!({"number_a": A, "number_b": B}));
    let call = gateways.place_call(&PlacedCall::new(B, x));
    assert_eq!(get(&gateways, &format!("details?call={}", call.id)), json!({"caller": B, "called": A}));
    let receipt = get(&gateways, "details?receipt=1");
    assert_eq!(receipt["pushed"]["call_id"], call.id);
    assert_eq!(get(&gateways, "details?order=2001"), json!({"oaid": "oaid-2001", "callers": []}));
}

#[test]
fn a_personal_value_of_a_decryption_is_shown_on_request_only() {
    let gateways = gateways();
    let query = json!([{"tid": "2001", "oaid": "oaid-2001", "scene": "1001"}]).to_string();
    top("taobao.top.oaid.decrypt").with("query_list", &query).send(&gateways);
    let (_, text) = get_text(&gateways, "requests?number=1");
    assert!(!text.contains("oaid-2001") && !text.contains("emulator-session"), "{text}");
    assert_eq!(get(&gateways, "requests?number=1&parameter=query_list")["value"], query);
}

#[tokio::test]
async fn a_control_token_guards_everything_but_the_page() {
    let emulator = Emulator::builder().control_token("a-token-of-the-test").start().await.unwrap();
    let url = emulator.aliyun_endpoint();
    let client = reqwest::Client::new();
    for (endpoint, status) in
        [("console", 200), ("events", 401), ("requests?number=1", 401), ("details?binding=1", 401)]
    {
        let response = client.get(format!("{url}/_emulator/{endpoint}")).send().await.unwrap();
        assert_eq!(response.status(), status, "{endpoint}");
    }
    let events = client.get(format!("{url}/_emulator/events")).bearer_auth("a-token-of-the-test").send().await.unwrap();
    assert_eq!(events.status(), 200);
}
