//! What all clones of the limits share: the gates of the operations, and the bans.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ban_reason::BanReason;
use super::bans::{Bans, Key, Probed};
use super::gate::Gate;

#[derive(Default)]
pub(super) struct Registry {
    gates: Mutex<HashMap<&'static str, Arc<Gate>>>,
    pub(super) bans: Bans,
}

impl Registry {
    pub(super) fn gate(&self, operation: &'static str) -> Arc<Gate> {
        Arc::clone(self.gates().entry(operation).or_default())
    }

    /// All operations called so far.
    pub(super) fn operations(&self) -> Vec<&'static str> {
        self.gates().keys().copied().collect()
    }

    pub(super) fn begin_ban(&self, key: Key, ban: Duration, reason: BanReason) {
        self.bans.begin(key, ban, reason);
        self.wake(key);
    }

    pub(super) fn learn_ban(&self, key: Key, ban: Duration) {
        let reason = || {
            BanReason::unknown("another machine of the fleet was told of a ban; the gateway's code is not known here")
        };
        if self.bans.learn(key, ban, reason) {
            self.wake(key);
        }
    }

    /// Lifts the bans for which `chosen` returns true, given the key and whether the fleet knows the ban. Returns the
    /// keys of those lifted.
    pub(super) fn lift_bans(&self, chosen: impl FnMut(Key, bool) -> bool) -> Vec<Key> {
        let lifted = self.bans.lift(chosen);
        for key in &lifted {
            self.wake(*key);
        }
        lifted
    }

    /// Wakes the waiters that the ban may concern.
    fn wake(&self, key: Key) {
        let gates: Vec<_> = match key {
            Key::Operation(operation) => self.gates().get(operation).cloned().into_iter().collect(),
            Key::Account(_) | Key::Session(_) => self.gates().values().cloned().collect(),
        };
        for gate in gates {
            gate.wake_all();
        }
    }

    fn gates(&self) -> MutexGuard<'_, HashMap<&'static str, Arc<Gate>>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permission to send one request.
pub(crate) struct Permit(Option<Probe>);

struct Probe {
    registry: Arc<Registry>,
    probed: Probed,
    passed: bool,
}

impl Permit {
    pub(super) fn new(registry: &Arc<Registry>, probed: Option<Probed>) -> Self {
        Self(probed.map(|probed| Probe { registry: Arc::clone(registry), probed, passed: false }))
    }

    /// To be called when the gateway's flow control accepted the request. A ban that it probed is then over. If a
    /// permit is dropped without this call, another call may probe.
    pub(crate) fn passed(mut self) {
        if let Some(probe) = &mut self.0 {
            probe.passed = true;
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.registry.bans.finish_probe(&self.probed, self.passed);
        for key in self.probed.keys() {
            self.registry.wake(*key);
        }
    }
}
