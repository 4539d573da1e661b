//! The emulator's own time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The time that both gateways live in: timestamps are judged by it, and numbers, bindings and nonces expire by it.
///
/// A new clock shows the system's time. [`advance`](Clock::advance) puts it forward, running or stopped;
/// [`set`](Clock::set) stops it, so that a test can compare an expiry to the second; [`run`](Clock::run) lets it go on
/// from there, [`stop`](Clock::stop) stops it where it is, and [`follow_system`](Clock::follow_system) goes back to the
/// system's time. Clones share one time.
///
/// Clients that an [`Emulator`](super::Emulator) makes follow this clock. Others keep their own time: a request whose
/// timestamp is too far from this clock is refused, as the gateways do, and the `Date` header of the answer shows this
/// clock's time.
#[derive(Clone, Debug)]
pub struct Clock {
    setting: Arc<Mutex<Setting>>,
}

/// What a clock shows, now and later.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Setting {
    Running { ahead_of_system: TimeDelta },
    Stopped { at: DateTime<Utc> },
}

impl Clock {
    /// A running clock that shows the system's time.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Setting::SYSTEM)
    }

    /// A clock that stands still at `time`.
    #[must_use]
    pub fn stopped_at(time: DateTime<Utc>) -> Self {
        Self::with(Setting::Stopped { at: time })
    }

    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.change(|setting| setting.now())
    }

    /// Stops the clock at `time`.
    pub fn set(&self, time: DateTime<Utc>) {
        self.change(|setting| *setting = Setting::Stopped { at: time });
    }

    /// Puts the clock forward by `duration`; a stopped clock stays stopped.
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

    /// Lets a stopped clock run on from the time it shows.
    pub fn run(&self) {
        self.change(|setting| {
            *setting = Setting::Running { ahead_of_system: setting.now().signed_duration_since(Utc::now()) };
        });
    }

    /// Stops a running clock at the time it shows.
    pub fn stop(&self) {
        self.change(|setting| *setting = Setting::Stopped { at: setting.now() });
    }

    /// Lets it run and show the system's time, whatever it showed before.
    pub fn follow_system(&self) {
        self.restore(Setting::SYSTEM);
    }

    /// Whether it goes on by itself.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.change(|setting| matches!(setting, Setting::Running { .. }))
    }

    pub(crate) fn setting(&self) -> Setting {
        self.change(|setting| *setting)
    }

    pub(crate) fn restore(&self, setting: Setting) {
        self.change(|own| *own = setting);
    }

    fn with(setting: Setting) -> Self {
        Self { setting: Arc::new(Mutex::new(setting)) }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Setting) -> T) -> T {
        change(&mut self.setting.lock().unwrap_or_else(PoisonError::into_inner))
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
