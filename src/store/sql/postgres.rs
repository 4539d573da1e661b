use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgArguments, PgPoolOptions, PgRow, Postgres};

use super::SqlStore;
use super::cause::Cause;
use super::dialect::{Dialect, run_statements, statement_functions};
use super::failure::Failure;
use crate::store::StoreError;

/// A store in PostgreSQL (12 or later), for many machines. The tables are in the first schema of the search path.
///
/// For TLS, add `sqlx` with one of its `tls-` features to your own crate, and `?sslmode=verify-full` to the URL.
pub type PostgresStore = SqlStore<Postgres>;

const MAX_CONNECTIONS: u32 = 10;

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

impl PostgresStore {
    /// Connects to `postgres://user:password@host/database`, and makes the tables, whose names begin with `prefix`.
    ///
    /// # Errors
    /// [`StoreError`]. No error shows the URL.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, StoreError> {
        let options = PgPoolOptions::new().max_connections(MAX_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        let pool = options.connect_lazy(url).map_err(|error| Failure::of::<Postgres>(error).error)?;
        Self::from_pool(pool, prefix).await
    }
}

statement_functions!(Postgres, PgArguments, PgRow);

impl Dialect for Postgres {
    const NUMBERED_PLACEHOLDERS: bool = true;
    const CONTENT: &'static str = "BYTEA";
    const ON_CONFLICT: &'static str = " ON CONFLICT (row_key) DO NOTHING";
    const BEGIN: &'static str = "BEGIN";
    // It looks for a deadlock only after a second.
    const LOCK_NUMBERS: Option<(&'static str, &'static str)> =
        Some(("SELECT pg_advisory_xact_lock(number) FROM (VALUES (", ")) AS numbers(number)"));
    const TABLE_OPTIONS: &'static str = "";
    const CREATE_INDEX: &'static str = "CREATE INDEX IF NOT EXISTS";
    const ROLLS_BACK_SCHEMA: bool = true;
    // CREATE TABLE IF NOT EXISTS fails if two sessions run it at once.
    const LOCK: Option<&'static str> = Some("SELECT pg_advisory_xact_lock(hashtext(encode(?, 'hex')))");
    const UNLOCK: Option<&'static str> = None;

    fn bytes(_: usize) -> String {
        Self::CONTENT.to_owned()
    }

    fn cause(error: &dyn DatabaseError) -> Cause {
        // Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
        match error.code().as_deref() {
            Some("23505") => Cause::Exists,
            Some("40001" | "40P01" | "55P03") => Cause::Conflict,
            Some("57P01" | "57P02" | "57P03" | "53300" | "25006") => Cause::Unavailable,
            Some("53100" | "53200") => Cause::Full,
            Some("42P01") => Cause::NoTable,
            Some(code) if code.starts_with("08") => Cause::Unavailable,
            Some(code) if code.starts_with("XX00") => Cause::Corrupt,
            _ => Cause::Refused,
        }
    }

    run_statements!(PgRow);
}
