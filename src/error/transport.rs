use std::fmt;
use std::sync::Arc;

use super::report::CallReport;

/// No response arrived.
#[derive(Debug, Clone)]
pub struct TransportError {
    kind: TransportKind,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    pub(super) report: CallReport,
}

/// The stage at which the exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportKind {
    /// Name resolution, TCP or TLS failed. Nothing was sent.
    Connect,
    /// Connect timeout. Nothing was sent.
    ConnectTimeout,
    /// The request may have been sent, and no complete response arrived in time.
    Timeout,
    /// The request may have been sent, and the connection broke before a complete response arrived.
    Interrupted,
    /// The deadline of the call passed before an attempt could start.
    DeadlineOver,
}

impl fmt::Display for TransportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection to the gateway",
            Self::ConnectTimeout => "no connection to the gateway in time",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke before the answer was whole",
            Self::DeadlineOver => "no time left for an attempt",
        })
    }
}

impl TransportError {
    pub(crate) fn new(
        kind: TransportKind,
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
        report: CallReport,
    ) -> Self {
        Self { kind, source, report }
    }

    /// The stage at which the exchange failed.
    #[must_use]
    pub fn kind(&self) -> TransportKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.report.operation, self.kind)?;
        self.report.write_end(f, None)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
