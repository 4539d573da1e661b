//! Whether the shared limit can be reached. Warns once when an outage begins and once when it ends. During an outage
//! the shared limit is tried once per interval.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::shared::Unavailable;

#[derive(Debug)]
pub(super) struct Outage {
    /// How long after a failure the shared limit is tried again.
    pub(super) retry_interval: Duration,
    current: Mutex<Option<Current>>,
}

#[derive(Debug, Clone, Copy)]
struct Current {
    since: Instant,
    next_try: Option<Instant>,
}

impl Outage {
    pub(super) fn new(retry_interval: Duration) -> Self {
        Self { retry_interval, current: Mutex::default() }
    }

    pub(super) fn is_known(&self) -> bool {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// During an outage one call may try after each interval; the others continue without the shared limit.
    pub(super) fn may_try(&self) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outage) = &mut *current else { return true };
        let now = Instant::now();
        let due = outage.next_try.is_some_and(|at| at <= now);
        if due {
            outage.next_try = now.checked_add(self.retry_interval);
        }
        due
    }

    pub(super) fn failed(&self, why: Unavailable) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let next_try = now.checked_add(self.retry_interval);
        let since = current.map_or(now, |outage| outage.since);
        if current.replace(Current { since, next_try }).is_none() {
            tracing::warn!(
                reason = why.reason(),
                "the shared limits are out of reach: this machine keeps to its part of them"
            );
        }
    }

    /// Notes the reply to a request of this time. A request from before the outage does not end it.
    pub(super) fn replied(&self, asked: Instant) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_some_and(|outage| outage.since <= asked) {
            *current = None;
            tracing::warn!("the shared limits are back");
        }
    }
}
