use crate::error::Error;
use crate::store::StoreError;

/// The error of the cache: of its store, or of a call. Cheap to clone.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}
