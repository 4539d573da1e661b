//! Futures that are dropped at every point where they wait: the next call behaves as if they had never existed.

mod bindings;
mod callers;
mod downloads;
mod keys;
mod reports;
mod waiting;

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::future::join;
use futures_util::{StreamExt, TryStreamExt, stream};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{OaidDecrypt, ProviderError, ReceiverQuery, SecretGroupQuery, SessionProvider};
use privacy_number::{Limits, Secret, aliyun, top};

/// More polls than any future here needs.
const MOST_POLLS: usize = 5000;
/// Timeout of one round. A lock that is never released appears as a call that never ends.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Polls a future at most `polls` times, then drops it. Returns its output if it was ready before.
async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(move |context| {
        let Some(rest) = left.checked_sub(1) else { return Poll::Ready(None) };
        left = rest;
        match future.as_mut().poll(context) {
            Poll::Pending if left == 0 => Poll::Ready(None),
            result => result.map(Some),
        }
    })
    .await
}

/// Runs `round` with 0 polls before the drop, with 1, and so on, until it returns that the future was ready.
async fn at_every_poll(round: impl AsyncFn(usize) -> bool) {
    for polls in 0..MOST_POLLS {
        let ready = tokio::time::timeout(TIMEOUT, round(polls)).await;
        if ready.unwrap_or_else(|_| panic!("a call hangs after a drop at poll {polls}")) {
            assert!(polls > 1, "it never waited");
            return;
        }
    }
    panic!("it is never ready");
}

fn decryption() -> OaidDecrypt {
    OaidDecrypt::new([ReceiverQuery::builder().tid("2001").oaid("oaid-2001").build()])
}

/// A binding whose parties no other binding has.
fn bind(number: usize, number_x: Option<&str>) -> aliyun::BindAxb {
    let bind = aliyun::BindAxb::builder().pool_key("FC100000000000001").phone_no_a(format!("150{number:08}"));
    let bind = bind.phone_no_b(format!("159{number:08}")).expiration(Utc::now() + TimeDelta::hours(2));
    bind.maybe_phone_no_x(number_x).build()
}

/// Loses the response to the next bind. Removes the bindings of earlier rounds: a search reads every binding at X, so
/// that they would make each round longer.
fn lose_next_bind(emulator: &Emulator) {
    emulator.reset();
    emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
}

fn remaining() -> aliyun::QuerySecretNoRemain {
    aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build()
}

#[tokio::test]
async fn a_dropped_call_does_not_affect_the_next() {
    let emulator = Emulator::start().await.unwrap();
    let shop = emulator.shop().unwrap();
    at_every_poll(async |polls| {
        let ready = drop_after(polls, shop.send(&decryption())).await;
        shop.send(&decryption()).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_bind_is_sent_at_most_once() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    at_every_poll(async |polls| {
        let ready = drop_after(polls, client.send(&bind(polls, None))).await;
        client.send(&remaining()).await.unwrap();
        assert!(emulator.ledger().count("BindAxb") <= polls as u64 + 1);
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_reconciled_bind_binds_at_most_once() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.aliyun().unwrap();
    at_every_poll(async |polls| {
        lose_next_bind(&emulator);
        let ready = drop_after(polls, client.bind_reconciled(&bind(polls, Some("17000000001")))).await;
        client.send(&remaining()).await.unwrap();
        assert!(emulator.ledger().executed("BindAxb") <= 1);
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_change_of_callers_can_be_made_again() {
    let emulator = Emulator::start().await.unwrap();
    let shop = emulator.shop().unwrap();
    let callers: Vec<_> = (0..45).map(|number| format!("131{number:08}")).collect();
    at_every_poll(async |polls| {
        let ready = drop_after(polls, shop.ensure_callers("oaid-2001", &callers).into_future()).await;
        let report = shop.ensure_callers("oaid-2001", &callers).await.unwrap();
        assert!(report.is_complete());
        shop.remove_callers("oaid-2001", &callers).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

async fn many_orders() -> (Emulator, Vec<ReceiverQuery>) {
    let emulator = Emulator::builder().generated_orders(90).start().await.unwrap();
    let query = |(tid, oaid): (String, String)| ReceiverQuery::builder().tid(tid).oaid(oaid).build();
    let queries = emulator.orders().into_iter().map(query).collect();
    (emulator, queries)
}

#[tokio::test]
async fn waiting_for_the_next_receiver_can_be_dropped_without_losing_one() {
    let (emulator, queries) = many_orders().await;
    let shop = emulator.shop().unwrap();
    at_every_poll(async |polls| {
        let mut all = shop.decrypt_all(queries.clone());
        let progress = all.progress();
        let first = drop_after(polls, all.next()).await;
        let ready = first.is_some();
        let rest = stream::iter(first.flatten()).chain(all);
        let results: Vec<_> = rest.map(|one| one.result.map(|_| one.query.tid)).try_collect().await.unwrap();
        assert!(results.iter().eq(queries.iter().map(|query| &query.tid)), "after {polls} polls");
        assert_eq!((progress.in_flight(), progress.done()), (0, queries.len() as u64));
        ready
    })
    .await;
}

#[tokio::test]
async fn a_dropped_stream_has_no_call_in_flight() {
    let (emulator, queries) = many_orders().await;
    let shop = emulator.shop().unwrap();
    at_every_poll(async |polls| {
        let all = shop.decrypt_all(queries.clone());
        let progress = all.progress();
        let ready = drop_after(polls, all.collect::<Vec<_>>()).await;
        assert_eq!(progress.in_flight(), 0, "after {polls} polls");
        shop.send(&decryption()).await.unwrap();
        ready.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_call_dropped_in_the_queue_of_a_limit_keeps_no_permit_and_no_lock() {
    let emulator = Emulator::start().await.unwrap();
    let limits = Limits::none().of("QuerySecretNoRemain", 100);
    let client = emulator.aliyun_builder().settings(emulator.settings().limits(limits)).build().unwrap();
    let call = async || client.send(&remaining()).await.unwrap();
    at_every_poll(async |polls| {
        // One call before the dropped one, one after it: neither waits for it.
        let dropped = drop_after(polls, join(call(), call()));
        let (ready, ()) = join(dropped, async { drop(join(call(), call()).await) }).await;
        let started = std::time::Instant::now();
        call().await;
        assert!(started.elapsed() < Duration::from_secs(1), "after {polls} polls");
        ready.is_some()
    })
    .await;
}

/// Returns an expired session, and needs several polls to refresh it.
#[derive(Default)]
struct Provider {
    refreshing: Arc<AtomicUsize>,
}

impl SessionProvider for Provider {
    async fn session(&self, _: &str) -> Result<Secret, ProviderError> {
        tokio::task::yield_now().await;
        Ok(Secret::from("expired-session"))
    }

    async fn refresh(&self, _: &str, _: &Secret) -> Result<Secret, ProviderError> {
        let _one = ExclusiveCall::enter(&self.refreshing);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        Ok(Secret::from("emulator-session"))
    }
}

struct ExclusiveCall(Arc<AtomicUsize>);

impl ExclusiveCall {
    fn enter(count: &Arc<AtomicUsize>) -> Self {
        assert_eq!(count.fetch_add(1, Ordering::SeqCst), 0, "two refreshes at once");
        Self(Arc::clone(count))
    }
}

impl Drop for ExclusiveCall {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_call_dropped_while_a_session_is_refreshed_leaves_the_refresh_to_the_next() {
    let emulator = Emulator::start().await.unwrap();
    let top: top::Client = emulator.top().unwrap();
    let query = SecretGroupQuery::builder().oaid("oaid-2001").build();
    at_every_poll(async |polls| {
        let shop = top.shops(Provider::default()).shop("seller-1");
        let (ready, other) = join(drop_after(polls, shop.send(&query)), shop.send(&query)).await;
        other.unwrap();
        shop.send(&query).await.unwrap();
        ready.map(Result::unwrap).is_some()
    })
    .await;
}
