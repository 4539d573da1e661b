//! `decrypt_all` with a busy consumer: calls continue up to their bound.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use privacy_number::emulator::Fault;
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Error, Operation};

use super::{ATTEMPT, BusyTask, ServerOnItsOwnRuntime, emulator, query, shop_with_short_timeouts};
use crate::clients::{once, shop};

#[test]
fn a_busy_consumer_neither_loses_nor_repeats_a_decryption() {
    const ORDERS: usize = 100;
    for busy in BusyTask::KINDS {
        let beside = ServerOnItsOwnRuntime::start(emulator(ORDERS));
        beside.call(async |emulator| {
            emulator.inject(Fault::delay_after(ATTEMPT / 2));
            let mut results = shop_with_short_timeouts(emulator).decrypt_all((0..ORDERS).map(query)).concurrency(2);
            for order in 0..ORDERS {
                let one = results.next().await.unwrap();
                assert_eq!(one.query, query(order));
                let receiver = one.result.unwrap_or_else(|error| panic!("{busy:?}, order {order}: {error}"));
                assert_eq!(receiver.tid, Some(query(order).tid));
                if order % 20 == 7 {
                    busy.pause().await;
                }
            }
            assert!(results.next().await.is_none());
            let ledger = emulator.ledger();
            assert_eq!((ledger.count(OaidDecrypt::NAME), ledger.executed(OaidDecrypt::NAME)), (5, 5), "{busy:?}");
        });
    }
}

#[tokio::test]
async fn decryption_continues_while_its_consumer_is_busy_up_to_its_bound() {
    let emulator = emulator(1_000).await;
    let calls = || emulator.ledger().count(OaidDecrypt::NAME);
    let mut results = shop_with_short_timeouts(&emulator).decrypt_all((0..1_000).map(query)).concurrency(2);
    let progress = results.progress();
    assert!(results.next().await.is_some());
    BusyTask::Awaiting.pause().await;
    // One result was returned and 39 more are ready, with room for 60.
    assert_eq!((calls(), progress.calls(), progress.in_flight(), progress.done()), (5, 5, 0, 1));
    assert_eq!(results.count().await, 999);
    assert_eq!((calls(), progress.done()), (50, 1_000), "a pause makes no smaller calls");
}

#[tokio::test]
async fn a_stream_dropped_while_its_consumer_is_busy_stops() {
    let emulator = emulator(1_000).await;
    emulator.inject(Fault::delay_after(Duration::from_millis(50)));
    let mut results = shop_with_short_timeouts(&emulator).decrypt_all((0..1_000).map(query)).concurrency(2);
    let progress = results.progress();
    assert!(results.next().await.is_some());
    drop(results);
    assert_eq!(progress.in_flight(), 0);
    let made = progress.calls();
    BusyTask::Awaiting.pause().await;
    assert_eq!((progress.calls(), progress.in_flight()), (made, 0));
    assert!(emulator.ledger().count(OaidDecrypt::NAME) <= made);
}

#[tokio::test]
async fn a_panic_of_the_input_reaches_the_consumer() {
    let input = stream::iter(0..).map(|order| if order < 3 { query(order) } else { panic!("no more orders") });
    let results = shop("http://127.0.0.1:1/router/rest", once()).decrypt_stream(input);
    let consuming = tokio::spawn(results.count());
    let panic = consuming.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"no more orders"));
}

#[test]
fn outside_a_runtime_the_work_goes_on_while_it_is_polled() {
    let invalid = (0..50).map(|order| ReceiverQuery::builder().tid(order.to_string()).oaid("").build());
    let mut results = pin!(shop("http://127.0.0.1:1/router/rest", once()).decrypt_all(invalid));
    let mut context = Context::from_waker(Waker::noop());
    for order in 0..50 {
        let Poll::Ready(Some(one)) = results.as_mut().poll_next(&mut context) else { panic!("order {order} waits") };
        assert_eq!(one.query.tid, order.to_string());
        assert!(matches!(one.result, Err(Error::Invalid(_))));
    }
    assert!(matches!(results.as_mut().poll_next(&mut context), Poll::Ready(None)));
}
