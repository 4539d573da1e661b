//! Whether the shared limit can be asked: warns once when it is gone and once when it is back, and asks seldom meanwhile.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::shared::Unavailable;

#[derive(Debug)]
pub(super) struct Outage {
    /// How long after a failure the shared limit is asked again.
    pub(super) pause: Duration,
    current: Mutex<Option<Current>>,
}

#[derive(Debug, Clone, Copy)]
struct Current {
    since: Instant,
    ask_again: Option<Instant>,
}

impl Outage {
    pub(super) fn new(pause: Duration) -> Self {
        Self { pause, current: Mutex::default() }
    }

    pub(super) fn is_known(&self) -> bool {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// During an outage one caller may ask after each pause; the others go on without.
    pub(super) fn may_ask(&self) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outage) = &mut *current else { return true };
        let now = Instant::now();
        let due = outage.ask_again.is_some_and(|at| at <= now);
        if due {
            outage.ask_again = now.checked_add(self.pause);
        }
        due
    }

    pub(super) fn failed(&self, why: Unavailable) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let ask_again = now.checked_add(self.pause);
        let since = current.map_or(now, |outage| outage.since);
        if current.replace(Current { since, ask_again }).is_none() {
            tracing::warn!(
                reason = why.reason(),
                "the shared limits are out of reach: this machine keeps to its part of them"
            );
        }
    }

    /// An answer came to what was asked at this time. One that was under way before the outage does not end it.
    pub(super) fn answered(&self, asked: Instant) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_some_and(|outage| outage.since <= asked) {
            *current = None;
            tracing::warn!("the shared limits are back");
        }
    }
}
