//! Bounds on calls in flight and on memory, slow input, and a dropped stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use serde_json::{Value, json};

use super::{assert_decrypted, calls, emulator, queries, query, shop};
use crate::clients::once;
use crate::gauge::{Form, Gauge};

/// A gateway that answers every order with a receiver.
fn receivers(form: &Form) -> String {
    let orders: Vec<Value> = serde_json::from_str(&form["query_list"]).unwrap();
    let receivers: Vec<Value> =
        orders.into_iter().map(|order| json!({"tid": order["tid"], "oaid": order["oaid"], "matched": true})).collect();
    json!({"top_oaid_decrypt_response": {"receiver_list": {"receiver": receivers}, "request_id": "r"}}).to_string()
}

async fn gauge(pause: u64) -> Gauge {
    Gauge::start(Duration::from_millis(pause), receivers).await
}

#[tokio::test]
async fn calls_in_flight_reach_and_never_exceed_the_concurrency() {
    for (concurrency, most) in [(0, 1), (1, 1), (3, 3), (8, 8)] {
        let server = gauge(10).await;
        let shop = crate::clients::shop(server.top_endpoint(), once());
        let decryption = shop.decrypt_all(queries(0..400)).concurrency(concurrency);
        decryption.for_each(|one| async move { assert_decrypted(&one) }).await;
        assert_eq!((server.most_at_once(), server.received()), (most, 20), "concurrency {concurrency}");
    }
}

#[tokio::test]
async fn orders_are_taken_only_as_far_ahead_as_the_calls_need() {
    for concurrency in [1, 4] {
        let server = gauge(1).await;
        let shop = crate::clients::shop(server.top_endpoint(), once());
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let input = (0..2_000).map(move |order| {
            counter.fetch_add(1, Ordering::SeqCst);
            query(order)
        });
        let mut decryption = shop.decrypt_all(input).concurrency(concurrency);
        let (mut given, mut furthest) = (0, 0);
        while decryption.next().await.is_some() {
            furthest = furthest.max(taken.load(Ordering::SeqCst) - given);
            given += 1;
        }
        assert_eq!(given, 2_000);
        assert!(furthest <= (concurrency + 3) * OaidDecrypt::MAX_QUERIES, "{furthest} ahead");
        assert!(furthest >= concurrency * OaidDecrypt::MAX_QUERIES, "{furthest} ahead");
    }
}

#[tokio::test]
async fn a_consumer_that_stops_reading_stops_the_input() {
    let server = gauge(1).await;
    let shop = crate::clients::shop(server.top_endpoint(), once());
    let mut decryption = shop.decrypt_all((0..).map(query)).concurrency(2);
    for order in 0..100 {
        assert_eq!(decryption.next().await.unwrap().query, query(order));
    }
    // Long enough for every call that the bounds allow.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(server.received() <= 100 / 20 + 5, "{} calls for an endless input", server.received());
}

#[tokio::test]
async fn orders_from_a_queue_are_answered_before_more_come() {
    let emulator = emulator(100).await;
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<ReceiverQuery>(100);
    let queue = stream::poll_fn(move |context| receiver.poll_recv(context));
    let mut decryption = shop(&emulator, 1).decrypt_stream(queue);
    for batch in [0..3, 3..4, 4..54] {
        for query in queries(batch.clone()) {
            sender.send(query).await.unwrap();
        }
        for order in batch {
            let one = decryption.next().await.unwrap();
            assert_eq!(one.query, query(order));
            assert_decrypted(&one);
        }
    }
    assert!((5..=6).contains(&calls(&emulator)), "{} calls", calls(&emulator));
    let waiting = tokio::spawn(async move { decryption.next().await.is_none() });
    drop(sender);
    assert!(waiting.await.unwrap(), "the end of the queue is the end of the stream");
}

#[tokio::test]
async fn dropping_the_stream_stops_its_calls() {
    let server = gauge(10).await;
    let shop = crate::clients::shop(server.top_endpoint(), once());
    let mut decryption = shop.decrypt_all((0..).map(query)).concurrency(4);
    assert!(decryption.next().await.is_some());
    drop(decryption);
    let sent = server.received();
    // Long enough for several more calls.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(server.received() <= sent + 4, "only calls in flight may still arrive");
    assert!(sent <= 9, "{sent} calls");
}

#[tokio::test]
async fn progress_can_be_watched_from_elsewhere() {
    let server = gauge(5).await;
    let shop = crate::clients::shop(server.top_endpoint(), once());
    let decryption = shop.decrypt_all(queries(0..200)).concurrency(2);
    let progress = decryption.progress();
    assert_eq!((progress.done(), progress.failed(), progress.in_flight(), progress.calls()), (0, 0, 0, 0));
    let watched = progress.clone();
    let given = decryption
        .fold(0_u64, |given, _| {
            let (done, in_flight) = (watched.done(), watched.in_flight());
            assert_eq!(done, given + 1);
            assert!(in_flight <= 40, "{in_flight} in flight");
            async move { given + 1 }
        })
        .await;
    assert_eq!((given, progress.done(), progress.failed()), (200, 200, 0));
    assert_eq!((progress.in_flight(), progress.calls()), (0, 10));
}
