//! Tests on a paused clock, which advances when all tasks wait.

mod bans;
mod waiters;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::*;

const NAME: &str = "BindAxb";
pub(super) const GATEWAY: &str = "Gateway";

/// A call without a session.
pub(super) fn call(operation: &'static str) -> Call<'static> {
    Call { gateway: GATEWAY, operation, documented: None, session: None }
}

impl Limits {
    /// Waits for the permit of a call whose operation has this documented limit.
    pub(super) async fn permit_for(
        &self,
        operation: &'static str,
        documented: Option<u32>,
        mut deadline: Option<Instant>,
    ) -> Result<(), NoPermit> {
        let call = Call { documented, ..call(operation) };
        self.permit(call, &mut deadline, PermitWait::UntilDeadline).await.map(Permit::passed)
    }

    /// The gateway bans an operation.
    pub(super) async fn ban_of(&self, operation: &'static str, time: Duration, deadline: Option<Instant>) {
        self.ban(call(operation), BanScope::Operation, None, time, deadline).await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_second_ever_holds_more_calls_than_the_limit_and_a_minute_holds_nearly_as_many() {
    let limits = Limits::new();
    let start = Instant::now();
    let mut window = VecDeque::new();
    let mut calls = 0_u32;
    while start.elapsed() < Duration::from_secs(60) {
        limits.permit_for(NAME, Some(500), None).await.unwrap();
        let now = Instant::now();
        calls += 1;
        window.push_back(now);
        while window.front().is_some_and(|first| now.duration_since(*first) >= Duration::from_secs(1)) {
            window.pop_front();
        }
        assert!(window.len() <= 500, "{} calls in a second", window.len());
    }
    assert!((29_700..=30_000).contains(&calls), "{calls} calls in a minute");
}

/// The times of concurrent calls at 500 a second, on a clock that advances in these steps.
async fn departures(steps: impl Iterator<Item = Duration>) -> Vec<Instant> {
    let limits = Limits::none().of(NAME, 500);
    let departures = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..64 {
        let (limits, departures) = (limits.clone(), Arc::clone(&departures));
        tokio::spawn(async move {
            loop {
                limits.permit_for(NAME, None, None).await.unwrap();
                departures.lock().unwrap().push(Instant::now());
            }
        });
    }
    for step in steps {
        // While this task is ready, the clock does not advance.
        for _ in 0..60 {
            tokio::task::yield_now().await;
        }
        tokio::time::advance(step).await;
    }
    std::mem::take(&mut *departures.lock().unwrap())
}

fn assert_no_second_above(limit: usize, departures: &[Instant]) {
    for pair in departures.windows(limit + 1) {
        assert!(pair[limit].duration_since(pair[0]) >= Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_wakes_its_waiters_late_comes_near_the_limit() {
    // If the period divides a second, the first permits of each second are a period late.
    for (period, at_least) in [(19, 4950), (20, 4900)] {
        let period = Duration::from_millis(period);
        let wakes = Duration::from_secs(10).as_millis() / period.as_millis();
        let departures = departures(std::iter::repeat_n(period, usize::try_from(wakes).unwrap())).await;
        assert_no_second_above(500, &departures);
        let count = departures.len();
        assert!((at_least..=5000).contains(&count), "{count} calls in ten seconds, woken every {period:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_in_a_standstill_is_made_up_for_in_no_second_above_the_limit() {
    let step = |number| Duration::from_millis(if number % 1500 == 500 { 51 } else { 1 });
    let departures = departures((0..9650).map(step)).await;
    assert_no_second_above(500, &departures);
    assert!((4950..=5000).contains(&departures.len()), "{} calls in ten seconds", departures.len());
}

#[tokio::test(start_paused = true)]
async fn calls_that_come_after_a_pause_do_not_go_all_at_once() {
    let limits = Limits::none().of(NAME, 500);
    limits.permit_for(NAME, None, None).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let start = Instant::now();
    for _ in 0..50 {
        limits.permit_for(NAME, None, None).await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(90), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn small_and_large_limits_hold_in_every_second() {
    for limit in [1_u32, 3, 100, 5000] {
        let limits = Limits::none().of(NAME, limit);
        let mut departures = Vec::new();
        for _ in 0..limit * 3 {
            limits.permit_for(NAME, None, None).await.unwrap();
            departures.push(Instant::now());
        }
        let length = usize::try_from(limit).unwrap();
        for pair in departures.windows(length + 1) {
            assert!(pair[length].duration_since(pair[0]) >= Duration::from_secs(1), "{limit}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn permits_are_given_first_come_first_served() {
    let limits = Limits::none().of(NAME, 100);
    let order = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let (limits, order) = (limits.clone(), Arc::clone(&order));
            tokio::spawn(async move {
                limits.permit_for(NAME, None, None).await.unwrap();
                order.lock().unwrap().push(number);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_dropped_takes_no_permit() {
    let limits = Limits::none().of(NAME, 1);
    limits.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    for _ in 0..100 {
        let waiting = limits.permit_for(NAME, None, None);
        assert!(tokio::time::timeout(Duration::from_millis(1), waiting).await.is_err());
    }
    limits.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_permit_after_the_deadline_is_refused_at_once() {
    let limits = Limits::none().of(NAME, 1);
    limits.permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    let deadline = start.checked_add(Duration::from_millis(500));
    let refused = limits.permit_for(NAME, None, deadline).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(refused.wait > Duration::from_millis(900), "{:?}", refused.wait);
}

#[tokio::test(start_paused = true)]
async fn a_ban_holds_back_every_call_of_its_operation_and_no_other() {
    let limits = Limits::none();
    limits.ban_of(NAME, Duration::from_secs(3), None).await;
    let start = Instant::now();
    limits.permit_for("QuerySubsId", None, None).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    let deadline = start.checked_add(Duration::from_secs(1));
    assert_eq!(limits.permit_for(NAME, None, deadline).await.unwrap_err().wait, Duration::from_secs(3));
    limits.permit_for(NAME, Some(500), None).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn clones_share_their_limits() {
    let limits = Limits::none().of(NAME, 1);
    limits.clone().permit_for(NAME, None, None).await.unwrap();
    let start = Instant::now();
    limits.permit_for(NAME, None, None).await.unwrap();
    assert!(start.elapsed() > Duration::from_millis(900));
}
