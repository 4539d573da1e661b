//! The gate of one operation: its queue, its pace and its reserved permits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::pace::Pace;
use super::pool::Pool;
use super::queue::Queue;

/// The queue, pace and reserved permits of one operation. Its lock is held while the next permit is computed, never
/// while a call waits for one.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) queue: Queue,
    /// The pace on this machine's clock.
    pub(super) pace: Pace,
    /// The permits reserved from the fleet, and the request for more.
    pub(super) pool: Pool,
}

impl Gate {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wake_all(&self) {
        self.lock().queue.wake(usize::MAX, Instant::now());
    }
}

/// A place in the queue, given up when dropped.
pub(super) struct Place<'g> {
    gate: &'g Gate,
    pub(super) ticket: u64,
    pub(super) notify: Arc<Notify>,
}

impl<'g> Place<'g> {
    /// The last place in the queue of a gate. `state` is the gate's.
    pub(super) fn in_queue(gate: &'g Gate, state: &mut State) -> Self {
        Self { gate, ticket: state.queue.ticket(), notify: Arc::default() }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.lock().queue.leave(self.ticket, Instant::now());
    }
}
