use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::mysql::{MySql, MySqlArguments, MySqlDatabaseError, MySqlPoolOptions, MySqlRow};

use super::SqlStore;
use super::cause::Cause;
use super::dialect::{Dialect, run_statements, statement_functions};
use super::failure::Failure;
use crate::store::StoreError;

/// A store in MySQL (8.0 or later) or MariaDB (10.6 or later), for many machines. The tables are InnoDB's.
///
/// For TLS, add `sqlx` with one of its `tls-` features to your own crate, and `?ssl-mode=VERIFY_IDENTITY` to the URL.
pub type MySqlStore = SqlStore<MySql>;

const MAX_CONNECTIONS: u32 = 10;

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

impl MySqlStore {
    /// Connects to `mysql://user:password@host/database`, and makes the tables, whose names begin with `prefix`.
    ///
    /// # Errors
    /// [`StoreError`]. No error shows the URL.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, StoreError> {
        let options = MySqlPoolOptions::new().max_connections(MAX_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        let pool = options.connect_lazy(url).map_err(|error| Failure::of::<MySql>(error).error)?;
        Self::from_pool(pool, prefix).await
    }
}

statement_functions!(MySql, MySqlArguments, MySqlRow);

impl Dialect for MySql {
    const NUMBERED_PLACEHOLDERS: bool = false;
    const CONTENT: &'static str = "LONGBLOB";
    const ON_CONFLICT: &'static str = "";
    const BEGIN: &'static str = "START TRANSACTION";
    const LOCK_NUMBERS: Option<(&'static str, &'static str)> = None;
    const TABLE_OPTIONS: &'static str = " ENGINE = InnoDB";
    // MySQL has no IF NOT EXISTS here.
    const CREATE_INDEX: &'static str = "CREATE INDEX";
    const ROLLS_BACK_SCHEMA: bool = false;
    // The lock's name is the server's, not the database's, and has at most 64 characters.
    const LOCK: Option<&'static str> = Some("DO GET_LOCK(SHA1(CONCAT(DATABASE(), '.', ?)), 25)");
    const UNLOCK: Option<&'static str> = Some("DO RELEASE_LOCK(SHA1(CONCAT(DATABASE(), '.', ?)))");

    fn bytes(length: usize) -> String {
        format!("VARBINARY({length})")
    }

    fn cause(error: &dyn DatabaseError) -> Cause {
        // Source: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html
        match error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
            Some(1062) => Cause::Exists,
            // A deadlock, a lock wait that took too long, a row that changed after the snapshot (MariaDB).
            Some(1213 | 1205 | 1020) => Cause::Conflict,
            // Too many connections (of all, of the user), shutdown, killed, read-only while it fails over.
            Some(1040 | 1203 | 1226 | 1053 | 1077 | 1079 | 1317 | 1836 | 1290 | 1927 | 3169) => Cause::Unavailable,
            // Disk full, table full, temporary file not written.
            Some(1021 | 1114 | 3 | 1026) => Cause::Full,
            Some(1146) => Cause::NoTable,
            Some(1061) => Cause::IndexExists,
            // A damaged index or table.
            Some(1034 | 1035 | 126 | 127 | 1712 | 1877) => Cause::Corrupt,
            _ => Cause::Refused,
        }
    }

    run_statements!(MySqlRow);
}
