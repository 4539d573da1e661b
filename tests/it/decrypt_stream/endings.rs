//! A refusal that applies to every order ends the stream: the rest is never sent.

use std::time::Duration;

use futures_util::StreamExt;
use privacy_number::emulator::{Decryption, Emulator, Fault, Throttle};
use privacy_number::top::{Decrypted, Shop};
use privacy_number::{Advice, Outcome};

use super::{assert_decrypted, calls, emulator, queries, shop, wrong};

async fn one_call_at_a_time(shop: &Shop, orders: usize) -> Vec<Decrypted> {
    shop.decrypt_all(queries(0..orders)).concurrency(1).collect().await
}

fn endings() -> [(Fault, &'static str); 6] {
    [
        (Fault::quota_exceeded(), "isv.decryption-quota-exceeded"),
        (Fault::error("isv.decryption-disabled-by-seller"), "isv.decryption-disabled-by-seller"),
        (Fault::error("isv.app-decryption-disabled-by-seller"), "isv.app-decryption-disabled-by-seller"),
        (Fault::error("27:session-expired"), "session-expired"),
        (Fault::error("isv.lack-of-balance"), "isv.lack-of-balance"),
        (Fault::throttled(Throttle::App, Duration::from_secs(31_062)), "accesscontrol.limited-by-app-access-count"),
    ]
}

fn is_final(advice: Advice) -> bool {
    matches!(advice, Advice::WaitUntil(_) | Advice::WaitFor(_))
        || [Advice::AskSeller, Advice::RefreshSession, Advice::TopUp].contains(&advice)
}

/// Asserts that the first orders are decrypted, one call is refused, and the others were never sent.
fn assert_ended(results: &[Decrypted], decrypted: usize, refused: usize, sub_code: &str) {
    for (order, one) in results.iter().enumerate() {
        if order < decrypted {
            assert_decrypted(one);
            continue;
        }
        let error = one.result.as_ref().unwrap_err();
        assert_eq!(error.sub_code(), Some(sub_code), "order {order}");
        assert!(is_final(error.advice()), "order {order}: {error}");
        if order >= decrypted + refused {
            assert_eq!((error.outcome(), error.attempts()), (Outcome::NotExecuted, 0), "order {order}: {error}");
        } else {
            assert_eq!(error.attempts(), 1, "order {order}: {error}");
        }
    }
}

#[tokio::test]
async fn a_refusal_of_all_orders_ends_the_stream() {
    for (fault, sub_code) in endings() {
        let emulator = emulator(400).await;
        emulator.inject(fault.after(3));
        let results = one_call_at_a_time(&shop(&emulator, 3), 400).await;
        assert_eq!((results.len(), calls(&emulator)), (400, 4), "{sub_code}");
        assert_ended(&results, 60, 20, sub_code);
    }
}

#[tokio::test]
async fn calls_in_flight_are_finished_and_no_further_one_is_sent() {
    for (fault, sub_code) in endings() {
        let emulator = emulator(400).await;
        emulator.inject(fault.after(4));
        let mut decryption = shop(&emulator, 3).decrypt_all(queries(0..400)).concurrency(4);
        let results: Vec<Decrypted> = decryption.by_ref().collect().await;
        assert_eq!(results.len(), 400, "{sub_code}");
        // The fifth call is refused; at most three more were in flight.
        assert!((5..=8).contains(&calls(&emulator)), "{sub_code}: {} calls", calls(&emulator));
        let decrypted = results.iter().filter(|one| one.result.is_ok()).count();
        assert_eq!(decrypted, 80, "{sub_code}");
        let progress = decryption.progress();
        assert_eq!((progress.done(), progress.failed(), progress.in_flight()), (400, 320, 0), "{sub_code}");
    }
}

#[tokio::test]
async fn isolating_a_bad_order_stops_as_well() {
    for (fault, sub_code) in endings() {
        let emulator = emulator(100).await;
        let mut input = queries(0..100);
        input[5] = wrong(5);
        // The call of 20 is refused for the bad order, and the call of its first half by the code that ends the stream.
        emulator.inject(fault.after(1));
        let results: Vec<Decrypted> = shop(&emulator, 3).decrypt_all(input).concurrency(1).collect().await;
        assert_eq!((results.len(), calls(&emulator)), (100, 2), "{sub_code}");
        assert_ended(&results, 0, 10, sub_code);
    }
}

#[tokio::test]
async fn isolating_a_bad_order_stops_when_another_call_meets_the_end() {
    let emulator = emulator(100).await;
    let mut input = queries(0..40);
    for bad in (0..20).step_by(2) {
        input[bad] = wrong(bad);
    }
    emulator.inject(Fault::quota_exceeded().after(4));
    let results: Vec<Decrypted> = shop(&emulator, 1).decrypt_all(input).concurrency(2).collect().await;
    assert_eq!(results.len(), 40);
    assert!(calls(&emulator) <= 6, "{} calls", calls(&emulator));
}

#[tokio::test]
async fn a_daily_quota_decrypts_as_many_orders_as_it_allows() {
    let known = queries(0..200).into_iter().map(|query| (query.tid, query.oaid.into_exposed()));
    let emulator = Emulator::builder().orders(known).decryptions_per_day(100).start().await.unwrap();
    let results = one_call_at_a_time(&shop(&emulator, 3), 200).await;
    assert_ended(&results, 100, 20, "isv.decryption-quota-exceeded");
    assert_eq!(calls(&emulator), 6);
}

#[tokio::test]
async fn a_shop_whose_decryption_is_switched_off_gets_one_call() {
    let emulator = emulator(100).await;
    emulator.gateways().set_decryption(Decryption::OffForApp);
    let results = one_call_at_a_time(&shop(&emulator, 3), 100).await;
    assert_ended(&results, 0, 20, "isv.app-decryption-disabled-by-seller");
    assert_eq!(calls(&emulator), 1);
}

#[tokio::test]
async fn a_short_ban_is_waited_out_and_ends_nothing() {
    let emulator = emulator(100).await;
    emulator.inject(Fault::throttled(Throttle::Product, Duration::ZERO).times(3));
    let results = one_call_at_a_time(&shop(&emulator, 5), 100).await;
    results.iter().for_each(assert_decrypted);
    assert_eq!(calls(&emulator), 5 + 3);
}
