//! Why a queue could not be read.

use crate::error::{Error, TransportKind};

/// Why messages could not be received or deleted. No message is lost by it: a message that is not deleted comes again.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// The token for the queue could not be got.
    #[error("the token for the queue could not be got")]
    Token(#[source] Error),
    /// There was no whole response.
    #[error("the queue did not respond: {0}")]
    Transport(TransportKind),
    /// The service refused the request.
    #[error("the queue refused the request with HTTP {http_status}{}", shown(code.as_deref()))]
    #[non_exhaustive]
    Refused {
        /// The HTTP status.
        http_status: u16,
        /// The service's code, such as `QueueNotExist` or `AccessDenied`.
        code: Option<String>,
        /// The service's id of the request.
        request_id: Option<String>,
    },
    /// The response is none of the service's.
    #[error("the response of HTTP {http_status} is none of the queue's")]
    #[non_exhaustive]
    Unreadable {
        /// The HTTP status.
        http_status: u16,
    },
}

/// The codes of requests that no retry and no change of permissions can mend. Others with HTTP 400 are temporary, such
/// as those for too many requests and for a wrong clock.
///
/// Source: MNS developer reference, "Error codes".
const PERMANENT: [&str; 10] = [
    "QueueNotExist",
    "InvalidArgument",
    "InvalidAuthorizationHeader",
    "InvalidDateHeader",
    "InvalidDegist",
    "InvalidQueryString",
    "MalformedXML",
    "MissingAuthorizationHeader",
    "MissingDateHeader",
    "ReceiptHandleError",
];

fn shown(code: Option<&str>) -> String {
    code.map(|code| format!(": {code}")).unwrap_or_default()
}

impl QueueError {
    /// Whether sending the same request again cannot help: the queue does not exist, or the service does not understand
    /// the request. A refused token is not permanent, because the permission may be granted later.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Refused { code, .. } => code.as_deref().is_some_and(|code| PERMANENT.contains(&code)),
            Self::Token(error) => matches!(error, Error::Invalid(_)),
            Self::Transport(_) | Self::Unreadable { .. } => false,
        }
    }

    /// The service's code, such as `QueueNotExist`; that of the gateway if the token was refused.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Token(error) => error.code(),
            Self::Refused { code, .. } => code.as_deref(),
            Self::Transport(_) | Self::Unreadable { .. } => None,
        }
    }

    /// Whether the service refused the key or the token of the request.
    pub(super) fn refuses_the_token(&self) -> bool {
        matches!(self, Self::Refused { http_status: 401 | 403, .. })
    }
}
