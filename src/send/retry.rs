use std::time::Duration;

use super::fault::Fault;
use crate::error::{Outcome, Remedy};
use crate::safety::Safety;

/// When a failed attempt is retried. An operation that may have been executed and must not run twice is never retried.
///
/// | what is known of the attempt | `Safe`, `Idempotent` | `Once` |
/// | --- | --- | --- |
/// | not executed, and temporary: connection refused, throttled | retried | retried |
/// | unknown: timeout, reset, truncated body, 5xx | retried | never |
/// | rejected, or executed | no | no |
///
/// The backoff before a retry is random between zero and a bound that doubles with each attempt (full jitter). If the
/// gateway asks for a longer wait, the retry waits for that time plus a little jitter, so that waiting calls are not
/// all sent at once.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_backoff: Duration,
    first_throttled_backoff: Duration,
    max_backoff: Duration,
    pub(super) budget_percent: u32,
}

impl RetryPolicy {
    /// 3 attempts; backoff from 100 ms (1 s after throttling) up to 5 s; a budget of 20 %.
    #[must_use]
    pub fn new() -> Self {
        Self {
            max_attempts: 3,
            first_backoff: Duration::from_millis(100),
            first_throttled_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(5),
            budget_percent: 20,
        }
    }

    /// No retries.
    #[must_use]
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// The most attempts of a call, the first included. 3 by default.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The bound of the first backoff after a temporary failure. 100 ms by default.
    #[must_use]
    pub fn first_backoff(mut self, pause: Duration) -> Self {
        self.first_backoff = pause;
        self
    }

    /// The bound of the first backoff after throttling, if the gateway does not say how long to wait. 1 s by default.
    #[must_use]
    pub fn first_throttled_backoff(mut self, pause: Duration) -> Self {
        self.first_throttled_backoff = pause;
        self
    }

    /// The largest bound of a backoff. 5 s by default.
    #[must_use]
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// The most retries of a client in all, in percent of its calls, beyond the first 50: this bounds the additional
    /// load on a gateway that is down. 20 by default. When the budget is used up, calls fail after their first attempt.
    #[must_use]
    pub fn budget(mut self, percent: u32) -> Self {
        self.budget_percent = percent;
        self
    }

    pub(super) fn decide(
        &self,
        fault: &Fault,
        safety: Safety,
        attempt: u32,
        remaining: Duration,
        can_correct_clock: bool,
    ) -> Decision {
        if remaining.is_zero()
            || attempt >= self.max_attempts
            || !fault.remedy.is_transient()
            || !is_retryable(fault.outcome, safety)
        {
            return Decision::Stop;
        }
        if fault.remedy == Remedy::CorrectClock {
            return if can_correct_clock { Decision::RetryWithCorrectedClock } else { Decision::Stop };
        }
        let pause = self.pause(fault, attempt);
        if pause < remaining { Decision::RetryAfter(pause) } else { Decision::Stop }
    }

    fn pause(&self, fault: &Fault, attempt: u32) -> Duration {
        let first = match fault.remedy {
            Remedy::Throttled => self.first_throttled_backoff,
            _ => self.first_backoff,
        };
        match fault.wait {
            Some(wait) => wait.saturating_add(self.first_backoff.mul_f64(fastrand::f64())),
            None => self.jittered(first, attempt),
        }
    }

    /// The backoff after this many failures in a row.
    pub(super) fn backoff(&self, failures: u32) -> Duration {
        self.jittered(self.first_backoff, failures)
    }

    fn jittered(&self, first: Duration, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let bound = first.saturating_mul(1_u32 << doublings).min(self.max_backoff);
        bound.mul_f64(fastrand::f64())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Stop,
    RetryAfter(Duration),
    RetryWithCorrectedClock,
}

fn is_retryable(outcome: Outcome, safety: Safety) -> bool {
    match outcome {
        Outcome::NotExecuted => true,
        Outcome::Unknown => safety != Safety::Once,
        Outcome::Rejected | Outcome::Executed => false,
    }
}
