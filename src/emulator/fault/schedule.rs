//! Which fault applies to which request.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::kind::Fault;
use super::random::Random;
use crate::emulator::request::Received;
use crate::emulator::request_kind::RequestKind;

/// The injected faults.
#[derive(Default)]
pub(crate) struct Faults {
    /// Whether there are any, so that requests without faults take no lock.
    any: AtomicBool,
    pending: Mutex<Vec<PendingFault>>,
    /// How many faults were injected: the id of the latest one.
    injected: AtomicU64,
}

/// A fault that applies to a request.
pub(crate) struct MatchedFault {
    pub(crate) fault: Arc<Fault>,
    pub(crate) kind: RequestKind,
}

/// An injected fault, with its counts.
struct PendingFault {
    id: u64,
    fault: Arc<Fault>,
    /// How many requests it could have been applied to.
    matched: u64,
    /// How many requests it was applied to.
    applied: u64,
    random: Random,
}

impl Faults {
    /// Returns the id of the fault.
    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let random = Random::new(fault.sampling);
        let mut pending = self.lock();
        let id = self.injected.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        pending.push(PendingFault { id, fault: Arc::new(fault), matched: 0, applied: 0, random });
        self.any.store(true, Ordering::Release);
        id
    }

    /// Removes one fault. Returns `false` if there is none with this id.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut pending = self.lock();
        let before = pending.len();
        pending.retain(|pending| pending.id != id);
        self.any.store(!pending.is_empty(), Ordering::Release);
        pending.len() < before
    }

    /// Removes all faults. Returns how many there were.
    pub(crate) fn clear(&self) -> usize {
        let mut pending = self.lock();
        self.any.store(false, Ordering::Release);
        std::mem::take(&mut *pending).len()
    }

    /// Removes all faults. The next one has the id 1 again.
    pub(crate) fn reset(&self) {
        self.clear();
        self.injected.store(0, Ordering::Relaxed);
    }

    /// The fault that applies to this request. Only the faults before it in the list count the request.
    pub(crate) fn next_for(&self, received: &Received<'_>) -> Option<MatchedFault> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let kind = RequestKind::new(received)?;
        let mut pending = self.lock();
        let index = pending.iter_mut().position(|pending| pending.applies_to(&kind))?;
        let applied = pending.get(index)?;
        let (fault, is_last) = (Arc::clone(&applied.fault), applied.left() == Some(0));
        if is_last {
            pending.remove(index);
            self.any.store(!pending.is_empty(), Ordering::Release);
        }
        Some(MatchedFault { fault, kind })
    }

    /// For the control endpoint, oldest first.
    pub(crate) fn to_json(&self) -> Value {
        self.lock().iter().map(PendingFault::to_json).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PendingFault>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PendingFault {
    /// Decides whether the fault applies, and counts the request.
    fn applies_to(&mut self, kind: &RequestKind) -> bool {
        let fault = &self.fault;
        let matches = fault.operation.as_ref().is_none_or(|operation| kind.is_named(operation))
            && fault.gateway.is_none_or(|gateway| gateway == kind.gateway)
            && (!kind.must_be_named() || fault.operation.is_some())
            && self.left() != Some(0);
        if !matches {
            return false;
        }
        self.matched = self.matched.saturating_add(1);
        if self.matched <= fault.skip || !self.random.selects(fault.sampling) {
            return false;
        }
        self.applied = self.applied.saturating_add(1);
        true
    }

    /// How many more requests it applies to. `None` for no limit.
    fn left(&self) -> Option<u64> {
        self.fault.times.map(|times| times.saturating_sub(self.applied))
    }

    fn to_json(&self) -> Value {
        let fault = &self.fault;
        let mut members = Map::new();
        members.insert("id".to_owned(), Value::from(self.id));
        members.insert("fault".to_owned(), Value::from(fault.name));
        members.insert("on".to_owned(), Value::from(fault.operation.clone()));
        members.insert("left".to_owned(), Value::from(self.left()));
        members.insert("applied".to_owned(), Value::from(self.applied));
        Value::Object(members)
    }
}
