//! Why a call has no session or access key.

use chrono::{DateTime, Utc};

use super::failure::Failure;
use super::fault::Fault;
use super::operation_info::OperationInfo;
use super::state::CallHistory;
use crate::error::{Advice, CallReport, Error, Outcome, ProviderCause, ServiceError};

/// Why there is no session or access key to sign a call with.
pub(crate) struct NoIdentity {
    reason: Reason,
    /// Replaces the hint of the refusal.
    hint: Option<&'static str>,
    /// The provider's own error.
    cause: Option<ProviderCause>,
    /// Replaces the advice of the reason.
    advice: Option<Advice>,
}

enum Reason {
    /// The provider returned none.
    Unavailable(Fault),
    /// The gateway refused it in this call or an earlier one, and there is no other.
    Refused(Error),
}

impl NoIdentity {
    /// The provider returned none. `fault` has this crate's own code for that.
    pub(crate) fn unavailable(fault: Fault, advice: Advice) -> Self {
        Self { reason: Reason::Unavailable(fault), hint: None, cause: None, advice: Some(advice) }
    }

    /// The gateway refused it in this call or an earlier one, and there is no other.
    pub(crate) fn refused(refusal: Error) -> Self {
        Self { reason: Reason::Refused(refusal), hint: None, cause: None, advice: None }
    }

    /// The gateway refused it, and another one did not arrive before the call's deadline.
    pub(crate) fn not_replaced_in_time(refusal: Error, hint: &'static str) -> Self {
        Self { hint: Some(hint), advice: Some(Advice::Retry), ..Self::refused(refusal) }
    }

    /// With this hint.
    pub(crate) fn hinting(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// With the provider's own error as the source.
    pub(crate) fn caused_by(self, cause: Option<ProviderCause>) -> Self {
        Self { cause, ..self }
    }

    /// The error of the call.
    pub(super) fn into_error(self, operation: OperationInfo, call: CallHistory, now: DateTime<Utc>) -> Error {
        let Self { reason, hint, cause, advice } = self;
        match reason {
            Reason::Unavailable(fault) => {
                Failure { hint, cause, advice, ..Failure::new(fault) }.into_error(operation, call, now)
            }
            Reason::Refused(Error::Service(refusal)) => {
                let report = CallReport {
                    operation: operation.name,
                    attempts: call.attempts,
                    elapsed: call.elapsed,
                    // The refusal of an earlier call says nothing of this one, which was not sent.
                    outcome: if call.attempts == 0 { Outcome::NotExecuted } else { refusal.report.outcome },
                    advice: advice.unwrap_or(refusal.report.advice),
                };
                Error::Service(Box::new(ServiceError { hint: hint.or(refusal.hint), cause, report, ..*refusal }))
            }
            // A refusal has a code of the gateway.
            Reason::Refused(refusal) => refusal,
        }
    }
}
