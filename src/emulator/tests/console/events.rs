//! The stream of events.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::super::binding::bind;
use super::super::{aliyun, gateways, seeded, start_time};
use crate::emulator::{Clock, Delivery, Emulator, Fault, Gateways, PlacedCall};

const A: &str = "15000000000";
const B: &str = "15000000001";

/// The events of a text: the name, the id and the data of each.
fn parse(text: &str) -> Vec<(String, String, Value)> {
    let blocks = text.split("\n\n").filter(|block| !block.is_empty() && !block.starts_with(':'));
    let field = |block: &str, name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
            .unwrap_or_default()
    };
    blocks
        .map(|block| (field(block, "event"), field(block, "id"), serde_json::from_str(&field(block, "data")).unwrap()))
        .collect()
}

fn names(events: &[(String, String, Value)]) -> Vec<&str> {
    events.iter().map(|(name, ..)| name.as_str()).collect()
}

/// The first events of a reader that has seen everything up to an id.
fn first(gateways: &Gateways, last: &str) -> Vec<(String, String, Value)> {
    let request = Request::get("/_emulator/events").header("Last-Event-ID", last).body(Bytes::new()).unwrap();
    let reply = gateways.reply(request);
    assert!(matches!(reply.delivery, Delivery::Events { .. }));
    assert_eq!(reply.response.headers()["content-type"], "text/event-stream");
    parse(std::str::from_utf8(reply.response.body()).unwrap())
}

fn state(events: &[(String, String, Value)]) -> &Value {
    let (_, _, data) = events.iter().rev().find(|(name, ..)| name == "state").unwrap();
    &data["state"]
}

#[test]
fn the_first_events_are_the_latest_requests_and_the_state() {
    let gateways = gateways();
    bind(A, B).ok(&gateways);
    gateways.inject(Fault::unavailable().times(1));
    aliyun("QuerySubsId").send(&gateways);
    let events = first(&gateways, "");
    assert_eq!(names(&events), ["hello", "request", "request", "state"]);
    let (_, id, request) = &events[2];
    assert!(id.ends_with(".2"), "{id}");
    let expected = serde_json::json!({
        "number": 2, "time": "2026-01-06T02:00:00+00:00", "operation": "QuerySubsId", "code": "503", "executed": false,
        "fault": "unavailable", "request_id": null, "shop": null, "attempt": 1,
    });
    assert_eq!(request, &expected);
    assert_eq!(names(&first(&gateways, id)), ["hello", "state"], "a reader continues after its latest event");
    assert_eq!(names(&first(&gateways, "another-run.2")), names(&events), "the numbers of another run begin anew");
}

#[test]
fn the_state_has_parts_of_the_numbers_only() {
    let gateways = gateways();
    let x = bind(A, B).ok(&gateways)["SecretBindDTO"]["SecretNo"].as_str().unwrap().to_owned();
    gateways.place_call(&PlacedCall::new(B, &x));
    let events = first(&gateways, "");
    let text = format!("{events:?}");
    assert!(!text.contains(A) && !text.contains(B), "{text}");
    assert!(!text.contains("oaid-2001") && !text.contains("emulator-session"), "{text}");
    let state = state(&events);
    let binding = &state["bindings"]["list"][0];
    assert_eq!((&binding["kind"], &binding["number_x"]), (&Value::from("AXB"), &Value::from(x)));
    assert_eq!((&binding["number_a"], &binding["number_b"]), (&"150****0000".into(), &"150****0001".into()));
    assert_eq!(state["bindings"]["in_force"], 1);
    let call = &state["calls"][0];
    assert_eq!(call["caller"], "150****0001");
    assert_eq!(call["rings"], "2026-01-06T02:00:02+00:00");
    assert_eq!(call["answered"], "2026-01-06T02:00:07+00:00");
    assert_eq!(call["released"], "2026-01-06T02:00:17+00:00");
    let coming: Vec<_> = state["receipts"].as_array().unwrap().iter().map(|receipt| &receipt["has_come"]).collect();
    assert_eq!(coming.iter().filter(|has_come| **has_come == true).count(), 1, "the receipt of the start");
    assert!(coming.len() > 2);
}

#[test]
fn quotas_and_callers_are_in_the_state() {
    let gateways = seeded(|builder| builder.decryptions_per_day(5).purchase_limit(3).shop_callers(["13800000000"]));
    aliyun("BuySecretNo").with("SpecId", 1).with("City", "武汉").with("PoolKey", super::super::POOL).send(&gateways);
    let events = first(&gateways, "");
    let state = state(&events);
    assert_eq!(state["quotas"]["decryptions_per_day"], 5);
    assert_eq!((&state["quotas"]["numbers_bought"], &state["quotas"]["purchase_limit"]), (&1.into(), &3.into()));
    let order = state["orders"]["list"].as_array().unwrap().iter().find(|order| order["tid"] == "2001").unwrap();
    assert_eq!((&order["kind"], &order["callers"]), (&"700".into(), &1.into()));
}

#[test]
fn a_reader_that_is_behind_is_told_how_much_it_missed() {
    let gateways = gateways();
    for _ in 0..450 {
        aliyun("QuerySubsId").send(&gateways);
    }
    let events = first(&gateways, "");
    assert_eq!(events[1].0, "missed");
    assert_eq!(events[1].2["count"], 250);
    let numbers: Vec<_> = events
        .iter()
        .filter(|(name, ..)| name == "request")
        .map(|(.., data)| data["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (251..=450).collect::<Vec<_>>());
}

/// Reads events over TCP until one fulfils a condition.
async fn until(response: &mut reqwest::Response, text: &mut String, is_it: impl Fn(&str, &Value) -> bool) {
    let reading = async {
        while !parse(&text[..text.rfind("\n\n").map_or(0, |end| end + 2)])
            .iter()
            .any(|(name, _, data)| is_it(name, data))
        {
            let bytes = response.chunk().await.unwrap().expect("the stream has ended");
            text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the event does not come");
}

#[tokio::test]
async fn events_come_over_tcp_as_they_happen_until_the_emulator_is_dropped() {
    let emulator = Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap();
    let url = format!("{}/_emulator/events", emulator.aliyun_endpoint());
    let mut response = reqwest::get(&url).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    until(&mut response, &mut text, |name, _| name == "state").await;

    let x = bind(A, B).ok(emulator.gateways())["SecretBindDTO"]["SecretNo"].as_str().unwrap().to_owned();
    until(&mut response, &mut text, |name, data| name == "request" && data["operation"] == "BindAxb").await;
    until(&mut response, &mut text, |_, data| data["state"]["bindings"]["in_force"] == 1).await;
    emulator.place_call(&PlacedCall::new(B, &x));
    until(&mut response, &mut text, |_, data| data["state"]["calls"][0]["dialled"] == x.as_str()).await;
    emulator.clock().advance(Duration::from_secs(60));
    until(&mut response, &mut text, |_, data| data["now"] == "2026-01-06T02:01:00+00:00").await;
    emulator.reset();
    until(&mut response, &mut text, |name, _| name == "cleared").await;
    assert!(!text.contains(A) && !text.contains(B));

    drop(emulator);
    let end = async { while let Ok(Some(_)) = response.chunk().await {} };
    tokio::time::timeout(Duration::from_secs(20), end).await.expect("the stream does not end");
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_nobody_up() {
    let emulator = Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap();
    let url = format!("{}/_emulator/events", emulator.aliyun_endpoint());
    let mut sleeping = reqwest::get(&url).await.unwrap();
    for _ in 0..3000 {
        aliyun("QuerySubsId").send(emulator.gateways());
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.ledger().count("QuerySubsId"), 3000);
    let mut text = String::new();
    until(&mut sleeping, &mut text, |name, data| name == "request" && data["number"] == 3000).await;
}

#[tokio::test]
async fn the_reader_is_forgotten_when_it_leaves() {
    let emulator = Emulator::start().await.unwrap();
    let watching = || emulator.gateways().inspections().watching();
    let response = reqwest::get(format!("{}/_emulator/events", emulator.aliyun_endpoint())).await.unwrap();
    assert_eq!(watching(), 1);
    drop(response);
    let left = async {
        while watching() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), left).await.expect("the reader is still known");
}
