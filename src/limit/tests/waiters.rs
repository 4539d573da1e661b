//! Waiters that are not polled, together with waiters that are.

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use super::*;

type Paused = BoxFuture<'static, Result<(), NoPermit>>;

/// A waiter that is polled once, and then not any more.
fn paused(limits: &Limits) -> Paused {
    let limits = limits.clone();
    let mut waiter = async move { limits.permit_for(NAME, None, None).await }.boxed();
    assert!((&mut waiter).now_or_never().is_none(), "it has to wait");
    waiter
}

async fn busy(limit: u32) -> Limits {
    let limits = Limits::none().of(NAME, limit);
    limits.permit_for(NAME, None, None).await.unwrap();
    // The permits that may be given together with it.
    while limits.permit_for(NAME, None, None).now_or_never().is_some() {}
    limits
}

#[tokio::test(start_paused = true)]
async fn waiters_that_nobody_polls_hold_up_nobody() {
    for limit in [1_u32, 50, 1000] {
        let limits = busy(limit).await;
        let _paused: Vec<_> = (0..32).map(|_| paused(&limits)).collect();
        let start = Instant::now();
        limits.permit_for(NAME, None, None).await.unwrap();
        // They have the first permit, until they count as not polled.
        let spacing = Duration::from_secs(1) / limit;
        assert!(start.elapsed() <= spacing + Duration::from_millis(50), "{limit}: {:?}", start.elapsed());
        // From now on they count as not polled.
        for _ in 0..3 {
            let start = Instant::now();
            limits.permit_for(NAME, None, None).await.unwrap();
            assert!(start.elapsed() <= spacing + Duration::from_millis(10), "{limit}: {:?}", start.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn waiters_among_others_that_nobody_polls_come_late_once_and_not_each_time() {
    for limit in [100_u32, 500, 5000] {
        let limits = busy(limit).await;
        let mut stalled = Vec::new();
        let mut waiters = Vec::new();
        for _ in 0..100 {
            stalled.push(paused(&limits));
            waiters.push(paused(&limits));
        }
        let start = Instant::now();
        join_all(waiters).await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
        let their_turns = Duration::from_secs(200) / limit;
        assert!(start.elapsed() <= their_turns + Duration::from_millis(50), "{limit}: {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_polled_again_goes_before_those_that_came_later() {
    let limits = busy(10).await;
    let early = paused(&limits);
    // It misses its permit, and another one takes it.
    limits.permit_for(NAME, None, None).await.unwrap();
    let order = Mutex::new(Vec::new());
    let note = async |name, waiter: Paused| {
        waiter.await.unwrap();
        order.lock().unwrap().push(name);
    };
    let late = paused(&limits);
    tokio::join!(note("late", late), note("early", early));
    assert_eq!(*order.lock().unwrap(), ["early", "late"]);
}

#[tokio::test(start_paused = true)]
async fn waiters_that_come_and_go_unpolled_give_no_second_more_than_the_limit() {
    let limits = Limits::none().of(NAME, 100);
    let mut stalled = std::collections::VecDeque::new();
    let mut departures = Vec::new();
    let start = Instant::now();
    for round in 0_u32.. {
        if start.elapsed() > Duration::from_secs(10) {
            break;
        }
        let mut waiter = async { limits.permit_for(NAME, None, None).await }.boxed();
        if (&mut waiter).now_or_never().is_some() {
            departures.push(Instant::now());
        } else {
            stalled.push_back(waiter);
        }
        limits.permit_for(NAME, None, None).await.unwrap();
        departures.push(Instant::now());
        // Some are dropped, some are polled again.
        if round % 3 == 0
            && let Some(mut waiter) = stalled.pop_front()
            && (&mut waiter).now_or_never().is_some()
        {
            departures.push(Instant::now());
        }
    }
    assert_no_second_above(100, &departures);
    assert!(departures.len() > 300, "{}", departures.len());
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_workflow_waits_for_its_permit_beyond_its_deadline_which_is_put_off() {
    let limits = busy(1).await;
    let start = Instant::now();
    let mut deadline = start.checked_add(Duration::from_millis(300));
    let _waiters: Vec<_> = (0..4).map(|_| tokio::spawn(paused(&limits))).collect();
    drop(limits.permit(call(NAME), &mut deadline, PermitWait::Unbounded).await.unwrap());
    assert!(start.elapsed() > Duration::from_secs(4), "{:?}", start.elapsed());
    let left = deadline.unwrap().duration_since(Instant::now());
    assert!((290..=300).contains(&left.as_millis()), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn a_ban_counts_against_the_deadline_of_a_call_of_a_workflow() {
    let limits = Limits::none().of(NAME, 10);
    let start = Instant::now();
    let mut deadline = start.checked_add(Duration::from_secs(5));
    limits.ban_of(NAME, Duration::from_secs(3), None).await;
    drop(limits.permit(call(NAME), &mut deadline, PermitWait::Unbounded).await.unwrap());
    let left = deadline.unwrap().duration_since(Instant::now());
    assert!((1990..=2000).contains(&left.as_millis()), "{left:?}");
    limits.ban_of(NAME, Duration::from_secs(3), None).await;
    let Err(refused) = limits.permit(call(NAME), &mut deadline, PermitWait::Unbounded).await else { panic!("it went") };
    assert_eq!((refused.wait, refused.ban.is_some()), (Duration::from_secs(3), true));
}
