//! Calls of one process that are not polled, together with calls that are.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::*;
use crate::limit::NoPermit;

type Paused = BoxFuture<'static, Result<(), NoPermit>>;

/// A call that is polled once, and then not any more.
fn paused(limits: &Limits) -> Paused {
    let limits = limits.clone();
    let mut call = async move { limits.permit_for(NAME, None, None).await }.boxed();
    assert!((&mut call).now_or_never().is_none(), "it has to wait");
    call
}

#[tokio::test(start_paused = true)]
async fn calls_that_nobody_polls_hold_up_nobody() {
    let shared = InMemory::default();
    let limits = machine(&shared, 100);
    limits.permit_for(NAME, None, None).await.unwrap();
    shared.reply_after(2, 2);
    // The first of them sends the request, and is not polled when the reply arrives.
    let _paused: Vec<_> = (0..32).map(|_| paused(&limits)).collect();
    let start = Instant::now();
    limits.permit_for(NAME, None, None).await.unwrap();
    // The timeout, and a permit of each.
    assert!(start.elapsed() < Duration::from_millis(50 + 400 + 50), "{:?}", start.elapsed());
    for _ in 0..10 {
        let start = Instant::now();
        limits.permit_for(NAME, None, None).await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(25), "{:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn reserved_permits_go_to_whoever_is_polled() {
    let shared = InMemory::default();
    let limits = machine(&shared, 1);
    limits.permit_for(NAME, None, None).await.unwrap();
    // Its permit is due in a second. It is not polled any more.
    let mut asker = paused(&limits);
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!((&mut asker).now_or_never().is_none());
    }
    let asked = shared.asked(NAME);
    let start = Instant::now();
    let other = limits.clone();
    // It comes later, so it waits behind the first call; the permit is discarded 20 ms after it was due.
    let other = tokio::spawn(async move { other.permit_for(NAME, None, None).await });
    other.await.unwrap().unwrap();
    assert!(start.elapsed() < 2 * SECOND + SECOND / 10, "{:?}", start.elapsed());
    assert!(shared.asked(NAME) <= asked + 1, "{}", shared.asked(NAME));
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_pauses_is_no_outage() {
    let shared = InMemory::default();
    let limits = machine(&shared, 100);
    for _ in 0..10 {
        limits.permit_for(NAME, None, None).await.unwrap();
    }
    shared.reply_after(2, 2);
    let asker = paused(&limits);
    tokio::time::sleep(SECOND).await;
    asker.await.unwrap();
    // During an outage each machine has a quarter of the limit.
    let departures = departures(std::slice::from_ref(&limits), 4, Instant::now() + 2 * SECOND).await;
    assert!(departures.len() > 150, "{}", departures.len());
    assert!(most_in_a_second(&departures) <= 100);
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_short_deadline_behind_a_patient_one_hears_of_a_ban_at_once() {
    let shared = InMemory::default();
    let limits = machine(&shared, 10);
    limits.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    limits.ban_of(NAME, 20 * SECOND, None).await;
    let patient = limits.clone();
    let patient = tokio::spawn(async move { patient.permit_for(NAME, None, Some(start + 60 * SECOND)).await });
    tokio::time::sleep(SECOND).await;
    let refused = limits.permit_for(NAME, None, Some(Instant::now() + 5 * SECOND)).await.unwrap_err();
    assert_eq!((start.elapsed(), refused.wait), (SECOND, 19 * SECOND));
    assert!(refused.ban.is_some());
    patient.await.unwrap().unwrap();
    assert!(start.elapsed() >= 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_workflow_waits_longer_than_the_store_looks_ahead() {
    let shared = InMemory::default();
    shared.look_ahead(3 * SECOND);
    let limits = machine(&shared, 1);
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let limits = limits.clone();
        let mut deadline = Some(Instant::now() + SECOND);
        waiting.push(tokio::spawn(async move {
            limits.permit(call(NAME), &mut deadline, PermitWait::Unbounded).await.map(drop)
        }));
    }
    for waiting in waiting {
        waiting.await.unwrap().unwrap();
    }
}

#[test]
fn a_question_on_a_runtime_that_nobody_drives_is_no_outage() {
    let stalled = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shared = InMemory::default();
    shared.fail(super::in_memory::Failing::Silently);
    let limits = machine(&shared, 100);
    let asking = limits.clone();
    let _asker = stalled.spawn(async move { asking.permit_for(NAME, None, None).await });
    // It sends a request, and its runtime does not run when the timeout ends.
    stalled.block_on(tokio::task::yield_now());
    stalled.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    assert_eq!(shared.asked(GATEWAY), 1);
    std::thread::sleep(Duration::from_millis(1200));
    stalled.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    assert!(!limits.fleet.as_ref().unwrap().outage.is_known());
}
