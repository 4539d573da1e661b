//! One operation's way out of this process: the pace on this machine's clock, and bans.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::TooLate;
use super::pace::{BUNCH, Pace, Rate};

/// One operation's way out. Whoever waits holds the lock of `pace`, whose queue is first come, first served; a waiter
/// that is dropped lets go of it, and has taken no turn.
#[derive(Default)]
pub(super) struct Gate {
    pace: tokio::sync::Mutex<Pace>,
    waiting: AtomicU32,
    banned_until: Mutex<Option<Instant>>,
}

impl Gate {
    /// Waits for a turn at this rate.
    pub(super) async fn turn(&self, rate: Rate, deadline: Option<Instant>) -> Result<(), TooLate> {
        let asked = Instant::now();
        let waiting = Waiting::join(&self.waiting);
        let queue = rate.spacing().saturating_mul(waiting.ahead()).saturating_sub(BUNCH);
        if is_too_late(queue, deadline) {
            return Err(TooLate { wait: queue });
        }
        let mut pace = match within(deadline, self.pace.lock()).await {
            Some(pace) => pace,
            None => return Err(TooLate { wait: queue.max(rate.spacing()) }),
        };
        self.wait_for_ban(deadline).await?;
        if let Some(turn) = pace.turn(rate) {
            let wait = turn.saturating_duration_since(Instant::now());
            if is_too_late(wait, deadline) {
                return Err(TooLate { wait });
            }
            if !wait.is_zero() {
                tokio::time::sleep_until(turn).await;
            }
        }
        pace.go(rate, asked);
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
    !wait.is_zero() && deadline.is_some_and(|deadline| wait > deadline.saturating_duration_since(Instant::now()))
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
