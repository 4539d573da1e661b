//! The shared limit does not reply, or replies too slowly.

use super::in_memory::Failing;
use super::*;

#[tokio::test(start_paused = true)]
async fn each_machine_keeps_to_its_part_of_the_limit_and_asks_once_in_a_pause() {
    let shared = InMemory::default();
    shared.fail(Failing::AtOnce);
    let limits = machine(&shared, 200);
    let departures = departures(std::slice::from_ref(&limits), 3, Instant::now() + 10 * SECOND).await;
    assert!(most_in_a_second(&departures) <= 50);
    assert!((480..=500).contains(&departures.len()), "{}", departures.len());
    assert!((9..=11).contains(&shared.asked(NAME)), "{}", shared.asked(NAME));
}

#[tokio::test(start_paused = true)]
async fn no_call_waits_for_a_reply_longer_than_the_timeout() {
    let shared = InMemory::default();
    shared.fail(Failing::Silently);
    let limits = machine(&shared, 1000);
    for _ in 0..2000 {
        let start = Instant::now();
        limits.permit_for(NAME, None, None).await.unwrap();
        // Its permit at a quarter of the limit is at most 5 ms away.
        assert!(start.elapsed() <= Duration::from_millis(50 + 6), "{:?}", start.elapsed());
    }
    let start = Instant::now();
    limits.ban_of("QuerySubsId", SECOND, None).await;
    assert!(start.elapsed() <= Duration::from_millis(50), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn replies_that_are_too_slow_to_be_used_count_as_none() {
    let shared = InMemory::default();
    shared.reply_after(30, 30);
    let limits = machine(&shared, 100);
    let start = Instant::now();
    limits.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() <= Duration::from_millis(50), "{:?}", start.elapsed());
    let departures = departures(std::slice::from_ref(&limits), 2, start + 5 * SECOND).await;
    assert!(most_in_a_second(&departures) <= 25);
    assert!(departures.len() > 100, "{}", departures.len());
    // The first call asks twice; a late reply must not end the outage.
    assert!(shared.asked(NAME) <= 2 + 5, "{}", shared.asked(NAME));
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_shared_again_when_replies_come_again() {
    let shared = InMemory::default();
    let machines = [machine(&shared, 100), machine(&shared, 100)];
    shared.fail(Failing::Silently);
    assert!(departures(&machines, 2, Instant::now() + 3 * SECOND).await.len() <= 2 * 25 * 3 + 2);
    shared.fail(None);
    tokio::time::sleep(SECOND).await;
    let departures = departures(&machines, 2, Instant::now() + 3 * SECOND).await;
    assert!(most_in_a_second(&departures) <= 100);
    assert!(departures.len() > 270, "{}", departures.len());
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_too_long_for_the_machines_part_refuses_at_once() {
    let shared = InMemory::default();
    shared.fail(Failing::AtOnce);
    let limits = machine(&shared, 4);
    let waiting = join_all((0..10).map(|_| limits.permit_for(NAME, None, None)));
    let refused = async {
        // The first of them detects the outage.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let start = Instant::now();
        let refused = limits.permit_for(NAME, None, Some(start + 5 * SECOND)).await;
        (refused, start.elapsed())
    };
    let (_, (refused, after)) = tokio::join!(waiting, refused);
    assert!(refused.as_ref().is_err_and(|refused| refused.wait > 8 * SECOND), "{refused:?}");
    assert_eq!(after, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn bans_are_kept_during_an_outage() {
    let shared = InMemory::default();
    shared.fail(Failing::AtOnce);
    let limits = machine(&shared, 100);
    limits.ban_of(NAME, 3 * SECOND, None).await;
    let start = Instant::now();
    limits.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() >= 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_reply_sent_before_an_outage_does_not_end_it() {
    let outage = Outage::new(SECOND);
    let before = Instant::now();
    tokio::time::sleep(Duration::from_millis(10)).await;
    outage.failed(Unavailable::new("gone"));
    outage.replied(before);
    assert!(!outage.may_try());
    tokio::time::sleep(SECOND).await;
    assert!(outage.may_try(), "one may ask after the interval");
    assert!(!outage.may_try(), "the others go on without");
    outage.replied(Instant::now());
    assert!(outage.may_try());
}
