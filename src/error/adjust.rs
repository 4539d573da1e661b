//! Adjusts the error of a call to the work that the call was part of.

use std::time::Duration;

use super::{Advice, Error, Outcome};

impl Error {
    /// The same error for a call that was not sent because of it.
    pub(crate) fn unsent(&self) -> Self {
        let mut error = self.clone();
        if let Some(report) = error.report_mut() {
            (report.attempts, report.elapsed, report.outcome) = (0, Duration::ZERO, Outcome::NotExecuted);
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
}
