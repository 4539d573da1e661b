//! Makes the error of a call from its last fault.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::fault::{Cause, Fault};
use super::operation_info::OperationInfo;
use super::state::CallState;
use crate::error::{CallReport, DecodeError, Error, Outcome, Remedy, ServiceError, TransportError};
use crate::sign::explain::Explanation;

/// Why a call failed.
pub(super) struct Failure {
    /// The fault of the last attempt, or why there was none.
    pub(super) fault: Fault,
    /// For a refused signature: what was signed.
    pub(super) explanation: Option<Explanation>,
    /// Whether the call was not sent because of a ban.
    pub(super) held_back: bool,
}

impl Failure {
    pub(super) fn into_error(self, operation: OperationInfo, state: &CallState, now: DateTime<Utc>) -> Error {
        let Self { fault, explanation, held_back } = self;
        // That the last attempt was not executed says nothing about an earlier one that may have been.
        let outcome = match fault.outcome {
            Outcome::Executed => Outcome::Executed,
            _ if state.may_have_run => Outcome::Unknown,
            outcome => outcome,
        };
        let report = CallReport {
            operation: operation.name,
            attempts: state.attempts,
            elapsed: state.elapsed(),
            outcome,
            advice: fault.remedy.advice(outcome, operation.safety, fault.wait, now),
        };
        match fault.cause {
            Cause::Service { facts, meaning } => {
                let throttled = fault.remedy == Remedy::Throttled;
                Error::Service(Box::new(ServiceError {
                    facts: *facts,
                    meaning,
                    throttled,
                    explanation,
                    held_back,
                    hint: None,
                    cause: None,
                    report,
                }))
            }
            Cause::Transport(kind, source) => {
                let source = source.map(|source| Arc::new(source) as _);
                Error::Transport(Box::new(TransportError::new(kind, source, report)))
            }
            Cause::Decode(facts) => Error::Decode(Box::new(DecodeError::new(*facts, report))),
        }
    }
}
