//! Receipts that are pushed to a URL.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::start_time;
use crate::emulator::{Clock, Emulator, PlacedCall, PushSettings};

const X: &str = "17000000001";

/// A receiver that answers by this function of the number of the request, from 0.
async fn receiver(answer: impl Fn(usize) -> ResponseTemplate + Send + Sync + 'static) -> MockServer {
    let server = MockServer::builder().start().await;
    let count = Arc::new(Mutex::new(0));
    let respond = move |_: &Request| {
        let mut count = count.lock().unwrap();
        *count += 1;
        answer(*count - 1)
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

fn accepted() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"code": 0, "msg": "接收成功"}))
}

async fn emulator(settings: PushSettings) -> Emulator {
    Emulator::builder().clock(Clock::stopped_at(start_time())).push_receipts(settings).start().await.unwrap()
}

/// The types and the bodies that the receiver got.
async fn received(server: &MockServer) -> Vec<(String, Value)> {
    let requests = server.received_requests().await.unwrap();
    let received = requests.iter().map(|request| {
        assert_eq!(request.method.as_str(), "POST");
        let message_type = request.url.path().rsplit('/').next().unwrap().to_owned();
        (message_type, serde_json::from_slice(&request.body).unwrap())
    });
    received.collect()
}

async fn received_types(server: &MockServer) -> Vec<String> {
    received(server).await.into_iter().map(|(message_type, _)| message_type).collect()
}

fn statuses(emulator: &Emulator) -> Vec<String> {
    let pushes = emulator.gateways().pushes();
    pushes["pushes"].as_array().unwrap().iter().map(|push| push["status"].as_str().unwrap().to_owned()).collect()
}

async fn advance(emulator: &Emulator, seconds: u64) {
    emulator.clock().advance(Duration::from_secs(seconds));
    emulator.settle().await;
}

/// A call to a number that nobody has bound: two receipts at once.
fn refused_call(emulator: &Emulator) -> String {
    emulator.place_call(&PlacedCall::new("13900000003", X)).id
}

#[tokio::test]
async fn each_receipt_is_pushed_as_an_array_to_the_path_of_its_type() {
    let server = receiver(|_| accepted()).await;
    let emulator = emulator(PushSettings::to(format!("{}/secret", server.uri()))).await;
    let call_id = refused_call(&emulator);
    emulator.settle().await;
    let received = received(&server).await;
    let types: Vec<_> = received.iter().map(|(message_type, _)| message_type.as_str()).collect();
    assert_eq!(types, ["SecretStartReport", "SecretReport"]);
    let receipts = emulator.gateways().receipts();
    for (index, (_, body)) in received.iter().enumerate() {
        assert_eq!(body, &json!([receipts[index]["pushed"]]));
        assert_eq!(body[0]["call_id"], call_id);
    }
    assert_eq!(statuses(&emulator), ["delivered", "delivered"]);
}

#[tokio::test]
async fn advancing_the_clock_delivers_what_is_due_in_order() {
    let server = receiver(|_| accepted()).await;
    let emulator = emulator(PushSettings::to(server.uri())).await;
    let bind = crate::aliyun::BindAxb::builder()
        .pool_key(emulator.pool_key())
        .phone_no_a("13900000001")
        .phone_no_b("13900000003")
        .phone_no_x(X)
        .expiration(emulator.now() + chrono::TimeDelta::days(1))
        .build();
    emulator.aliyun().unwrap().send(&bind).await.unwrap();
    emulator.place_call(&PlacedCall::new("13900000003", X));
    emulator.settle().await;
    assert_eq!(received_types(&server).await, ["SecretStartReport"]);
    assert_eq!(emulator.gateways().pushes()["scheduled_receipts"], 3);
    advance(&emulator, 3600).await;
    let all = ["SecretStartReport", "SecretRingReport", "SecretPickUpReport", "SecretReport"];
    assert_eq!(received_types(&server).await, all);
}

#[tokio::test]
async fn a_failed_push_is_retried_after_1_5_and_10_minutes_and_then_lost() {
    let server = receiver(|_| ResponseTemplate::new(503)).await;
    let emulator = emulator(PushSettings::new().type_to("SecretReport", format!("{}/one", server.uri()))).await;
    refused_call(&emulator);
    emulator.settle().await;
    let mut expected = 1;
    for minutes in [1, 5, 10] {
        advance(&emulator, minutes * 60 - 1).await;
        assert_eq!((received(&server).await.len(), statuses(&emulator)), (expected, vec!["pending".to_owned()]));
        advance(&emulator, 1).await;
        expected += 1;
        assert_eq!(received(&server).await.len(), expected);
    }
    assert_eq!(statuses(&emulator), ["lost"]);
    advance(&emulator, 24 * 60 * 60).await;
    assert_eq!(received_types(&server).await, ["one"; 4]);
    let attempts = emulator.gateways().pushes()["pushes"][0]["attempts"].clone();
    let times = ["02:00:00", "02:01:00", "02:06:00", "02:16:00"];
    let expected = times.map(|time| json!({"time": format!("2026-01-06T{time}+00:00"), "result": "503"}));
    assert_eq!(attempts, json!(expected));
}

#[tokio::test]
async fn a_receiver_that_is_down_for_3_minutes_misses_nothing() {
    let server = receiver(|_| accepted()).await;
    let emulator = emulator(PushSettings::to("http://127.0.0.1:9/closed")).await;
    let calls = [refused_call(&emulator), refused_call(&emulator)];
    emulator.settle().await;
    advance(&emulator, 180).await;
    assert_eq!(statuses(&emulator), ["pending"; 4]);
    emulator.push_receipts(PushSettings::to(server.uri()));
    advance(&emulator, 180).await;
    assert_eq!(statuses(&emulator), ["delivered"; 4]);
    for call_id in calls {
        let of_call = received(&server).await.into_iter().filter(|(_, body)| body[0]["call_id"] == call_id);
        assert_eq!(of_call.count(), 2);
    }
}

#[tokio::test]
async fn only_a_200_in_time_with_a_numeric_code_is_an_acknowledgement() {
    type Answer = fn() -> ResponseTemplate;
    let answers: [(Answer, &str); 5] = [
        (|| accepted().set_delay(Duration::from_secs(3)), "timed out"),
        (|| ResponseTemplate::new(204), "204"),
        (|| ResponseTemplate::new(200).set_body_string("ok"), "200 without a numeric code"),
        (|| ResponseTemplate::new(200).set_body_json(json!({"code": "0"})), "200 without a numeric code"),
        (|| ResponseTemplate::new(200).set_body_json(json!({"code": 1})), "acknowledged"),
    ];
    for (answer, result) in answers {
        let server = receiver(move |_| answer()).await;
        let emulator = emulator(PushSettings::new().type_to("SecretReport", server.uri())).await;
        refused_call(&emulator);
        emulator.settle().await;
        assert_eq!(emulator.gateways().pushes()["pushes"][0]["attempts"][0]["result"], result);
        let status = if result == "acknowledged" { "delivered" } else { "pending" };
        assert_eq!(statuses(&emulator), [status]);
    }
}

#[tokio::test]
async fn batches_have_one_type_and_at_most_their_size() {
    let server = receiver(|_| accepted()).await;
    let emulator = emulator(PushSettings::new()).await;
    // The first receipts are due at the same moment, since the pushing begins after all calls.
    emulator.push_receipts(PushSettings::to(server.uri()).batch(3));
    {
        let gateways = emulator.gateways();
        (0..4).for_each(|_| {
            gateways.place_call(&PlacedCall::new("13900000003", X));
        });
    }
    emulator.settle().await;
    let mut sizes: Vec<_> =
        received(&server).await.into_iter().map(|(of, body)| (of, body.as_array().unwrap().len())).collect();
    sizes.sort();
    let expected = [("SecretReport", 1), ("SecretReport", 3), ("SecretStartReport", 1), ("SecretStartReport", 3)];
    assert_eq!(sizes, expected.map(|(of, size)| (of.to_owned(), size)));
}

#[tokio::test]
async fn duplicates_repeat_what_was_acknowledged() {
    let server = receiver(|_| accepted()).await;
    let settings = PushSettings::new().type_to("SecretReport", server.uri()).duplicates(2);
    let emulator = emulator(settings).await;
    refused_call(&emulator);
    emulator.settle().await;
    let received = received(&server).await;
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|request| request == &received[0]));
    assert_eq!(emulator.gateways().pushes()["pushes"][2]["duplicate"], true);
}

#[tokio::test]
async fn the_newest_receipts_can_come_first() {
    let server = receiver(|_| accepted()).await;
    let emulator = emulator(PushSettings::to(server.uri()).newest_first()).await;
    refused_call(&emulator);
    emulator.settle().await;
    assert_eq!(received_types(&server).await, ["SecretReport", "SecretStartReport"]);
}

#[tokio::test]
async fn a_running_clock_delivers_by_itself() {
    let server = receiver(|_| accepted()).await;
    let emulator = Emulator::builder().push_receipts(PushSettings::to(server.uri())).start().await.unwrap();
    let bind = crate::aliyun::BindAxb::builder()
        .pool_key(emulator.pool_key())
        .phone_no_a("13900000001")
        .phone_no_b("13900000003")
        .phone_no_x(X)
        .expiration(emulator.now() + chrono::TimeDelta::days(1))
        .build();
    emulator.aliyun().unwrap().send(&bind).await.unwrap();
    emulator.place_call(&PlacedCall::new("13900000003", X).busy());
    let both = async {
        while received(&server).await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), both).await.unwrap();
    assert_eq!(received_types(&server).await, ["SecretStartReport", "SecretReport"]);
}

#[tokio::test]
async fn a_reset_stops_pushing() {
    let server = receiver(|_| ResponseTemplate::new(500)).await;
    let emulator = emulator(PushSettings::to(server.uri())).await;
    refused_call(&emulator);
    emulator.settle().await;
    emulator.reset();
    advance(&emulator, 24 * 60 * 60).await;
    assert_eq!((received(&server).await.len(), statuses(&emulator)), (2, vec![]));
    refused_call(&emulator);
    emulator.settle().await;
    assert_eq!(received(&server).await.len(), 4);
}
