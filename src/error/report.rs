//! What every error reports about its call.

use std::fmt;
use std::time::Duration;

use super::advice::{Advice, Outcome};
use super::code::RequestId;

/// What an error reports about its call as a whole.
#[derive(Debug, Clone)]
pub(crate) struct CallReport {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) outcome: Outcome,
    pub(crate) advice: Advice,
}

impl CallReport {
    /// `rejected; request 9297B722; 1 attempt in 84 ms`
    pub(super) fn write_end(&self, f: &mut fmt::Formatter<'_>, request_id: Option<&RequestId>) -> fmt::Result {
        write!(f, "; {}", self.outcome)?;
        if let Some(request_id) = request_id {
            write!(f, "; request {request_id}")?;
        }
        let plural = if self.attempts == 1 { "" } else { "s" };
        write!(f, "; {} attempt{plural} in {} ms", self.attempts, self.elapsed.as_millis())
    }
}
