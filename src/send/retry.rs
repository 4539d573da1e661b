use std::time::Duration;

use super::fault::Fault;
use crate::error::{Outcome, Remedy};
use crate::safety::Safety;

/// When a failed attempt is repeated: never what may have been executed and must not be twice.
///
/// | what is known of the attempt | `Safe`, `Idempotent` | `Once` |
/// | --- | --- | --- |
/// | not executed, and passing: connection refused, throttled | repeated | repeated |
/// | unknown: time-out, reset, torn body, 5xx | repeated | never |
/// | rejected, or executed | no | no |
///
/// The pause before an attempt is random between zero and a bound that doubles from attempt to attempt (full jitter).
/// A pause that the gateway asks for is kept, and a little jitter added, so that waiting callers do not return all at
/// once.
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

    /// No attempt is repeated.
    #[must_use]
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many times a call is tried at most, the first attempt included. 3 by default.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The bound of the first pause after a passing fault. 100 ms by default.
    #[must_use]
    pub fn first_backoff(mut self, pause: Duration) -> Self {
        self.first_backoff = pause;
        self
    }

    /// The bound of the first pause after throttling without a hint how long to wait. 1 s by default.
    #[must_use]
    pub fn first_throttled_backoff(mut self, pause: Duration) -> Self {
        self.first_throttled_backoff = pause;
        self
    }

    /// The bound that backoff grows to. 5 s by default.
    #[must_use]
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// How many repeats a client sends in all, in percent of its calls, beyond the first 50: a gateway that is down gets
    /// at most so much more than the offered load. 20 by default. When it is used up, calls fail after their first
    /// attempt.
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
            || !repeatable(fault.outcome, safety)
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

    /// The pause after so many passing faults in a row.
    pub(super) fn backoff(&self, faults: u32) -> Duration {
        self.jittered(self.first_backoff, faults)
    }

    fn jittered(&self, first: Duration, faults: u32) -> Duration {
        let doublings = faults.saturating_sub(1).min(16);
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

fn repeatable(outcome: Outcome, safety: Safety) -> bool {
    match outcome {
        Outcome::NotExecuted => true,
        Outcome::Unknown => safety != Safety::Once,
        Outcome::Rejected | Outcome::Executed => false,
    }
}
