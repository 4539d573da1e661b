//! Ten thousand orders over an unreliable connection, and what ends or bounds the work.

mod bounds;
mod endings;
mod line;

use std::time::Duration;

use privacy_number::emulator::Emulator;
use privacy_number::top::{Decrypted, OaidDecrypt, ReceiverQuery, Shop};
use privacy_number::{Operation, RetryPolicy};

fn query(order: usize) -> ReceiverQuery {
    ReceiverQuery::builder().tid((7_000_000 + order).to_string()).oaid(format!("oaid-{order}")).build()
}

fn queries(orders: std::ops::Range<usize>) -> Vec<ReceiverQuery> {
    orders.map(query).collect()
}

/// An order whose OAID TOP refuses, and with it every call that contains it.
fn wrong(order: usize) -> ReceiverQuery {
    ReceiverQuery::builder().tid(query(order).tid).oaid(format!("wrong-{order}")).build()
}

/// An emulator with this many orders.
async fn emulator(orders: usize) -> Emulator {
    let known = queries(0..orders).into_iter().map(|query| (query.tid, query.oaid.into_exposed()));
    Emulator::builder().orders(known).start().await.unwrap()
}

/// The shop, with this many attempts and a backoff of one millisecond.
fn shop(emulator: &Emulator, attempts: u32) -> Shop {
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(attempts).first_backoff(pause).first_throttled_backoff(pause);
    let settings = emulator.settings().retry(policy.max_backoff(pause));
    emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session())
}

/// How many requests were received.
fn calls(emulator: &Emulator) -> u64 {
    emulator.ledger().count(OaidDecrypt::NAME)
}

/// Asserts that the receiver belongs to its order.
fn assert_decrypted(one: &Decrypted) {
    let receiver = one.result.as_ref().unwrap();
    assert_eq!(receiver.tid.as_deref(), Some(one.query.tid.as_str()));
    assert_eq!(receiver.oaid.as_ref(), Some(&one.query.oaid));
}
