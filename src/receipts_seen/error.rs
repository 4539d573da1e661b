use chrono::{DateTime, Utc};

use crate::store::StoreError;

/// Why a receipt was not handled. Do not acknowledge it: it is delivered again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeenError<E> {
    /// The store failed before the work began.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work failed. The receipt has no mark.
    #[error("the receipt's handler failed: {0}")]
    Handler(#[source] E),
    /// Another task, process or machine is handling the receipt.
    #[error("another one is handling the receipt, until {until} at the latest")]
    InProgress {
        /// When its lease ends, unless it is extended.
        until: DateTime<Utc>,
    },
    /// The work was done, and the store failed before it had the mark. The work is done again when the receipt is
    /// delivered again.
    #[error("the receipt was handled, but that could not be written: {0}")]
    NotRecorded(#[source] StoreError),
}
