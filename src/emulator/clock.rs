//! The emulator's clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// The clock of both gateways. They check timestamps against it, and numbers, bindings and nonces expire by it.
///
/// A new clock runs and shows the system time. [`set`](Clock::set) sets and stops it, so that a test can compare times
/// exactly. [`advance`](Clock::advance) moves it forward, whether it runs or not. [`run`](Clock::run) and
/// [`stop`](Clock::stop) start and stop it without changing its time. [`follow_system`](Clock::follow_system) returns
/// to the system time. Clones share one time.
///
/// Clients that an [`Emulator`](super::Emulator) creates use this clock. Other clients use their own: like the real
/// gateways, the emulator refuses a request whose timestamp differs too much from its clock. The `Date` header of each
/// response has the time of this clock.
#[derive(Clone, Debug)]
pub struct Clock {
    setting: Arc<Mutex<Setting>>,
    /// How often a test has set, advanced, started or stopped the clock.
    changes: Arc<watch::Sender<u64>>,
}

/// The setting of a clock.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Setting {
    Running { ahead_of_system: TimeDelta },
    Stopped { at: DateTime<Utc> },
}

impl Clock {
    /// A running clock with the system time.
    #[must_use]
    pub fn new() -> Self {
        Self::with_setting(Setting::SYSTEM)
    }

    /// A clock that is stopped at `time`.
    #[must_use]
    pub fn stopped_at(time: DateTime<Utc>) -> Self {
        Self::with_setting(Setting::Stopped { at: time })
    }

    /// The current time of the clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.setting().now()
    }

    /// Sets the clock to `time` and stops it.
    pub fn set(&self, time: DateTime<Utc>) {
        self.change(|setting| *setting = Setting::Stopped { at: time });
    }

    /// Moves the clock forward by `duration`. A stopped clock stays stopped.
    pub fn advance(&self, duration: Duration) {
        let step = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        self.change(|setting| match setting {
            Setting::Running { ahead_of_system } => {
                *ahead_of_system = ahead_of_system.checked_add(&step).unwrap_or(step);
            }
            Setting::Stopped { at } => {
                *at = at.checked_add_signed(step).unwrap_or(DateTime::<Utc>::MAX_UTC);
            }
        });
    }

    /// Starts a stopped clock at its current time.
    pub fn run(&self) {
        self.change(|setting| {
            *setting = Setting::Running { ahead_of_system: setting.now().signed_duration_since(Utc::now()) };
        });
    }

    /// Stops a running clock at its current time.
    pub fn stop(&self) {
        self.change(|setting| *setting = Setting::Stopped { at: setting.now() });
    }

    /// Starts the clock and sets it to the system time.
    pub fn follow_system(&self) {
        self.restore(Setting::SYSTEM);
    }

    /// Whether the clock is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.setting(), Setting::Running { .. })
    }

    pub(crate) fn setting(&self) -> Setting {
        *self.lock()
    }

    /// The receiver changes when a test sets, advances, starts or stops the clock.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Has changed if the setting may have changed.
    pub(crate) fn revision(&self) -> u64 {
        *self.changes.borrow()
    }

    pub(crate) fn restore(&self, setting: Setting) {
        self.change(|current| *current = setting);
    }

    fn with_setting(setting: Setting) -> Self {
        Self { setting: Arc::new(Mutex::new(setting)), changes: Arc::new(watch::Sender::new(0)) }
    }

    fn change(&self, change: impl FnOnce(&mut Setting)) {
        change(&mut self.lock());
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn lock(&self) -> MutexGuard<'_, Setting> {
        self.setting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

impl Setting {
    const SYSTEM: Self = Self::Running { ahead_of_system: TimeDelta::zero() };

    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running { ahead_of_system } => {
                Utc::now().checked_add_signed(ahead_of_system).unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
            Self::Stopped { at } => at,
        }
    }
}
