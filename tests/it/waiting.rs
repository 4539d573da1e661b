//! No call waits for a future that another task polls, whatever kind of limit they share.

mod kinds;
mod workflows;

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, StreamExt, stream};
use privacy_number::aliyun::{Client, QuerySubscriptionDetail};
use privacy_number::emulator::Emulator;
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Advice, Limits, Operation, Settings};

use crate::clients::{aliyun, instant};
use crate::fixtures::read;
use crate::raw_server::{RawServer, Reply};
use kinds::Kind;

/// Longer than any step here; a call that waits for a lock ends after half a minute.
const TIMEOUT: Duration = Duration::from_secs(25);

fn query() -> QuerySubscriptionDetail {
    QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build()
}

/// Answers every call with success.
async fn gateway() -> RawServer {
    RawServer::start([Reply::ok_keeping_alive(read("aliyun/QuerySubscriptionDetail.json"))]).await
}

/// A client with its own connections.
fn client(gateway: &RawServer, limits: &Limits) -> Client {
    aliyun(gateway.aliyun_endpoint(), Settings::new().clock(instant).limits(limits.clone()))
}

#[tokio::test]
async fn a_loop_over_calls_can_make_another_call() {
    for kind in Kind::all() {
        let gateway = gateway().await;
        let client = client(&gateway, &kind.share(Limits::new()));
        let query = query();
        let started = Instant::now();
        let work = async {
            let mut calls = stream::iter(0..200).map(|_| client.send(&query)).buffer_unordered(32);
            while let Some(answer) = calls.next().await {
                answer.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
                client.send(&query).await.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            }
        };
        tokio::time::timeout(TIMEOUT, work).await.unwrap_or_else(|_| panic!("{}: it stopped", kind.name));
        println!("{}: 400 calls took {:?}", kind.name, started.elapsed());
        assert_eq!(gateway.requests().len(), 400, "{}", kind.name);
    }
}

#[tokio::test]
async fn a_loop_over_decryptions_can_decrypt_too() {
    for kind in Kind::all() {
        let emulator = Emulator::builder().generated_orders(397).start().await.unwrap();
        let limits = kind.share(Limits::of(Limits::new(), OaidDecrypt::NAME, 50));
        let settings = emulator.settings().limits(limits);
        let shop = emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session());
        let order = |(tid, oaid): (String, String)| ReceiverQuery::builder().tid(tid).oaid(oaid).build();
        let orders: Vec<_> = emulator.orders().into_iter().map(order).collect();
        assert_eq!(orders.len(), 400);
        let one = OaidDecrypt::new(orders.iter().take(1).cloned());
        let work = async {
            let mut decrypted = shop.decrypt_all(orders).concurrency(8);
            let mut done = 0;
            while let Some(order) = decrypted.next().await {
                order.result.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
                done += 1;
                if done % 20 == 0 {
                    shop.send(&one).await.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
                }
            }
            done
        };
        let done = tokio::time::timeout(TIMEOUT, work).await;
        assert_eq!(done.unwrap_or_else(|_| panic!("{}: it stopped", kind.name)), 400);
    }
}

#[tokio::test]
async fn a_consumer_that_pauses_delays_no_other_task() {
    for kind in Kind::all() {
        let gateway = gateway().await;
        let limits = kind.share(Limits::none().of(QuerySubscriptionDetail::NAME, 20));
        let (pausing, other) = (client(&gateway, &limits), client(&gateway, &limits));
        let query = query();
        let mut calls = pin!(stream::iter(0..50).map(|_| pausing.send(&query)).buffer_unordered(8));
        calls.next().await.unwrap().unwrap();
        // From here on the other seven are not polled.
        let started = Instant::now();
        let task = tokio::spawn(async move {
            for _ in 0..10 {
                other.send(&self::query()).await.unwrap();
            }
        });
        tokio::time::timeout(TIMEOUT, task).await.unwrap_or_else(|_| panic!("{}: it waits", kind.name)).unwrap();
        println!("{}: ten calls at 20 a second beside a consumer that pauses took {:?}", kind.name, started.elapsed());
        assert!(started.elapsed() < Duration::from_secs(6), "{}: {:?}", kind.name, started.elapsed());
        // It continues when it is polled again.
        for _ in 0..10 {
            calls.next().await.unwrap().unwrap();
        }
    }
}

#[test]
fn a_runtime_that_is_not_driven_delays_no_other_runtime() {
    for kind in Kind::all() {
        let driven = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let left_alone = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let gateway = driven.block_on(gateway());
        let limits = kind.share(Limits::none().of(QuerySubscriptionDetail::NAME, 10));
        let calls: Vec<_> = (0..4)
            .map(|_| {
                let client = left_alone.block_on(async { client(&gateway, &limits) });
                left_alone.spawn(async move { client.send(&query()).await })
            })
            .collect();
        // One is sent, and the others wait for permits.
        left_alone.block_on(async { tokio::time::sleep(Duration::from_millis(30)).await });
        let started = Instant::now();
        // In its own thread, as another part of the program would be.
        let other = std::thread::spawn(move || {
            let work = async {
                let client = client(&gateway, &limits);
                for _ in 0..5 {
                    client.send(&query()).await.unwrap();
                }
            };
            driven.block_on(async { tokio::time::timeout(TIMEOUT, work).await.is_ok() })
        });
        assert!(other.join().unwrap(), "{}: it waits", kind.name);
        assert!(started.elapsed() < Duration::from_secs(6), "{}: {:?}", kind.name, started.elapsed());
        drop(calls);
    }
}

#[tokio::test]
async fn a_call_with_a_short_timeout_behind_one_with_a_long_timeout_fails_at_once_during_a_ban() {
    for kind in Kind::all() {
        let ban = r#"{"Code": "Throttling.Api", "Message": "m", "RequestId": "r"}"#;
        let gateway = RawServer::start([Reply::http("400 Bad Request", &[("Retry-After", "20")], ban)]).await;
        let limits = kind.share(Limits::none().of(QuerySubscriptionDetail::NAME, 20));
        let with = |seconds| {
            let settings = Settings::new().limits(limits.clone()).call_timeout(Duration::from_secs(seconds));
            aliyun(gateway.aliyun_endpoint(), settings)
        };
        let (patient, hasty) = (with(60), with(4));
        // One call that was refused, and one that waits in the queue.
        let _refused = tokio::spawn({
            let patient = patient.clone();
            async move { patient.send(&query()).await }
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        let patient = tokio::spawn(async move { patient.send(&query()).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(gateway.requests().len(), 1, "{}", kind.name);
        let query = query();
        let mut refused = pin!(hasty.send(&query));
        // It waits for nothing, except for the shared state of a fleet.
        let error = tokio::time::timeout(Duration::from_secs(1), refused.as_mut()).await.unwrap().unwrap_err();
        assert_eq!((error.code(), error.is_held_back()), (Some("Throttling.Api"), true), "{}", kind.name);
        let Advice::WaitFor(wait) = error.advice() else { panic!("{}: {error}", kind.name) };
        assert!((16..=20).contains(&wait.as_secs()), "{}: {wait:?}", kind.name);
        assert!((&mut { patient }).now_or_never().is_none(), "{}: the patient one still waits", kind.name);
    }
}
