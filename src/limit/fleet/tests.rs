//! Machines in one process, with a shared limit in memory, on a paused clock.

mod bans;
mod in_memory;
mod outages;
mod waiters;

use std::task::Poll;

use futures_util::future::join_all;

use super::*;
use crate::Limits;
use crate::limit::tests::{GATEWAY, call};
use crate::limit::{BanScope, Call, PermitWait};
use in_memory::InMemory;

const NAME: &str = "BindAxb";
const SECOND: Duration = Duration::from_secs(1);

fn machine(shared: &InMemory, limit: u32) -> Limits {
    Limits::none().of(NAME, limit).shared(Fleet::new(shared.clone()).machines(4))
}

/// The times at which calls got their permits until an instant, sorted. Each machine makes this many concurrent calls.
async fn departures(machines: &[Limits], callers: u32, until: Instant) -> Vec<Instant> {
    let all = join_all(machines.iter().flat_map(|limits| {
        (0..callers).map(async |_| {
            let mut departures = Vec::new();
            while limits.permit_for(NAME, None, Some(until)).await.is_ok() {
                departures.push(Instant::now());
            }
            departures
        })
    }));
    let mut departures = all.await.concat();
    departures.sort_unstable();
    departures
}

fn most_in_a_second(departures: &[Instant]) -> usize {
    let within_a_second = |(index, first): (usize, &Instant)| {
        departures.iter().skip(index).take_while(|later| later.duration_since(*first) < SECOND).count()
    };
    departures.iter().enumerate().map(within_a_second).max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn machines_together_stay_within_the_limit_in_every_second_and_nearly_reach_it() {
    for (limit, callers, delay) in [(1, 2, 0), (3, 2, 4), (200, 1, 0), (200, 4, 18), (200, 40, 9), (3000, 60, 3)] {
        let shared = InMemory::default();
        shared.reply_after(0, delay);
        let machines: Vec<_> = (0..3).map(|_| machine(&shared, limit)).collect();
        let departures = departures(&machines, callers, Instant::now() + 5 * SECOND).await;
        let (reached, limit) = (departures.len(), usize::try_from(limit).unwrap());
        assert!(most_in_a_second(&departures) <= limit, "{limit} {delay}");
        assert!(reached * 100 >= limit * 5 * 94, "{reached} of {} after {delay} ms", limit * 5);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_together_share_one_reply() {
    let shared = InMemory::default();
    shared.reply_after(2, 2);
    let limits = machine(&shared, 2000);
    join_all((0..101).map(|_| limits.permit_for(NAME, None, None))).await;
    // 5 ms are worth 9 permits.
    assert_eq!(shared.asked(NAME), 101_u32.div_ceil(9));
    // Whether the account is banned was asked once.
    assert_eq!(shared.asked(GATEWAY), 1);
}

#[tokio::test(start_paused = true)]
async fn permits_of_one_process_are_given_first_come_first_served() {
    let shared = InMemory::default();
    shared.reply_after(2, 2);
    let limits = machine(&shared, 1000);
    let order = Mutex::new(Vec::new());
    let call = async |number: u32| {
        limits.permit_for(NAME, None, None).await.unwrap();
        order.lock().unwrap().push(number);
    };
    join_all((0..50).map(call)).await;
    assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_permit_after_the_deadline_is_refused_at_once_and_none_is_taken() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 1), machine(&shared, 1));
    one.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    for _ in 0..5 {
        let refused = other.permit_for(NAME, None, Some(start + SECOND / 2)).await.unwrap_err();
        assert!(refused.wait > SECOND, "{refused:?}");
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    other.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() < SECOND + SECOND / 10, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_ban_that_one_machine_hears_of_holds_back_the_others() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 100), machine(&shared, 100));
    one.ban_of(NAME, 3 * SECOND, None).await;
    let start = Instant::now();
    let refused = other.permit_for(NAME, None, Some(start + SECOND)).await.unwrap_err();
    assert_eq!(refused.wait, 3 * SECOND);
    other.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() >= 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn bans_that_follow_one_another_are_no_outage() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 100), machine(&shared, 100));
    let start = Instant::now();
    one.ban_of(NAME, 2 * SECOND, None).await;
    let bans = async {
        for _ in 0..4 {
            tokio::time::sleep(SECOND).await;
            one.ban_of(NAME, 2 * SECOND, None).await;
        }
    };
    let (permit, ()) = tokio::join!(other.permit_for(NAME, None, None), bans);
    permit.unwrap();
    assert!(start.elapsed() >= 6 * SECOND, "{:?}", start.elapsed());
    assert!(shared.asked(NAME) > 3, "{}", shared.asked(NAME));
    // Alone it would have to wait for 40 ms now.
    other.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() < 6 * SECOND + SECOND / 50, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_ban_of_an_operation_without_a_limit_is_known_everywhere_within_a_tenth_of_a_second() {
    let shared = InMemory::default();
    let (one, other) = (machine(&shared, 100), machine(&shared, 100));
    for _ in 0..100 {
        other.permit_for("QueryCallStatus", None, None).await.unwrap();
    }
    assert_eq!(shared.asked("QueryCallStatus"), 1);
    one.ban_of("QueryCallStatus", 3 * SECOND, None).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let deadline = Some(Instant::now() + SECOND);
    let refused = other.permit_for("QueryCallStatus", None, deadline).await.unwrap_err();
    assert_eq!(refused.wait, Duration::from_millis(2900));
}

#[tokio::test(start_paused = true)]
async fn a_ban_holds_back_a_call_that_waits_for_a_permit_it_has() {
    let shared = InMemory::default();
    let limits = machine(&shared, 1);
    limits.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    let ban = async {
        tokio::time::sleep(SECOND / 2).await;
        limits.ban_of(NAME, 2 * SECOND, None).await;
    };
    let (permit, ()) = tokio::join!(limits.permit_for(NAME, None, None), ban);
    permit.unwrap();
    assert!(start.elapsed() >= SECOND * 5 / 2, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn futures_dropped_at_any_poll_hold_no_lock_and_never_give_more_than_the_limit() {
    let shared = InMemory::default();
    shared.reply_after(0, 3);
    let machines = [machine(&shared, 50), machine(&shared, 50)];
    let until = Instant::now() + 10 * SECOND;
    let (mut gone, (mut gone_after_all, dropped)) =
        tokio::join!(departures(&machines, 1, until), drop_calls(&machines, until));
    assert!(dropped > 300, "{dropped}");
    // Each drop before the reply arrived cost one permit.
    assert!(gone.len() > 100, "{}", gone.len());
    gone.append(&mut gone_after_all);
    gone.sort_unstable();
    assert!(most_in_a_second(&gone) <= 50);
}

/// Drops calls after 0, 1, 2 and more polls. Returns the times of the permits of those that were ready before, and how
/// many were not.
async fn drop_calls(machines: &[Limits], until: Instant) -> (Vec<Instant>, u32) {
    let (mut gone, mut dropped) = (Vec::new(), 0);
    for round in 0_u32.. {
        if Instant::now() + SECOND > until {
            break;
        }
        for limits in machines {
            let mut polls = round % 6;
            let mut permit = Box::pin(limits.permit_for(NAME, None, Some(until)));
            let permit = std::future::poll_fn(|context| {
                let Some(left) = polls.checked_sub(1) else { return Poll::Ready(None) };
                polls = left;
                permit.as_mut().poll(context).map(Some)
            });
            match permit.await {
                Some(permit) => {
                    permit.unwrap();
                    gone.push(Instant::now());
                }
                None => dropped += 1,
            }
        }
        tokio::time::sleep(Duration::from_millis(17)).await;
    }
    (gone, dropped)
}
