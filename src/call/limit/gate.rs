//! One operation's way out of this process: even spacing on this machine's clock, and bans.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::TooLate;

/// How far calls may run ahead of an even spacing. Timers are no finer than a millisecond, so that calls go in small
/// bunches; in any one second there are never more than the limit.
pub(super) const BUNCH: Duration = Duration::from_millis(5);

/// One operation's way out. Whoever waits holds the lock of `next`, whose queue is first come, first served; a waiter
/// that is dropped lets go of it, and has taken no turn.
#[derive(Default)]
pub(super) struct Gate {
    /// When the next call would go if calls were spaced evenly.
    next: tokio::sync::Mutex<Option<Instant>>,
    waiting: AtomicU32,
    banned_until: Mutex<Option<Instant>>,
}

impl Gate {
    /// Waits for a turn, at this even spacing.
    pub(super) async fn turn(&self, spacing: Duration, deadline: Option<Instant>) -> Result<(), TooLate> {
        let waiting = Waiting::join(&self.waiting);
        let queue = spacing.saturating_mul(waiting.ahead()).saturating_sub(BUNCH);
        if is_too_late(queue, deadline) {
            return Err(TooLate { wait: queue });
        }
        let mut next = match within(deadline, self.next.lock()).await {
            Some(next) => next,
            None => return Err(TooLate { wait: queue.max(spacing) }),
        };
        self.wait_for_ban(deadline).await?;
        if let Some(even) = *next {
            let turn = even.checked_sub(BUNCH).unwrap_or(even);
            let wait = turn.saturating_duration_since(Instant::now());
            if is_too_late(wait, deadline) {
                return Err(TooLate { wait });
            }
            if !wait.is_zero() {
                tokio::time::sleep_until(turn).await;
            }
        }
        let now = Instant::now();
        *next = next.map_or(now, |even| even.max(now)).checked_add(spacing);
        Ok(())
    }

    pub(super) async fn wait_for_ban(&self, deadline: Option<Instant>) -> Result<(), TooLate> {
        loop {
            let wait = self.banned_for();
            if wait.is_zero() {
                return Ok(());
            }
            if is_too_late(wait, deadline) {
                return Err(TooLate { wait });
            }
            tokio::time::sleep(wait).await;
        }
    }

    pub(super) fn banned_for(&self) -> Duration {
        let banned_until = *self.banned_until.lock().unwrap_or_else(PoisonError::into_inner);
        banned_until.map_or(Duration::ZERO, |end| end.saturating_duration_since(Instant::now()))
    }

    pub(super) fn ban(&self, ban: Duration) {
        let end = Instant::now().checked_add(ban);
        let mut banned_until = self.banned_until.lock().unwrap_or_else(PoisonError::into_inner);
        *banned_until = (*banned_until).max(end);
    }
}

pub(super) fn is_too_late(wait: Duration, deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| wait > deadline.saturating_duration_since(Instant::now()))
}

/// The even spacing at which no window of a second holds more calls than the limit, if each goes at most so much off
/// its even time, early and late taken together.
pub(super) fn spacing(limit: u32, off: Duration) -> Duration {
    let window = Duration::from_secs(1).saturating_add(off);
    let even = window.checked_div(limit).unwrap_or(window);
    even.saturating_add(Duration::from_nanos(1))
}

pub(super) async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// A place in the queue, given up when dropped.
pub(super) struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    pub(super) fn join(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }

    /// How many wait, this one included.
    pub(super) fn all(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// How many others wait.
    pub(super) fn ahead(&self) -> u32 {
        self.all().saturating_sub(1)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
