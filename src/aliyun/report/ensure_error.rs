//! Why a number is not reported.

use super::upload::UploadError;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::Private;

/// Why a number is not reported, or not known to be:
/// [`Client::ensure_reported`](crate::aliyun::Client::ensure_reported).
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum EnsureReportedError {
    /// A call failed. If its advice is [`Advice::Reconcile`](crate::Advice::Reconcile), the report may have been
    /// submitted: call again, which asks first.
    #[error(transparent)]
    Call(#[from] Error),
    /// A photo was not uploaded. Nothing was submitted.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The review rejected the report.
    #[error("the review rejected the report, with {} reasons", .reasons.len())]
    Rejected {
        /// Why. A reason may name the person.
        reasons: Vec<Private>,
    },
    /// The report was not reviewed in time. It goes on being reviewed: call again later.
    #[error("the report was not reviewed in time")]
    NotReviewed,
    /// The report was accepted, and then the gateway answered several times that it has no report of the number.
    #[error("the gateway has no report of the number, though it accepted one")]
    NotFound,
}

impl From<InvalidRequest> for EnsureReportedError {
    fn from(error: InvalidRequest) -> Self {
        Self::Call(error.into())
    }
}
