use std::fmt;

use super::code::{Code, RequestId};
use super::provider::ProviderCause;
use super::report::CallReport;
use crate::redact::Private;
use crate::sign::explain::Explanation;

/// An error that the gateway itself reported.
#[derive(Debug, Clone)]
pub struct ServiceError {
    pub(crate) facts: ServiceFacts,
    /// Empty for a code that no document explains.
    pub(crate) meaning: &'static str,
    pub(crate) throttled: bool,
    /// Only for a refused signature.
    pub(crate) explanation: Option<Explanation>,
    pub(crate) held_back: bool,
    pub(crate) hint: Option<&'static str>,
    /// Why a provider returned no session or credentials.
    pub(crate) cause: Option<ProviderCause>,
    pub(crate) report: CallReport,
}

/// What the gateway's response says about an error.
#[derive(Debug, Clone)]
pub(crate) struct ServiceFacts {
    pub(crate) code: Code,
    pub(crate) sub_code: Option<Code>,
    pub(crate) message: Option<Private>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) http_status: Option<u16>,
}

impl ServiceFacts {
    /// Codes that are not from a response.
    pub(crate) fn new(code: Code, sub_code: Option<Code>) -> Self {
        Self { code, sub_code, message: None, request_id: None, http_status: None }
    }

    /// One of this crate's own codes. The id is that of a good answer that the error was found in.
    pub(crate) fn own(code: &'static str, request_id: Option<&str>) -> Self {
        let request_id = request_id.map(|id| RequestId::from(id.to_owned()));
        Self { request_id, ..Self::new(Code::from(code.to_owned()), None) }
    }
}

impl ServiceError {
    /// The gateway's code, as received.
    #[must_use]
    pub fn code(&self) -> &str {
        self.facts.code.as_str()
    }

    /// TOP's second code, as received.
    #[must_use]
    pub fn sub_code(&self) -> Option<&str> {
        self.facts.sub_code.as_ref().map(Code::as_str)
    }

    /// The gateway's message. It may quote the request (a refused Aliyun signature quotes all of it), so it is not part
    /// of `Display` or `Debug`.
    #[must_use]
    pub fn message(&self) -> Option<&Private> {
        self.facts.message.as_ref()
    }

    /// What the code means according to the documents; empty if no document has it.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        self.meaning
    }

    /// A hint from the request, in addition to the code.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.hint
    }

    /// For a refused signature: what was signed, and where the gateway's own text differs.
    #[must_use]
    pub fn explanation(&self) -> Option<&Explanation> {
        self.explanation.as_ref()
    }

    /// The gateway's id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.facts.request_id.as_ref().map(RequestId::as_str)
    }

    /// The HTTP status of the response; `None` if this crate found the error inside a successful response.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.facts.http_status
    }

    /// Whether flow control refused the call.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.throttled
    }

    /// Whether the call was not sent because of a ban that began with an earlier refusal: [`Error::is_held_back`].
    ///
    /// [`Error::is_held_back`]: crate::Error::is_held_back
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.held_back
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.report.operation, self.facts.code)?;
        if let Some(sub_code) = &self.facts.sub_code {
            write!(f, " {sub_code}")?;
        }
        if !self.meaning.is_empty() {
            write!(f, " ({})", self.meaning)?;
        }
        if self.held_back {
            f.write_str(", held back here")?;
        }
        if let Some(hint) = self.hint {
            write!(f, ", {hint}")?;
        }
        if let Some(difference) = self.explanation().and_then(Explanation::difference) {
            write!(f, ", {difference}")?;
        }
        self.report.write_end(f, self.facts.request_id.as_ref())
    }
}

impl std::error::Error for ServiceError {
    /// The error of a session or credentials provider, as the provider returned it.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// A failure that an operation found inside a normal response: [`Operation::refusal`](crate::Operation::refusal).
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: Option<Private>,
    pub(crate) request_id: Option<RequestId>,
}

impl Refusal {
    /// The gateway's code for the failure.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: Code::from(code.into()), message: None, request_id: None }
    }

    /// The gateway's message.
    #[must_use]
    pub fn message(mut self, message: Option<Private>) -> Self {
        self.message = message;
        self
    }

    /// The gateway's id of the request.
    #[must_use]
    pub fn request_id(mut self, request_id: Option<String>) -> Self {
        self.request_id = request_id.map(RequestId::from);
        self
    }
}
