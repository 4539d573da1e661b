use futures_util::StreamExt;
use privacy_number::emulator::{Fault, Throttle};
use privacy_number::top::{Decrypted, ReceiverQuery, Scene};
use privacy_number::{Advice, Outcome};

use super::{assert_decrypted, calls, emulator, queries, query, shop, wrong};

/// The number of calls that halving takes to decrypt a group with unknown bad orders, if nothing is sent
/// whose result can be inferred:
///
/// - `calls(group) = 1`, plus `isolate(group)` if that call is refused;
/// - `isolate(one order) = 0`: it is the bad one;
/// - `isolate(group) = 1 + isolate(second half)` if the first half has no bad order: it succeeds, so the second half
///   need not be sent whole to know that it is refused;
/// - `isolate(group) = calls(first half) + calls(second half)` otherwise.
fn fewest_calls(bad: &[bool]) -> u64 {
    1 + if bad.contains(&true) { isolate(bad) } else { 0 }
}

fn isolate(bad: &[bool]) -> u64 {
    let (first, second) = bad.split_at(bad.len() / 2);
    match (first.is_empty(), first.contains(&true)) {
        (true, _) => 0,
        (_, false) => 1 + isolate(second),
        (_, true) => fewest_calls(first) + fewest_calls(second),
    }
}

#[test]
fn the_fewest_calls_are_as_counted_by_hand() {
    let one_bad = |position| (0..20).map(|index| index == position).collect::<Vec<_>>();
    // 20 | 10 10 | 5 5 | 2 3 | 1 1, and with the last one bad 20 | 10 | 5 | 2 | 1 | 1.
    assert_eq!((fewest_calls(&one_bad(0)), fewest_calls(&one_bad(19))), (9, 6));
    assert_eq!((fewest_calls(&[false; 20]), fewest_calls(&[true]), fewest_calls(&[true; 20])), (1, 1, 39));
    assert_eq!((fewest_calls(&[false, true]), fewest_calls(&[true, false])), (2, 3));
}

const ORDERS: usize = 10_007;

/// One bad order in each hundred, each at another position.
fn is_wrong(order: usize) -> bool {
    order % 100 == (order / 100 * 37) % 100
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_orders_over_an_unreliable_connection_return_once_each_in_order_with_the_fewest_calls() {
    let emulator = emulator(ORDERS).await;
    emulator.inject(Fault::reset_after_execution().probability(0.01, 11));
    emulator.inject(Fault::torn_body().probability(0.01, 12));
    emulator.inject(Fault::throttled(Throttle::AppApi, std::time::Duration::ZERO).probability(0.02, 13));
    let input: Vec<_> = (0..ORDERS).map(|order| if is_wrong(order) { wrong(order) } else { query(order) }).collect();

    let mut decryption = shop(&emulator, 10).decrypt_all(input.clone()).concurrency(6);
    let results: Vec<Decrypted> = decryption.by_ref().collect().await;

    assert_eq!(results.len(), ORDERS);
    let mut failed = 0;
    for (order, (one, asked)) in results.iter().zip(&input).enumerate() {
        assert_eq!(&one.query, asked);
        if is_wrong(order) {
            let error = one.result.as_ref().unwrap_err();
            assert_eq!((error.sub_code(), error.advice()), (Some("isv.oaid-invalid"), Advice::RefreshOaid));
            failed += 1;
        } else {
            assert_decrypted(one);
        }
    }
    assert_eq!(failed, 101, "one in each hundred");

    let bad: Vec<bool> = (0..ORDERS).map(is_wrong).collect();
    let fewest: u64 = bad.chunks(20).map(fewest_calls).sum();
    let progress = decryption.progress();
    assert_eq!((progress.calls(), progress.done(), progress.failed()), (fewest, ORDERS as u64, failed));
    assert_eq!(progress.in_flight(), 0);
    // Only the calls that failed by a fault were retried.
    let spoilt = emulator.ledger().entries().iter().filter(|entry| entry.fault.is_some()).count() as u64;
    assert!(spoilt > fewest / 50, "{spoilt} faults");
    assert_eq!(calls(&emulator), fewest + spoilt);
}

#[tokio::test]
async fn a_call_whose_responses_are_all_lost_fails_its_own_orders_alone() {
    let emulator = emulator(60).await;
    emulator.inject(Fault::reset_after_execution().after(1).times(3));
    let results: Vec<Decrypted> = shop(&emulator, 3).decrypt_all(queries(0..60)).concurrency(1).collect().await;
    for (order, one) in results.iter().enumerate() {
        if (20..40).contains(&order) {
            let error = one.result.as_ref().unwrap_err();
            assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Retry));
        } else {
            assert_decrypted(one);
        }
    }
    assert_eq!(calls(&emulator), 5, "a lost response is no refusal of an order, so nothing is halved");
}

#[tokio::test]
async fn a_repeated_order_is_sent_once_and_returned_each_time() {
    let emulator = emulator(20).await;
    let input: Vec<ReceiverQuery> = queries(0..10).into_iter().flat_map(|query| vec![query; 5]).collect();
    let mut decryption = shop(&emulator, 1).decrypt_all(input.clone());
    let results: Vec<Decrypted> = decryption.by_ref().collect().await;
    assert_eq!(results.iter().map(|one| &one.query).collect::<Vec<_>>(), input.iter().collect::<Vec<_>>());
    results.iter().for_each(assert_decrypted);
    assert_eq!((calls(&emulator), decryption.progress().done()), (1, 50));
}

#[tokio::test]
async fn two_scenes_of_one_order_are_two_queries_in_two_calls() {
    let emulator = emulator(20).await;
    let scenes = [Scene::StoreShipping, Scene::AddressChange, Scene::NameView];
    let input = scenes.map(|scene| {
        let ReceiverQuery { tid, oaid, .. } = query(7);
        ReceiverQuery::builder().tid(tid).oaid(oaid).scene(scene).build()
    });
    let results: Vec<Decrypted> = shop(&emulator, 1).decrypt_all(input).collect().await;
    results.iter().for_each(assert_decrypted);
    let has = |index: usize| {
        let receiver = results[index].result.as_ref().unwrap();
        (receiver.name.is_some(), receiver.mobile.is_some(), receiver.address_detail.is_some())
    };
    assert_eq!([has(0), has(1), has(2)], [(true, true, true), (false, false, true), (true, false, false)]);
    assert_eq!(calls(&emulator), 3, "answers are matched by tid alone");
}
