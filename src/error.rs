//! Errors: what went wrong, whether the operation was executed, and what to do.

mod adjust;
mod advice;
mod code;
mod code_table;
mod decode;
mod provider;
mod report;
mod service;
mod transport;

pub use advice::{Advice, Outcome};
pub use decode::DecodeError;
pub use service::{Refusal, ServiceError};
pub use transport::{TransportError, TransportKind};

pub(crate) use advice::Remedy;
pub(crate) use code::{Code, RequestId, may_hold_a_number};
pub(crate) use code_table::{CodeRow, Scope, find, row};
pub(crate) use decode::{DecodeFacts, outline};
pub(crate) use provider::ProviderCause;
pub(crate) use report::CallReport;
pub(crate) use service::ServiceFacts;

use std::time::Duration;

use crate::invalid::InvalidRequest;
use crate::sign::explain::Explanation;

/// The error of a call. Cheap to clone.
///
/// Two questions matter: was the operation executed ([`outcome`](Self::outcome)), and what to do
/// ([`advice`](Self::advice)). `Display` is one line with operation, code, meaning, outcome, request id and attempts.
/// Neither it nor `Debug` ever holds a secret, a number, a name, an address, an OAID or a URL.
///
/// ```
/// use privacy_number::{Advice, Error, Outcome};
///
/// fn what_now(error: &Error) -> &'static str {
///     match (error.outcome(), error.advice()) {
///         (Outcome::Unknown, Advice::Reconcile) => "look the binding up before binding again",
///         (_, Advice::RefreshSession) => "ask the seller to authorise again",
///         (_, Advice::WaitFor(_) | Advice::WaitUntil(_)) => "put it back into the queue",
///         _ => "show it to a person",
///     }
/// }
/// # let _ = what_now;
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A request or a setting breaks a documented rule. Nothing was sent.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The gateway answered with an error.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// No response arrived: connection refused, timeout, reset.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The response could not be read: an HTML page, a truncated body, a missing field.
    #[error(transparent)]
    Decode(Box<DecodeError>),
}

impl Error {
    /// Whether the operation was executed, as far as that can be known.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.report().map_or(Outcome::NotExecuted, |report| report.outcome)
    }

    /// What to do.
    #[must_use]
    pub fn advice(&self) -> Advice {
        self.report().map_or(Advice::FixRequest, |report| report.advice)
    }

    /// The gateway's code, as received: `isv.BIND_CONFLICT`, `7`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.service().map(ServiceError::code)
    }

    /// TOP's second code, as received: `isv.oaid-invalid`, `session-expired`.
    #[must_use]
    pub fn sub_code(&self) -> Option<&str> {
        self.service().and_then(ServiceError::sub_code)
    }

    /// The gateway's id of the request. Its support needs it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Service(error) => error.request_id(),
            Self::Decode(error) => error.request_id(),
            Self::Invalid(_) | Self::Transport(_) => None,
        }
    }

    /// The operation's name on the wire.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.report().map(|report| report.operation)
    }

    /// How many times the request was sent; 0 if it never was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.report().map_or(0, |report| report.attempts)
    }

    /// How long the call took, waits between attempts included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.report().map_or(Duration::ZERO, |report| report.elapsed)
    }

    /// Whether flow control refused the call: the gateway's, or the client's own [`Limits`](crate::Limits).
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.service().is_some_and(ServiceError::is_throttled)
    }

    /// Whether the call was not sent because of a ban, which an earlier response began. [`code`](Self::code) and
    /// [`sub_code`](Self::sub_code) are those of that response, or [`BANNED`](crate::BANNED) if they are not known
    /// here. [`Advice::WaitFor`] has the remaining time of the ban. [`Limits`](crate::Limits) can lift it.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.service().is_some_and(ServiceError::is_held_back)
    }

    /// Whether a timeout ended the call, while connecting or while waiting for the response.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error)
            if matches!(error.kind(), TransportKind::ConnectTimeout | TransportKind::Timeout))
    }

    /// What the gateway's code means according to the documents; `None` without a code, or if no document has it.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        self.service().map(ServiceError::meaning).filter(|meaning| !meaning.is_empty())
    }

    /// A hint from the request, in addition to the code.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.service().and_then(ServiceError::hint)
    }

    /// For a refused signature: what was signed, and where the gateway's own text differs.
    #[must_use]
    pub fn explanation(&self) -> Option<&Explanation> {
        self.service().and_then(ServiceError::explanation)
    }

    /// The HTTP status of the response. `None` if there was no response, or if this crate found the error inside a
    /// successful response.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::Service(error) => error.http_status(),
            Self::Decode(error) => Some(error.http_status()),
            Self::Invalid(_) | Self::Transport(_) => None,
        }
    }

    fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            Self::Invalid(_) | Self::Transport(_) | Self::Decode(_) => None,
        }
    }

    fn report_mut(&mut self) -> Option<&mut CallReport> {
        match self {
            Self::Invalid(_) => None,
            Self::Service(error) => Some(&mut error.report),
            Self::Transport(error) => Some(&mut error.report),
            Self::Decode(error) => Some(&mut error.report),
        }
    }

    fn report(&self) -> Option<&CallReport> {
        match self {
            Self::Invalid(_) => None,
            Self::Service(error) => Some(&error.report),
            Self::Transport(error) => Some(&error.report),
            Self::Decode(error) => Some(&error.report),
        }
    }
}
