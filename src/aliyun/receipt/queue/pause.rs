//! The pause before the next request to a queue.

use std::time::Duration;

use super::error::QueueError;

/// The pause after an empty list: the service may end a long poll at once.
const AFTER_EMPTY: Duration = Duration::from_secs(1);

/// The pause after the first failure. It doubles with each further failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
const MAX_AFTER_FAILURE: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Pause {
    failures: u32,
    next: Duration,
}

impl Pause {
    /// Sets the pause by the last result.
    pub(super) fn after<T>(&mut self, result: Result<&[T], &QueueError>) {
        self.failures = if result.is_ok() { 0 } else { self.failures.saturating_add(1) };
        self.next = match result {
            Ok([]) => AFTER_EMPTY,
            Ok(_) => Duration::ZERO,
            Err(_) => {
                let doublings = self.failures.saturating_sub(1).min(16);
                let pause = AFTER_FAILURE.saturating_mul(1_u32 << doublings).min(MAX_AFTER_FAILURE);
                // Half to the whole of it, so that many consumers do not come back at once.
                pause.mul_f64(0.5 + fastrand::f64() / 2.0)
            }
        };
    }

    pub(super) fn duration(&self) -> Duration {
        self.next
    }

    pub(super) async fn wait(&self) {
        if !self.next.is_zero() {
            tokio::time::sleep(self.next).await;
        }
    }
}
