//! The permits of one operation that this process has reserved from the fleet. Any call of the process that is polled
//! may take them.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::instant::later;

/// How late a permit may be used. A later one is discarded, because it would be too close to the next.
pub(super) const MAX_LATENESS: Duration = Duration::from_millis(20);

#[derive(Default)]
pub(super) struct Pool {
    batches: VecDeque<Batch>,
    request: Option<PermitRequest>,
    requests: u64,
}

/// Permits that are due at the same time.
struct Batch {
    left: usize,
    due: Instant,
    latest: Instant,
}

/// A request to the fleet that has no reply yet.
struct PermitRequest {
    number: u64,
    /// If there is no reply by then, the runtime of the request may have stopped.
    lost_after: Instant,
}

impl Pool {
    /// When the next permits are due, and how many there are. Permits that no call took in time are discarded.
    pub(super) fn due(&mut self, now: Instant) -> Option<(Instant, usize)> {
        while self.batches.front().is_some_and(|batch| batch.left == 0 || batch.latest < now) {
            self.batches.pop_front();
        }
        self.batches.front().map(|batch| (batch.due, batch.left))
    }

    /// Takes one of the permits that are due.
    pub(super) fn take(&mut self) {
        if let Some(batch) = self.batches.front_mut() {
            batch.left = batch.left.saturating_sub(1);
        }
    }

    /// Adds permits that the shared limit has just said are due after `wait`. That wait began between `asked` and now.
    pub(super) fn add(&mut self, permits: u32, asked: Instant, wait: Duration) {
        let left = usize::try_from(permits).unwrap_or(usize::MAX);
        let latest = later(asked, wait.saturating_add(MAX_LATENESS));
        self.batches.push_back(Batch { left, due: later(Instant::now(), wait), latest });
    }

    /// Until when to expect a reply, if there is a request without one.
    pub(super) fn reply_expected(&self, now: Instant) -> Option<Instant> {
        self.request.as_ref().map(|request| request.lost_after).filter(|lost_after| *lost_after > now)
    }

    /// Notes a new request; returns its number.
    pub(super) fn begin_request(&mut self, lost_after: Instant) -> u64 {
        self.requests = self.requests.saturating_add(1);
        self.request = Some(PermitRequest { number: self.requests, lost_after });
        self.requests
    }

    /// Notes that a request has its reply or was given up.
    pub(super) fn finish_request(&mut self, number: u64) {
        if self.request.as_ref().is_some_and(|request| request.number == number) {
            self.request = None;
        }
    }
}
