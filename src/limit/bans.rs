//! Bans by the gateway: what each holds back, until when, and the one call that probes whether it is over.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ban_reason::BanReason;
use super::call::Subject;
use super::instant::later;

/// How long other calls wait for the probe's response.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a ban that is over, and that no call probed, is remembered.
const KEPT_AFTER_END: Duration = Duration::from_secs(3600);

/// What a refusal by flow control names. Its ban holds back all calls of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BanScope {
    /// All calls of the operation.
    Operation,
    /// All calls of the application at the gateway, or of the account at the product.
    Account,
    /// All calls under the same session.
    Session,
}

/// The key of a ban.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Operation(&'static str),
    /// By the gateway's name.
    Account(&'static str),
    /// The hash of the session. The hash key is random for each process.
    Session(u64),
}

impl Key {
    /// The name under which the machines of a fleet share the ban; `None` if they do not.
    pub(super) fn shared_name(self) -> Option<&'static str> {
        match self {
            Self::Operation(name) | Self::Account(name) => Some(name),
            Self::Session(_) => None,
        }
    }
}

/// All bans that this process knows of.
#[derive(Default)]
pub(super) struct Bans {
    /// Whether there are any, so that calls need no lock in the usual case that there are none.
    any: AtomicBool,
    state: Mutex<State>,
    hasher: RandomState,
}

#[derive(Default)]
struct State {
    bans: HashMap<Key, Ban>,
    probes: u64,
}

struct Ban {
    until: Instant,
    /// What the calls that it holds back report.
    reason: Arc<BanReason>,
    /// Whether it is known from the fleet alone, not from the gateway.
    is_from_fleet: bool,
    /// Whether the shared limit knows it, and may end it.
    shared: bool,
    /// The number of the call that probes it, and when the probe began.
    probe: Option<(u64, Instant)>,
}

/// The ban that holds a call back.
pub(super) struct ActiveBan {
    pub(super) until: Instant,
    pub(super) reason: Arc<BanReason>,
    pub(super) shared: bool,
}

/// The bans that one call probes.
pub(super) struct Probed {
    id: u64,
    keys: Vec<Key>,
}

impl Probed {
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Bans {
    pub(super) fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().bans.len()
    }

    pub(super) fn key(&self, scope: BanScope, subject: &Subject<'_>) -> Key {
        match (scope, subject.session) {
            (BanScope::Account, _) => Key::Account(subject.gateway),
            (BanScope::Session, Some(session)) => Key::Session(self.hasher.hash_one(session.expose())),
            (BanScope::Operation | BanScope::Session, _) => Key::Operation(subject.operation),
        }
    }

    /// The ban that holds a call back longest.
    pub(super) fn held(&self, subject: &Subject<'_>, now: Instant) -> Option<ActiveBan> {
        if self.is_empty() {
            return None;
        }
        let state = self.lock();
        let bans = self.keys(subject).into_iter().flatten().filter_map(|key| state.bans.get(&key));
        bans.filter_map(|ban| ban.holds_until(now).map(|until| (until, ban))).max_by_key(|(until, _)| *until).map(
            |(until, ban)| ActiveBan { until, reason: Arc::clone(&ban.reason), shared: ban.shared && ban.until > now },
        )
    }

    /// Admits a call, as a probe if a ban has just ended.
    pub(super) fn admit(&self, subject: &Subject<'_>, now: Instant) -> Result<Option<Probed>, ActiveBan> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut state = self.lock();
        let id = state.probes.saturating_add(1);
        let mut keys = Vec::new();
        for key in self.keys(subject).into_iter().flatten() {
            let Some(ban) = state.bans.get(&key) else { continue };
            if let Some(until) = ban.holds_until(now) {
                return Err(ActiveBan {
                    until,
                    reason: Arc::clone(&ban.reason),
                    shared: ban.shared && ban.until > now,
                });
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Ok(None);
        }
        state.probes = id;
        for key in &keys {
            if let Some(ban) = state.bans.get_mut(key) {
                ban.probe = Some((id, now));
            }
        }
        Ok(Some(Probed { id, keys }))
    }

    /// Begins a ban, or extends a known one.
    pub(super) fn begin(&self, key: Key, ban: Duration, reason: BanReason) {
        let now = Instant::now();
        let until = later(now, ban);
        let reason = Arc::new(reason);
        let mut state = self.lock();
        state.bans.retain(|_, ban| now.saturating_duration_since(ban.until) < KEPT_AFTER_END);
        let ban = state.bans.entry(key).or_insert_with(|| Ban {
            until,
            reason: Arc::clone(&reason),
            is_from_fleet: false,
            shared: false,
            probe: None,
        });
        if until >= ban.until || ban.is_from_fleet {
            ban.reason = reason;
            ban.is_from_fleet = false;
        }
        ban.shared = false;
        ban.extend(until, now);
        self.any.store(true, Ordering::Release);
    }

    /// Notes what the shared limit says about a ban. Returns whether that changed anything.
    pub(super) fn learn(&self, key: Key, ban: Duration, reason: impl FnOnce() -> BanReason) -> bool {
        let now = Instant::now();
        let until = later(now, ban);
        let mut state = self.lock();
        let mut is_new = false;
        let known = state.bans.entry(key).or_insert_with(|| {
            is_new = true;
            Ban { until, reason: Arc::new(reason()), is_from_fleet: true, shared: true, probe: None }
        });
        let before = known.until;
        if known.shared {
            known.until = until;
            known.probe = known.probe.filter(|_| until <= now);
        } else {
            known.extend(until, now);
        }
        known.shared = true;
        self.any.store(true, Ordering::Release);
        let changed = before.saturating_duration_since(known.until).max(known.until.saturating_duration_since(before));
        is_new || changed > Duration::from_millis(50)
    }

    /// Notes that the shared limit knows a ban.
    pub(super) fn mark_shared(&self, key: Key) {
        if let Some(ban) = self.lock().bans.get_mut(&key) {
            ban.shared = true;
        }
    }

    /// Whether a ban is in force that the shared limit may end.
    pub(super) fn is_shared(&self, key: Key) -> bool {
        let now = Instant::now();
        !self.is_empty() && self.lock().bans.get(&key).is_some_and(|ban| ban.shared && ban.until > now)
    }

    /// Ends the bans in force for which `chosen` returns true; the next call probes. Returns their keys.
    pub(super) fn lift(&self, mut chosen: impl FnMut(Key, bool) -> bool) -> Vec<Key> {
        let now = Instant::now();
        let mut state = self.lock();
        let in_force = state.bans.iter_mut().filter(|(key, ban)| ban.until > now && chosen(**key, ban.shared));
        in_force
            .map(|(key, ban)| {
                ban.until = now;
                *key
            })
            .collect()
    }

    /// A probe has ended: the bans are over if it `passed`, else another call may probe.
    pub(super) fn finish_probe(&self, Probed { id, keys }: &Probed, passed: bool) {
        let now = Instant::now();
        let mut state = self.lock();
        for key in keys {
            let Some(ban) = state.bans.get_mut(key) else { continue };
            if passed && ban.until <= now {
                state.bans.remove(key);
            } else if ban.probe.is_some_and(|(current, _)| current == *id) {
                ban.probe = None;
            }
        }
        self.any.store(!state.bans.is_empty(), Ordering::Release);
    }

    fn keys(&self, subject: &Subject<'_>) -> [Option<Key>; 3] {
        let session = subject.session.map(|_| self.key(BanScope::Session, subject));
        [Some(Key::Operation(subject.operation)), Some(Key::Account(subject.gateway)), session]
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ban {
    /// Until when it holds calls back; `None` if it is over and no call probes it.
    fn holds_until(&self, now: Instant) -> Option<Instant> {
        if self.until > now {
            return Some(self.until);
        }
        self.probe.map(|(_, since)| later(since, PROBE_TIMEOUT)).filter(|end| *end > now)
    }

    fn extend(&mut self, until: Instant, now: Instant) {
        self.until = self.until.max(until);
        if self.until > now {
            self.probe = None;
        }
    }
}
