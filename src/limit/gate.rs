//! One operation's way out of this process: who waits, and when calls may go.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::pace::Pace;
use super::pool::Pool;
use super::queue::Queue;

/// One operation's way out. Its lock is held while a turn is computed, and never while one is waited for.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) queue: Queue,
    /// The pace on this machine's clock.
    pub(super) pace: Pace,
    /// The turns that the fleet gave, and has been asked for.
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
    pub(super) bell: Arc<Notify>,
}

impl<'g> Place<'g> {
    /// The last place in the queue of a gate, whose state this is.
    pub(super) fn in_queue(gate: &'g Gate, state: &mut State) -> Self {
        Self { gate, ticket: state.queue.ticket(), bell: Arc::default() }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.lock().queue.leave(self.ticket, Instant::now());
    }
}
