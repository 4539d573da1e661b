//! Tasks that poll their calls late: a response that arrived in time counts, and nothing is sent twice.

mod work;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use privacy_number::aliyun::BindAxb;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{OaidDecrypt, ReceiverQuery, Shop};
use privacy_number::{Error, Operation, Outcome, Settings, TransportKind};
use tokio::runtime::{Builder, Runtime};

use crate::clients::{once, shop};
use crate::raw_server::{RawServer, Reply};

/// The timeout of an attempt.
const ATTEMPT: Duration = Duration::from_millis(200);
/// How long a task is busy.
const PAUSE: Duration = Duration::from_millis(500);

/// What a task does between two polls of its calls.
#[derive(Debug, Clone, Copy)]
enum BusyTask {
    /// It awaits something else. The runtime is driven.
    Awaiting,
    /// It blocks the only thread of its runtime.
    Blocking,
}

impl BusyTask {
    const KINDS: [Self; 2] = [Self::Awaiting, Self::Blocking];

    async fn pause(self) {
        match self {
            Self::Awaiting => tokio::time::sleep(PAUSE).await,
            Self::Blocking => thread::sleep(PAUSE),
        }
    }
}

/// A server on its own runtime, which runs while the runtime of the client is blocked.
struct ServerOnItsOwnRuntime<S> {
    _servers: Runtime,
    server: S,
}

impl<S> ServerOnItsOwnRuntime<S> {
    fn start(server: impl Future<Output = S>) -> Self {
        let servers = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = servers.block_on(server);
        Self { _servers: servers, server }
    }

    fn call<T>(&self, calls: impl AsyncFnOnce(&S) -> T) -> T {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(calls(&self.server))
    }
}

fn query(order: usize) -> ReceiverQuery {
    ReceiverQuery::builder().tid((1000 + order).to_string()).oaid(format!("oaid-{order}")).build()
}

async fn emulator(orders: usize) -> Emulator {
    let known = (0..orders).map(query).map(|query| (query.tid, query.oaid.into_exposed()));
    Emulator::builder().orders(known).start().await.unwrap()
}

fn with_short_timeouts(emulator: &Emulator) -> Settings {
    emulator.settings().attempt_timeout(ATTEMPT)
}

fn shop_with_short_timeouts(emulator: &Emulator) -> Shop {
    emulator.top_builder().settings(with_short_timeouts(emulator)).build().unwrap().shop(emulator.session())
}

/// Polls a call until a condition holds, and then no more.
async fn poll_until<F: Future>(mut call: Pin<&mut F>, is_so: impl Fn() -> bool) {
    while !is_so() {
        let is_ready = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
        assert!(!is_ready, "answered too early");
        tokio::task::yield_now().await;
    }
}

#[test]
fn decryptions_answered_while_their_task_is_busy_are_neither_lost_nor_repeated() {
    const CALLS: u64 = 9;
    for busy in BusyTask::KINDS {
        let beside = ServerOnItsOwnRuntime::start(emulator(CALLS as usize));
        beside.call(async |emulator| {
            let shop = shop_with_short_timeouts(emulator);
            let calls = (0..CALLS as usize).map(|order| {
                let shop = shop.clone();
                async move { (order, shop.send(&OaidDecrypt::new([query(order)])).await) }
            });
            let mut answers = stream::iter(calls).buffer_unordered(4);
            while let Some((order, answer)) = answers.next().await {
                let answer = answer.unwrap_or_else(|error| panic!("{busy:?}: {error}"));
                assert_eq!(answer.receivers[0].tid, Some(query(order).tid), "{busy:?}");
                busy.pause().await;
            }
            let ledger = emulator.ledger();
            assert_eq!(
                (ledger.count(OaidDecrypt::NAME), ledger.executed(OaidDecrypt::NAME)),
                (CALLS, CALLS),
                "{busy:?}"
            );
        });
    }
}

#[test]
fn a_binding_answered_while_its_task_is_busy_needs_no_reconciling() {
    for busy in BusyTask::KINDS {
        let beside = ServerOnItsOwnRuntime::start(emulator(1));
        beside.call(async |emulator| {
            // The response arrives in time, while the task is busy.
            emulator.inject(Fault::delay_after(ATTEMPT / 2));
            let client = emulator.aliyun_builder().settings(with_short_timeouts(emulator)).build().unwrap();
            let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a("15000000001");
            let bind = bind.phone_no_b("15000000002").expiration(Utc::now() + TimeDelta::hours(1)).build();
            let mut call = pin!(client.send(&bind));
            poll_until(call.as_mut(), || emulator.ledger().count(BindAxb::NAME) == 1).await;
            busy.pause().await;
            let bound = call.await.unwrap_or_else(|error| panic!("{busy:?}: {error}"));
            assert!(!bound.secret_bind.subs_id.is_empty());
            assert_eq!(emulator.ledger().executed(BindAxb::NAME), 1, "{busy:?}");
        });
    }
}

#[test]
fn a_long_response_received_while_its_task_was_busy_is_read_to_its_end() {
    let long = "x".repeat(200_000);
    let receiver = r#"{"receiver_list":{"receiver":[{"tid":"1000","matched":true}]},"request_id":"r"}"#;
    let body = format!(r#"{{"top_oaid_decrypt_response":{receiver},"further":"{long}"}}"#);
    for busy in BusyTask::KINDS {
        let beside = ServerOnItsOwnRuntime::start(RawServer::start([Reply::ok_keeping_alive(&body)]));
        beside.call(async |server| {
            let shop = shop(server.top_endpoint(), once().attempt_timeout(ATTEMPT));
            let decrypt = OaidDecrypt::new([query(0)]);
            let mut call = pin!(shop.send(&decrypt));
            poll_until(call.as_mut(), || !server.requests().is_empty()).await;
            busy.pause().await;
            let answer = call.await.unwrap_or_else(|error| panic!("{busy:?}: {error}"));
            assert_eq!(answer.receivers.len(), 1);
            assert_eq!(server.requests().len(), 1);
        });
    }
}

#[test]
fn a_gateway_that_never_answers_times_out_for_a_busy_task_too() {
    for busy in BusyTask::KINDS {
        let beside = ServerOnItsOwnRuntime::start(RawServer::start([Reply::Silence]));
        beside.call(async |server| {
            let shop = shop(server.top_endpoint(), once().attempt_timeout(ATTEMPT));
            let decrypt = OaidDecrypt::new([query(0)]);
            let started = Instant::now();
            let mut call = pin!(shop.send(&decrypt));
            assert!(tokio::time::timeout(ATTEMPT / 4, &mut call).await.is_err());
            busy.pause().await;
            let error = call.await.unwrap_err();
            assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::Timeout), "{error}");
            assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unknown, 1));
            let elapsed = started.elapsed();
            assert!((PAUSE..PAUSE + 10 * ATTEMPT).contains(&elapsed), "{busy:?}: {elapsed:?}");
        });
    }
}

#[test]
fn an_attempt_whose_task_waits_takes_no_longer_than_its_timeout() {
    let beside = ServerOnItsOwnRuntime::start(RawServer::start([Reply::Silence]));
    beside.call(async |server| {
        let shop = shop(server.top_endpoint(), once().attempt_timeout(ATTEMPT));
        let error = shop.send(&OaidDecrypt::new([query(0)])).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert!((ATTEMPT..2 * ATTEMPT).contains(&error.elapsed()), "{:?}", error.elapsed());
    });
}

#[test]
fn a_timeout_of_the_users_own_client_does_not_hide_a_response() {
    let beside = ServerOnItsOwnRuntime::start(emulator(1));
    beside.call(async |emulator| {
        let own = reqwest::Client::builder().no_proxy().timeout(ATTEMPT).build().unwrap();
        let settings = with_short_timeouts(emulator).http_client(own);
        let shop = emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session());
        let decrypt = OaidDecrypt::new([query(0)]);
        let mut call = pin!(shop.send(&decrypt));
        emulator.inject(Fault::delay_after(ATTEMPT / 2));
        poll_until(call.as_mut(), || emulator.ledger().count(OaidDecrypt::NAME) == 1).await;
        BusyTask::Awaiting.pause().await;
        assert_eq!(call.await.unwrap().receivers.len(), 1);
        assert_eq!(emulator.ledger().count(OaidDecrypt::NAME), 1);
    });
}
