//! Client-side limits: no more calls per second than the documents allow, and none while the gateway bans.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// How far calls may run ahead of an even spacing. Timers are no finer than a millisecond, so that calls go in small
/// bunches; in any one second there are never more than the limit.
const BUNCH: Duration = Duration::from_millis(5);

/// How far calls that wait may fall behind an even spacing and still make up for it: a busy machine wakes them late.
const CATCH_UP: Duration = Duration::from_millis(100);

/// Keeps an account's calls within its limits, for all clients that share it. Clones are the same limits.
///
/// By default every operation has its documented limit ([`Operation::QPS`](crate::Operation::QPS)). A call waits for
/// its turn, first come first served; one whose turn would come after its deadline fails at once with
/// [`Advice::WaitFor`](crate::Advice::WaitFor). A ban by the gateway holds back all calls of that operation until it
/// ends.
///
/// ```
/// use privacy_number::{Limits, Settings, aliyun};
///
/// let limits = Limits::new().of("BindAxb", 100).of("QuerySubsId", 50);
/// let settings = Settings::new().limits(limits.clone()); // and the same limits for other clients of the account
/// let client = aliyun::Client::builder().access_key("id", "secret").settings(settings).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[doc(alias = "流控")]
#[derive(Clone)]
pub struct Limits {
    own: Arc<HashMap<String, u32>>,
    documented: bool,
    gates: Arc<Mutex<HashMap<&'static str, Arc<Gate>>>>,
}

impl Limits {
    /// The documented limits.
    #[must_use]
    pub fn new() -> Self {
        Self { own: Arc::default(), documented: true, gates: Arc::default() }
    }

    /// No limits but those set with [`of`](Self::of); bans are kept all the same.
    #[must_use]
    pub fn none() -> Self {
        Self { documented: false, ..Self::new() }
    }

    /// Another limit for an operation, in calls per second, by its name on the wire. 0 is no limit.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>, calls_per_second: u32) -> Self {
        Arc::make_mut(&mut self.own).insert(operation.into(), calls_per_second);
        self
    }

    /// Waits for the operation's turn. Dropping the future leaves the queue as if it had never been in it.
    pub(crate) async fn turn(
        &self,
        operation: &'static str,
        documented: Option<u32>,
        deadline: Option<Instant>,
    ) -> Result<(), TooLate> {
        let limit =
            self.own.get(operation).copied().or(documented.filter(|_| self.documented)).filter(|limit| *limit > 0);
        let gate = self.gate(operation);
        match limit {
            Some(limit) => gate.turn(limit, deadline).await,
            None => gate.wait_for_ban(deadline).await,
        }
    }

    /// Holds back the operation's calls.
    pub(crate) fn ban(&self, operation: &'static str, ban: Duration) {
        self.gate(operation).ban(ban);
    }

    fn gate(&self, operation: &'static str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(operation).or_default())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("own", &self.own).field("documented", &self.documented).finish_non_exhaustive()
    }
}

/// The turn would come after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLate {
    /// When it would come.
    pub(crate) wait: Duration,
}

/// One operation's way out. Whoever waits holds the lock of `pace`, whose queue is first come, first served; a waiter
/// that is dropped lets go of it, and has taken no turn.
#[derive(Default)]
struct Gate {
    pace: tokio::sync::Mutex<Pace>,
    waiting: AtomicU32,
    banned_until: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Pace {
    /// When the next call would go if calls were spaced evenly.
    next: Option<Instant>,
    /// When the latest calls went, oldest first: as many as may go in a second.
    latest: VecDeque<Instant>,
}

impl Pace {
    /// When the next call may go; `None` for the first.
    fn turn(&self, limit: u32) -> Option<Instant> {
        let even = self.next.map(|even| even.checked_sub(BUNCH).unwrap_or(even));
        let first_of_a_full_second = self.latest.len().checked_sub(count(limit)).and_then(|at| self.latest.get(at));
        even.max(first_of_a_full_second.and_then(|first| first.checked_add(SECOND)))
    }

    /// A call goes that waits since `asked`.
    fn go(&mut self, limit: u32, asked: Instant) {
        let now = Instant::now();
        let earliest = now.checked_sub(CATCH_UP).unwrap_or(now).max(asked);
        self.next = self.next.map_or(now, |even| even.max(earliest)).checked_add(spacing(limit));
        self.latest.push_back(now);
        while self.latest.len() > count(limit) {
            self.latest.pop_front();
        }
    }
}

fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl Gate {
    async fn turn(&self, limit: u32, deadline: Option<Instant>) -> Result<(), TooLate> {
        let asked = Instant::now();
        let spacing = spacing(limit);
        let _waiting = Waiting::join(&self.waiting);
        let ahead = self.waiting.load(Ordering::Relaxed).saturating_sub(1);
        let queue = spacing.saturating_mul(ahead).saturating_sub(BUNCH);
        if self.is_too_late(queue, deadline) {
            return Err(TooLate { wait: queue });
        }
        let mut pace = match within(deadline, self.pace.lock()).await {
            Some(pace) => pace,
            None => return Err(TooLate { wait: queue.max(spacing) }),
        };
        self.wait_for_ban(deadline).await?;
        if let Some(turn) = pace.turn(limit) {
            let wait = turn.saturating_duration_since(Instant::now());
            if self.is_too_late(wait, deadline) {
                return Err(TooLate { wait });
            }
            if !wait.is_zero() {
                tokio::time::sleep_until(turn).await;
            }
        }
        pace.go(limit, asked);
        Ok(())
    }

    async fn wait_for_ban(&self, deadline: Option<Instant>) -> Result<(), TooLate> {
        loop {
            let banned_until = *self.banned_until.lock().unwrap_or_else(PoisonError::into_inner);
            let wait = banned_until.map_or(Duration::ZERO, |end| end.saturating_duration_since(Instant::now()));
            if wait.is_zero() {
                return Ok(());
            }
            if self.is_too_late(wait, deadline) {
                return Err(TooLate { wait });
            }
            tokio::time::sleep(wait).await;
        }
    }

    fn ban(&self, ban: Duration) {
        let end = Instant::now().checked_add(ban);
        let mut banned_until = self.banned_until.lock().unwrap_or_else(PoisonError::into_inner);
        *banned_until = (*banned_until).max(end);
    }

    fn is_too_late(&self, wait: Duration, deadline: Option<Instant>) -> bool {
        deadline.is_some_and(|deadline| wait > deadline.saturating_duration_since(Instant::now()))
    }
}

/// The even spacing at which no window of a second holds more calls than the limit, with bunches of [`BUNCH`].
fn spacing(limit: u32) -> Duration {
    let window = SECOND.saturating_add(BUNCH);
    let even = window.checked_div(limit).unwrap_or(window);
    even.saturating_add(Duration::from_nanos(1))
}

async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// A place in the queue, given up when dropped.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn join(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
