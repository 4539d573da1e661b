use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The progress of a [`DecryptAll`](crate::top::DecryptAll). Clones read the same counters.
#[derive(Clone, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Default)]
struct Counters {
    done: AtomicU64,
    failed: AtomicU64,
    in_flight: AtomicU64,
    calls: AtomicU64,
    stopped: AtomicBool,
}

impl Progress {
    /// Orders that the stream has yielded, failed ones included.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    /// Orders that were yielded with an error.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.0.failed.load(Ordering::Relaxed)
    }

    /// Orders in calls that are in flight; 0 once the stream has been dropped.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        if self.0.stopped.load(Ordering::Relaxed) { 0 } else { self.0.in_flight.load(Ordering::Relaxed) }
    }

    /// Calls made; the retries inside a call are not counted.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// Counts a call. Its orders count as in flight until the returned guard is dropped.
    pub(super) fn call_started(&self, orders: usize) -> InFlight {
        let orders = count(orders);
        self.0.calls.fetch_add(1, Ordering::Relaxed);
        self.0.in_flight.fetch_add(orders, Ordering::Relaxed);
        InFlight { progress: self.clone(), orders }
    }

    pub(super) fn yielded(&self, success: bool) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
        if !success {
            self.0.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// To be called when the stream is dropped. The calls in flight end a little later, when the runtime drops their
    /// task.
    pub(super) fn stopped(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }
}

/// The orders of a call in flight.
pub(super) struct InFlight {
    progress: Progress,
    orders: u64,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.progress.0.in_flight.fetch_sub(self.orders, Ordering::Relaxed);
    }
}

fn count(orders: usize) -> u64 {
    u64::try_from(orders).unwrap_or(u64::MAX)
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("done", &self.done())
            .field("failed", &self.failed())
            .field("in_flight", &self.in_flight())
            .field("calls", &self.calls())
            .finish()
    }
}
