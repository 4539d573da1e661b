//! What all clones of the limits share: the operations' ways out, and the bans.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ban_reason::BanReason;
use super::bans::{Bans, Key, Probed};
use super::gate::Gate;

#[derive(Default)]
pub(super) struct Common {
    gates: Mutex<HashMap<&'static str, Arc<Gate>>>,
    pub(super) bans: Bans,
}

impl Common {
    pub(super) fn gate(&self, operation: &'static str) -> Arc<Gate> {
        Arc::clone(self.gates().entry(operation).or_default())
    }

    /// The operations that were ever called.
    pub(super) fn operations(&self) -> Vec<&'static str> {
        self.gates().keys().copied().collect()
    }

    pub(super) fn begin_ban(&self, key: Key, ban: Duration, reason: BanReason) {
        self.bans.begin(key, ban, reason);
        self.wake(key);
    }

    pub(super) fn heard_of_ban(&self, key: Key, ban: Duration) {
        let reason = || {
            BanReason::unknown("another machine of the fleet was told of a ban; the gateway's code is not known here")
        };
        if self.bans.heard(key, ban, reason) {
            self.wake(key);
        }
    }

    /// Lifts the bans that are chosen by their key, and by whether the fleet knows of them. Gives what it lifted.
    pub(super) fn lift_bans(&self, chosen: impl FnMut(Key, bool) -> bool) -> Vec<Key> {
        let lifted = self.bans.lift(chosen);
        for key in &lifted {
            self.wake(*key);
        }
        lifted
    }

    /// Wakes whoever waits, and may be concerned.
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

/// Leave to send one request.
pub(crate) struct Permit(Option<Probe>);

struct Probe {
    common: Arc<Common>,
    probed: Probed,
    through: bool,
}

impl Permit {
    pub(super) fn new(common: &Arc<Common>, probed: Option<Probed>) -> Self {
        Self(probed.map(|probed| Probe { common: Arc::clone(common), probed, through: false }))
    }

    /// The gateway's flow control let the request through: a ban that it probed is over. Without that word, another
    /// call may probe.
    pub(crate) fn passed(mut self) {
        if let Some(probe) = &mut self.0 {
            probe.through = true;
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.common.bans.probed(&self.probed, self.through);
        for key in self.probed.keys() {
            self.common.wake(*key);
        }
    }
}
