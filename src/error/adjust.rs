//! Adjusts the error of a call to the work that the call was part of.

use std::time::Duration;

use super::{Advice, Error, Outcome, ProviderCause};

impl Error {
    /// The same error for a call that was not sent because of it.
    pub(crate) fn unsent(&self) -> Self {
        let mut error = self.clone().of_call(0, Duration::ZERO);
        if let Some(report) = error.report_mut() {
            report.outcome = Outcome::NotExecuted;
        }
        error
    }

    /// The same error with the outcome and advice of the whole work, of which the call was a part.
    pub(crate) fn with_outcome(mut self, outcome: Outcome, advice: Advice) -> Self {
        if let Some(report) = self.report_mut() {
            (report.outcome, report.advice) = (outcome, advice);
        }
        self
    }

    /// The same error with these attempts and this duration.
    pub(crate) fn of_call(mut self, attempts: u32, elapsed: Duration) -> Self {
        if let Some(report) = self.report_mut() {
            report.attempts = attempts;
            report.elapsed = elapsed;
        }
        self
    }

    /// The same error with a provider's failure as its source.
    pub(crate) fn caused_by(mut self, cause: Option<ProviderCause>) -> Self {
        if let Self::Service(error) = &mut self {
            error.cause = cause;
        }
        self
    }

    /// The same error with other advice.
    pub(crate) fn advising(mut self, advice: Advice) -> Self {
        if let Some(report) = self.report_mut() {
            report.advice = advice;
        }
        self
    }

    /// The same error with this hint.
    pub(crate) fn hinting(mut self, hint: &'static str) -> Self {
        if let Self::Service(error) = &mut self {
            error.hint = Some(hint);
        }
        self
    }

    /// The refusal of a session or key as the error of another call that was not sent because of it.
    pub(crate) fn for_unsent_call(&self, operation: &'static str) -> Self {
        let mut error = self.unsent();
        if let Some(report) = error.report_mut() {
            report.operation = operation;
        }
        error
    }
}
