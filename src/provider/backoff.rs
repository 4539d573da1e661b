//! The pause after a failed refresh.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::ProviderCause;

/// The pause after the first failure. It doubles with every failure that follows.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How often refreshing failed in a row, and until when it is not tried again.
#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Option<Instant>,
    cause: Option<ProviderCause>,
}

impl Backoff {
    /// Begins a pause, unless one is on.
    pub(crate) fn fail(&mut self, longest: Duration, cause: Option<ProviderCause>) {
        if self.is_on() {
            return;
        }
        let pause = FIRST_PAUSE.saturating_mul(1_u32 << self.failures.min(16)).min(longest);
        self.failures = self.failures.saturating_add(1);
        self.until = Instant::now().checked_add(pause);
        self.cause = cause;
    }

    /// Ends the pause. Another failure begins a longer one.
    pub(crate) fn end(&mut self) {
        self.until = None;
        self.cause = None;
    }

    /// Ends the pause, and forgets the failures.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn is_on(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() < until)
    }

    /// What the provider gave as the reason of the last failure.
    pub(crate) fn cause(&self) -> Option<ProviderCause> {
        self.cause.clone()
    }
}
