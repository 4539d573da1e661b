//! Requests that wait for a message, over TCP.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinHandle;

use super::client::{MnsCall, messages};
use super::{depth, get, publish, token};
use crate::emulator::tests::start_time;
use crate::emulator::{Clock, Emulator, Fault};

/// A timeout for operations that hang. It is shorter than the wait of the requests.
const LONG: Duration = Duration::from_secs(20);
/// Long enough for a request to begin to wait.
const A_MOMENT: Duration = Duration::from_millis(150);

async fn emulator() -> Emulator {
    Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap()
}

/// Sends a request. Returns the status and the body.
fn send(emulator: &Emulator, call: &MnsCall) -> JoinHandle<(u16, String)> {
    let request = call.request(&emulator.mns_endpoint()).map(reqwest::Body::from);
    tokio::spawn(async move {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.execute(request.try_into().unwrap()).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    })
}

/// A request that waits already.
async fn waiting(emulator: &Emulator) -> JoinHandle<(u16, String)> {
    let request = send(emulator, &get(&token(emulator.gateways()), "numOfMessages=16&waitseconds=30"));
    tokio::time::sleep(A_MOMENT).await;
    assert!(!request.is_finished());
    request
}

async fn response(request: JoinHandle<(u16, String)>) -> (u16, String) {
    tokio::time::timeout(LONG, request).await.expect("the request still waits").unwrap()
}

async fn received(request: JoinHandle<(u16, String)>) -> usize {
    let (status, text) = response(request).await;
    assert_eq!(status, 200, "{text}");
    messages(&text).len()
}

#[tokio::test]
async fn a_waiting_request_gets_a_message_when_it_is_published() {
    let emulator = emulator().await;
    let request = waiting(&emulator).await;
    publish(emulator.gateways(), 1);
    assert_eq!(received(request).await, 1);
    assert_eq!(depth(emulator.gateways()), (0, 1));
}

#[tokio::test]
async fn a_message_of_another_queue_does_not_end_the_wait() {
    let emulator = emulator().await;
    let request = waiting(&emulator).await;
    emulator.publish_receipt("SecretRecording", &json!({}));
    tokio::time::sleep(A_MOMENT).await;
    assert!(!request.is_finished());
    publish(emulator.gateways(), 1);
    assert_eq!(received(request).await, 1);
}

#[tokio::test]
async fn the_wait_ends_although_the_clock_is_stopped() {
    let emulator = emulator().await;
    let started = Instant::now();
    let call = get(&token(emulator.gateways()), "waitseconds=1");
    let (status, text) = response(send(&emulator, &call)).await;
    assert!(status == 404 && text.contains("<Code>MessageNotExist</Code>"), "{text}");
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_invalid_request_does_not_wait() {
    let emulator = emulator().await;
    let token = token(emulator.gateways());
    let call = get(&token, "waitseconds=30").with("security-token", "wrong");
    assert_eq!(response(send(&emulator, &call)).await.0, 403);
    emulator.inject(Fault::unavailable().on("mns").times(1));
    assert_eq!(response(send(&emulator, &get(&token, "waitseconds=30"))).await.0, 503);
}

#[tokio::test]
async fn a_hidden_message_is_received_when_the_clock_is_advanced() {
    let emulator = emulator().await;
    publish(emulator.gateways(), 1);
    get(&token(emulator.gateways()), "").messages(emulator.gateways());
    let request = waiting(&emulator).await;
    emulator.clock().advance(Duration::from_secs(29));
    tokio::time::sleep(A_MOMENT).await;
    assert!(!request.is_finished());
    emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(received(request).await, 1);
}

#[tokio::test]
async fn a_hidden_message_is_received_when_its_time_comes() {
    let emulator = Emulator::start().await.unwrap();
    emulator.set_visibility_timeout(Duration::from_secs(1));
    publish(emulator.gateways(), 1);
    let token = token(emulator.gateways());
    let started = Instant::now();
    get(&token, "").at(emulator.now()).messages(emulator.gateways());
    let request = send(&emulator, &get(&token, "numOfMessages=16&waitseconds=30").at(emulator.now()));
    assert_eq!(received(request).await, 1);
    assert!(started.elapsed() >= Duration::from_millis(990), "{:?}", started.elapsed());
}

#[tokio::test]
async fn one_message_ends_the_wait_of_one_request() {
    let emulator = emulator().await;
    let requests = [waiting(&emulator).await, waiting(&emulator).await];
    publish(emulator.gateways(), 1);
    tokio::time::timeout(LONG, async {
        while !requests.iter().any(JoinHandle::is_finished) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    tokio::time::sleep(A_MOMENT).await;
    assert_eq!(requests.iter().filter(|request| request.is_finished()).count(), 1);
    publish(emulator.gateways(), 1);
    for request in requests {
        assert_eq!(received(request).await, 1);
    }
}

#[tokio::test]
async fn a_request_is_valid_if_it_was_valid_when_it_began_to_wait() {
    let emulator = emulator().await;
    let request = waiting(&emulator).await;
    // The token, and the time of the request, are older than they may be.
    emulator.clock().set(start_time() + TimeDelta::days(1));
    publish(emulator.gateways(), 1);
    assert_eq!(received(request).await, 1);
}

#[tokio::test]
async fn a_reset_does_not_end_the_wait() {
    let emulator = emulator().await;
    let request = waiting(&emulator).await;
    emulator.reset();
    tokio::time::sleep(A_MOMENT).await;
    assert!(!request.is_finished());
    publish(emulator.gateways(), 1);
    assert_eq!(received(request).await, 1);
}

#[tokio::test]
async fn a_client_that_disconnects_receives_nothing() {
    let emulator = emulator().await;
    let request = waiting(&emulator).await;
    request.abort();
    tokio::time::sleep(A_MOMENT).await;
    publish(emulator.gateways(), 1);
    tokio::time::sleep(A_MOMENT).await;
    assert_eq!(depth(emulator.gateways()), (1, 0));
}
