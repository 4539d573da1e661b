//! The state behind its lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::State;

/// The state, and how often it was locked.
pub(crate) struct SharedState {
    state: Mutex<State>,
    revision: AtomicU64,
}

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        Self { state: Mutex::new(state), revision: AtomicU64::new(0) }
    }

    /// Locks the state to use or change it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let guard = self.read();
        // While the lock is held: who has read the revision before cannot have read the state after the change.
        self.revision.fetch_add(1, Ordering::SeqCst);
        guard
    }

    /// Locks the state to read it only. The revision stays the same.
    pub(crate) fn read(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has changed if the state may have changed.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }
}
