//! Ten thousand binds over an unreliable connection.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::StreamExt;
use futures_util::stream;
use privacy_number::aliyun::{BindAxb, BindError, Binding, QuerySubsId};
use privacy_number::emulator::{Emulator, Fault};

use super::client;

const BINDS: usize = 10_000;
/// Small pools, since each bind searches its pool for X.
const PER_POOL: usize = 50;
const AT_ONCE: usize = 16;

fn pool_key(bind: usize) -> String {
    format!("FC{:06}", bind / PER_POOL)
}

fn number_x(bind: usize) -> String {
    format!("170{bind:08}")
}

async fn emulator() -> Emulator {
    let pools = (0..BINDS).step_by(PER_POOL);
    let seeded = pools.fold(Emulator::builder(), |builder, first| {
        builder.pool(pool_key(first), (first..first + PER_POOL).map(|bind| ("杭州", number_x(bind))))
    });
    seeded.start().await.unwrap()
}

/// Binds them all; each names its own X, or none.
async fn bind_all(emulator: &Emulator, binds: usize, names_x: bool) -> Vec<Result<Binding, BindError>> {
    let client = client(emulator);
    let end = emulator.clock().now() + TimeDelta::days(7);
    stream::iter(0..binds)
        .map(|bind| {
            let client = client.clone();
            let request = BindAxb::builder()
                .pool_key(pool_key(bind))
                .phone_no_a(format!("150{bind:08}"))
                .phone_no_b(format!("151{bind:08}"))
                .maybe_phone_no_x(names_x.then(|| number_x(bind)))
                .out_id(format!("order-{bind}"))
                .expiration(end)
                .build();
            async move { tokio::spawn(async move { client.bind_reconciled(&request).await }).await.unwrap() }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_binds_that_name_x_end_with_exactly_one_binding_each() {
    let emulator = emulator().await;
    emulator.inject(Fault::reset_after_execution().on("BindAxb").probability(0.05, 1));
    // A bind fails after three lost responses in a row: at one in five hundred that does not happen here.
    emulator.inject(Fault::reset_before_execution().on("BindAxb").probability(0.002, 2));
    emulator.inject(Fault::reset_after_execution().on("QuerySubsId").probability(0.05, 3));
    emulator.inject(Fault::reset_after_execution().on("QuerySubscriptionDetail").probability(0.05, 4));
    let results = bind_all(&emulator, BINDS, true).await;
    let failed: Vec<String> = results.iter().filter_map(|result| Some(result.as_ref().err()?.to_string())).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let bindings: Vec<Binding> = results.into_iter().filter_map(Result::ok).collect();

    // Each task has its own binding: none is left over, none is shared.
    assert_eq!(emulator.ledger().executed("BindAxb"), BINDS as u64);
    let ids: HashSet<&str> = bindings.iter().map(|binding| binding.subs_id.as_str()).collect();
    assert_eq!(ids.len(), BINDS);
    for (bind, binding) in bindings.iter().enumerate() {
        assert_eq!(binding.secret_no.expose(), number_x(bind));
    }
    let searches = emulator.ledger().count("QuerySubsId");
    assert!(searches > BINDS as u64 / 25, "about one in twenty was searched for: {searches}");
    emulator.clear_faults();
    let client = client(&emulator);
    for bind in (0..BINDS).step_by(97) {
        let query = QuerySubsId::builder().pool_key(pool_key(bind)).phone_no_x(number_x(bind)).build();
        assert_eq!(client.send(&query).await.unwrap().subs_ids, [bindings[bind].subs_id.as_str()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_x_nothing_is_bound_twice_and_every_lost_bind_is_reported() {
    const BINDS: usize = 2_000;
    let emulator = emulator().await;
    emulator.inject(Fault::reset_after_execution().on("BindAxb").probability(0.05, 5));
    let results = bind_all(&emulator, BINDS, false).await;
    let ledger = emulator.ledger();
    assert_eq!((ledger.count("BindAxb"), ledger.executed("BindAxb")), (BINDS as u64, BINDS as u64));
    let lost = ledger.entries().iter().filter(|entry| entry.fault == Some("reset_after_execution")).count();
    let errors: Vec<&BindError> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(lost > BINDS / 25 && errors.len() == lost, "{lost} lost, {} reported", errors.len());
    assert!(errors.iter().all(|error| error.needs_reconciling()));
    let ids: HashSet<&str> =
        results.iter().filter_map(|result| result.as_ref().ok()).map(|binding| binding.subs_id.as_str()).collect();
    assert_eq!(ids.len() + lost, BINDS);
}
