use std::path::Path;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};

use super::SqlStore;
use super::cause::Cause;
use super::dialect::{Dialect, run_statements, statement_functions};
use crate::store::StoreError;

/// A store in a SQLite file, for the processes of one machine. The file must be on a local disk.
///
/// [`open`](SqlStore::open) sets what a ledger needs: a write-ahead log, so that readers and the writer do not wait for
/// each other; a wait of up to 10 seconds for another writer; and `synchronous = FULL`, because with `NORMAL` the last
/// transactions may be lost when the machine loses power, and an intent must be on disk before the call that it
/// announces.
pub type SqliteStore = SqlStore<Sqlite>;

/// More connections would only wait for each other: SQLite has one writer at a time.
const MAX_CONNECTIONS: u32 = 4;

const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

impl SqliteStore {
    /// Opens the file, or makes it with the tables, whose names begin with `prefix`.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Unavailable`] if the file cannot be opened.
    pub async fn open(file: impl AsRef<Path>, prefix: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new().max_connections(MAX_CONNECTIONS).connect_lazy_with(options);
        Self::from_pool(pool, prefix).await
    }
}

statement_functions!(Sqlite, SqliteArguments<'q>, SqliteRow);

impl Dialect for Sqlite {
    const NUMBERED_PLACEHOLDERS: bool = false;
    const CONTENT: &'static str = "BLOB";
    const ON_CONFLICT: &'static str = " ON CONFLICT (row_key) DO NOTHING";
    // A transaction that begins with a read cannot become a writing one if another one wrote since.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const LOCK_NUMBERS: Option<(&'static str, &'static str)> = None;
    const TABLE_OPTIONS: &'static str = "";
    const CREATE_INDEX: &'static str = "CREATE INDEX IF NOT EXISTS";
    const ROLLS_BACK_SCHEMA: bool = true;
    const LOCK: Option<&'static str> = None;
    const UNLOCK: Option<&'static str> = None;

    fn bytes(_: usize) -> String {
        Self::CONTENT.to_owned()
    }

    fn cause(error: &dyn DatabaseError) -> Cause {
        let code: Option<u32> = error.code().and_then(|code| code.parse().ok());
        if error.is_unique_violation() {
            return Cause::Exists;
        }
        // The low byte is the result code; the rest says more. Source: https://www.sqlite.org/rescode.html
        match code.map(|code| code & 0xff) {
            // BUSY, LOCKED
            Some(5 | 6) => Cause::Conflict,
            // IOERR, CANTOPEN, PROTOCOL
            Some(10 | 14 | 15) => Cause::Unavailable,
            Some(13) => Cause::Full,
            // CORRUPT, NOTADB
            Some(11 | 26) => Cause::Corrupt,
            Some(1) if error.message().starts_with("no such table") => Cause::NoTable,
            _ => Cause::Refused,
        }
    }

    run_statements!(SqliteRow);
}
