//! Which fault strikes which request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::{Chance, Effect, Fault};
use crate::emulator::request::Received;
use crate::emulator::request_kind::{GatewayKind, RequestKind};

/// The faults that wait for requests.
#[derive(Default)]
pub(crate) struct Faults {
    /// So that requests cost nothing extra as long as there are none.
    any: AtomicBool,
    waiting: Mutex<Vec<Waiting>>,
}

/// A fault that strikes a request.
pub(crate) struct Due {
    pub(crate) fault: Arc<Fault>,
    pub(crate) kind: RequestKind,
}

struct Waiting {
    fault: Arc<Fault>,
    offered: u64,
    struck: u64,
    random: SplitMix,
}

/// A small generator of random numbers (SplitMix64).
struct SplitMix(u64);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let seed = fault.chance.map_or(0, |chance| chance.seed);
        let mut waiting = self.lock();
        waiting.push(Waiting { fault: Arc::new(fault), offered: 0, struck: 0, random: SplitMix(seed) });
        self.any.store(true, Ordering::Release);
    }

    /// Forgets them all; gives how many there were.
    pub(crate) fn clear(&self) -> usize {
        let mut waiting = self.lock();
        self.any.store(false, Ordering::Release);
        std::mem::take(&mut *waiting).len()
    }

    /// The fault that strikes this request. Those before it in the list count the request, those after it do not.
    pub(crate) fn strike(&self, received: &Received<'_>) -> Option<Due> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let kind = RequestKind::of(received)?;
        let mut waiting = self.lock();
        let index = waiting.iter_mut().position(|waiting| waiting.strikes(&kind))?;
        let struck = waiting.get(index)?;
        let (fault, is_last) = (Arc::clone(&struck.fault), struck.left() == Some(0));
        if is_last {
            waiting.remove(index);
            self.any.store(!waiting.is_empty(), Ordering::Release);
        }
        Some(Due { fault, kind })
    }

    /// For the control endpoint, oldest first.
    pub(crate) fn to_json(&self) -> Value {
        self.lock().iter().map(Waiting::to_json).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn strikes(&mut self, kind: &RequestKind) -> bool {
        let fault = &self.fault;
        let meant = fault.operation.as_ref().is_none_or(|operation| operation == kind.operation)
            && fault.gateway.is_none_or(|gateway| gateway == kind.gateway)
            && (kind.gateway != GatewayKind::Recordings || fault.operation.is_some())
            && self.left() != Some(0);
        if !meant {
            return false;
        }
        self.offered = self.offered.saturating_add(1);
        if self.offered <= fault.skip || !self.random.happens(fault.chance) {
            return false;
        }
        self.struck = self.struck.saturating_add(1);
        true
    }

    fn left(&self) -> Option<u64> {
        self.fault.times.map(|times| times.saturating_sub(self.struck))
    }

    fn to_json(&self) -> Value {
        let fault = &self.fault;
        let mut members = Map::new();
        members.insert("fault".to_owned(), Value::from(fault.name));
        members.insert("on".to_owned(), Value::from(fault.operation.clone()));
        members.insert("left".to_owned(), Value::from(self.left()));
        members.insert("struck".to_owned(), Value::from(self.struck));
        Value::Object(members)
    }
}

impl SplitMix {
    fn happens(&mut self, chance: Option<Chance>) -> bool {
        chance.is_none_or(|chance| self.next_fraction() < chance.probability)
    }

    /// At least 0 and less than 1.
    fn next_fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default();
        f64::from(bits) / 4_294_967_296.0
    }
}

impl Due {
    pub(crate) fn effect(&self) -> &Effect {
        &self.fault.effect
    }

    /// Whether the operation is carried out although the answer does not show it.
    pub(crate) fn executed(&self) -> bool {
        self.fault.executed
    }
}
