use std::borrow::Cow;

use crate::invalid::InvalidRequest;

/// The error of a store. Cheap to clone.
///
/// Its texts name the cause and the database's code. They hold no key, no value and no URL: a store of your own must
/// keep to that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A key or a row breaks a rule. Nothing was written.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The database does not answer, or not in time. Try again later. A change that ended with this error may have been
    /// made: read before writing it again.
    #[error("the store is not available: {0}")]
    Unavailable(Cow<'static, str>),
    /// The disk, the file or the quota is full. Nothing was written; what was there can be read.
    #[error("the store is full: {0}")]
    Full(Cow<'static, str>),
    /// The database refuses the user, the database's name or the statement.
    #[error("the store refuses: {0}")]
    Refused(Cow<'static, str>),
    /// The tables were written by a later version of this crate. Nothing was changed.
    #[error("the tables have schema version {found}, this program knows only versions up to {expected}")]
    Schema {
        /// The version of the tables.
        found: i64,
        /// The latest version that this program knows.
        expected: i64,
    },
    /// A row, or the whole store, was written with an encryption key or a lookup key that this program was not given.
    /// Nothing was changed; with the right keys it can be read.
    #[error("the store was written with another key: {0}")]
    WrongKey(Cow<'static, str>),
    /// A row is damaged, or was put in the place of another one.
    #[error("the store holds a damaged row: {0}")]
    Corrupt(Cow<'static, str>),
}

impl StoreError {
    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
