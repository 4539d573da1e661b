//! What a provider's failure, and the refusal of a session or key, make of the error of a call.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{Advice, Error};

/// A provider's own error. Its text may hold a session, so `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct ProviderCause(Arc<dyn std::error::Error + Send + Sync>);

impl From<Box<dyn std::error::Error + Send + Sync>> for ProviderCause {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(error.into())
    }
}

impl Deref for ProviderCause {
    type Target = dyn std::error::Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for ProviderCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderCause(..)")
    }
}

impl Error {
    /// The same error with a provider's failure as its source.
    pub(crate) fn caused_by(mut self, cause: Option<ProviderCause>) -> Self {
        if let Self::Service(error) = &mut self {
            error.cause = cause;
        }
        self
    }

    pub(crate) fn advising(mut self, advice: Advice) -> Self {
        if let Some(report) = self.report_mut() {
            report.advice = advice;
        }
        self
    }

    pub(crate) fn hinting(mut self, hint: &'static str) -> Self {
        if let Self::Service(error) = &mut self {
            error.hint = Some(hint);
        }
        self
    }

    /// The refusal of a session or key, for another call that was not sent because of it.
    pub(crate) fn for_unsent_call(&self, operation: &'static str) -> Self {
        let mut error = self.unsent();
        if let Some(report) = error.report_mut() {
            report.operation = operation;
        }
        error
    }
}
