//! Makes the error of a call from its last fault.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::fault::{Cause, Fault};
use super::operation_info::OperationInfo;
use super::state::CallHistory;
use crate::error::{
    Advice, CallReport, DecodeError, Error, Outcome, ProviderCause, Remedy, ServiceError, TransportError,
};
use crate::sign::explain::Explanation;

/// Why a call failed.
pub(crate) struct Failure {
    /// The fault of the last attempt, or why there was none.
    pub(super) fault: Fault,
    /// For a refused signature: what was signed.
    pub(super) explanation: Option<Explanation>,
    /// Whether the call was not sent because of a ban.
    pub(super) held_back: bool,
    /// What is known beyond the code.
    pub(super) hint: Option<&'static str>,
    /// The error of the provider that returned no session or credentials.
    pub(super) cause: Option<ProviderCause>,
    /// Replaces the advice that follows from the fault.
    pub(super) advice: Option<Advice>,
}

impl Failure {
    /// A failure of which only the fault is known.
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, explanation: None, held_back: false, hint: None, cause: None, advice: None }
    }

    /// The error of the call.
    pub(crate) fn into_error(self, operation: OperationInfo, call: CallHistory, now: DateTime<Utc>) -> Error {
        let Self { fault, explanation, held_back, hint, cause, advice } = self;
        // That the last attempt was not executed says nothing about an earlier one that may have been.
        let outcome = match fault.outcome {
            Outcome::Executed => Outcome::Executed,
            _ if call.may_have_run => Outcome::Unknown,
            outcome => outcome,
        };
        let report = CallReport {
            operation: operation.name,
            attempts: call.attempts,
            elapsed: call.elapsed,
            outcome,
            advice: advice.unwrap_or_else(|| fault.remedy.advice(outcome, operation.safety, fault.wait, now)),
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
                    hint,
                    cause,
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
