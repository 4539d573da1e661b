//! Backoff after failed refreshes.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::ProviderCause;

/// The pause after the first failure. It doubles with each further failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The number of consecutive failures, and the end of the current pause.
#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Option<Instant>,
    cause: Option<ProviderCause>,
}

impl Backoff {
    /// Records a failure and starts a pause, unless a pause is active.
    pub(crate) fn fail(&mut self, max_pause: Duration, cause: Option<ProviderCause>) {
        if self.is_active() {
            return;
        }
        let pause = FIRST_PAUSE.saturating_mul(1_u32 << self.failures.min(16)).min(max_pause);
        self.failures = self.failures.saturating_add(1);
        self.until = Instant::now().checked_add(pause);
        self.cause = cause;
    }

    /// Ends the pause. The next failure starts a longer one.
    pub(crate) fn end(&mut self) {
        self.until = None;
        self.cause = None;
    }

    /// Ends the pause and resets the failure count.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Whether a pause is active.
    pub(crate) fn is_active(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() < until)
    }

    /// The provider's error of the last failure.
    pub(crate) fn cause(&self) -> Option<ProviderCause> {
        self.cause.clone()
    }
}
