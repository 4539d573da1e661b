use std::borrow::Cow;

use super::cause::Cause;
use super::dialect::Dialect;
use crate::store::StoreError;

/// Why an operation failed.
pub(super) struct Failure {
    pub(super) error: StoreError,
    /// Nothing was written, and the same operation may succeed at once.
    pub(super) is_conflict: bool,
}

impl Failure {
    /// The failure of an error of SQLx. Its text is not kept: it may quote the URL or a key.
    pub(super) fn of<DB: Dialect>(error: sqlx::Error) -> Self {
        let is_conflict = cause_of::<DB>(&error) == Some(Cause::Conflict);
        Self { error: store_error::<DB>(&error), is_conflict }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { error, is_conflict: false }
    }
}

pub(super) fn cause_of<DB: Dialect>(error: &sqlx::Error) -> Option<Cause> {
    error.as_database_error().map(DB::cause)
}

fn store_error<DB: Dialect>(error: &sqlx::Error) -> StoreError {
    let unavailable = |reason: &'static str| StoreError::Unavailable(reason.into());
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().filter(|code| code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            let text = |meaning: &'static str| -> Cow<'static, str> {
                match &code {
                    Some(code) => format!("{meaning} ({} code {code})", DB::NAME).into(),
                    None => meaning.into(),
                }
            };
            match DB::cause(error.as_ref()) {
                Cause::Conflict => StoreError::Unavailable(text("too many conflicts with other writers")),
                Cause::Unavailable => StoreError::Unavailable(text("the server does not take the statement now")),
                Cause::Full => StoreError::Full(text("the disk, the file or the quota has no room")),
                Cause::Corrupt => StoreError::Corrupt(text("the database's file is damaged or is not a database")),
                Cause::NoTable => StoreError::Refused(text("a table is missing")),
                Cause::Exists | Cause::IndexExists | Cause::Refused => {
                    StoreError::Refused(text("the database answers with an error"))
                }
            }
        }
        sqlx::Error::Io(_) => unavailable("the connection failed"),
        sqlx::Error::Tls(_) => unavailable("the TLS handshake failed"),
        sqlx::Error::PoolTimedOut => unavailable("no connection became free in time"),
        sqlx::Error::PoolClosed => unavailable("the pool is closed"),
        sqlx::Error::WorkerCrashed => unavailable("the database's thread ended"),
        sqlx::Error::Protocol(_) => unavailable("the connection broke within an answer"),
        sqlx::Error::Configuration(_) => StoreError::Refused("the URL of the database is wrong".into()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
            StoreError::Corrupt("a column has a value that no version of this crate writes".into())
        }
        _ => StoreError::Refused("the database's client answers with an error".into()),
    }
}
