//! [`Store`] in SQL, once for all databases. What differs between them is in [`Dialect`].

mod cause;
mod columns;
mod dialect;
mod encrypted;
mod failure;
mod migration;
#[cfg(feature = "store-mysql")]
mod mysql;
mod names;
#[cfg(feature = "store-postgres")]
mod postgres;
mod reading;
#[cfg(feature = "store-sqlite")]
mod sqlite;
mod statement;
mod transaction;
mod writing;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;

#[cfg(feature = "store-mysql")]
pub use mysql::MySqlStore;
#[cfg(feature = "store-postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "store-sqlite")]
pub use sqlite::SqliteStore;
pub use transaction::TransactionalStore;

use super::{Change, Query, Row, StateStats, Store, StoreError, Table, Written};
use dialect::Dialect;
use failure::Failure;
use names::Names;

/// The timeout of one operation, with the wait for a connection.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often an operation that lost a conflict with another one is made again.
const CONFLICTS: u32 = 50;

/// A [`Store`] in a SQL database: `SqliteStore`, `MySqlStore` or `PostgresStore`.
///
/// Its tables have names that begin with a prefix of your choice: 0 to 24 lower-case letters, digits and `_`, the first
/// one a letter. Times, versions and counts are integers (times in microseconds since 1970 in UTC); keys, groups and
/// states are bytes in UTF-8.
///
/// An operation takes at most 30 seconds, then it fails with [`StoreError::Unavailable`]. A transaction that the
/// database ends because of a conflict with another one is made again, up to 50 times.
pub struct SqlStore<DB: Dialect> {
    pool: Pool<DB>,
    names: Arc<Names>,
}

impl<DB: Dialect> SqlStore<DB> {
    /// A store in a database of your own, with the tables that begin with `prefix`. Makes the tables, or brings older
    /// ones to the schema of this version; any number of processes may do so at once.
    ///
    /// # Errors
    /// [`StoreError::Schema`] if a later version of this crate made the tables, [`StoreError::Invalid`] for a wrong
    /// prefix, and what [`StoreError`] lists.
    pub async fn from_pool(pool: Pool<DB>, prefix: &str) -> Result<Self, StoreError> {
        let store = Self { pool, names: Arc::new(Names::new(prefix)?) };
        store.run(|| migration::migrate(&store.pool, &store.names)).await?;
        Ok(store)
    }

    /// The connections to the database.
    #[must_use]
    pub fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    /// Makes changes in a transaction of your own, together with your own work: pass `&mut *transaction`. They are made
    /// when you commit. After [`Written::Refused`] none of these changes is in the transaction, which goes on.
    ///
    /// The connection must be one to the same database.
    ///
    /// # Errors
    /// Those of [`Store::write`]. A conflict is [`StoreError::Unavailable`]: roll back and begin again.
    pub async fn write_in(
        &self,
        connection: &mut DB::Connection,
        changes: &[Change<'_>],
    ) -> Result<Written, StoreError> {
        changes.iter().try_for_each(Change::validate)?;
        writing::write_in::<DB>(connection, &self.names, changes).await.map_err(|error| Failure::of::<DB>(error).error)
    }

    /// Runs an operation within its timeout, and again if it lost a conflict.
    async fn run<T, F>(&self, mut operation: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let attempts = async {
            for attempt in 1..=CONFLICTS {
                match operation().await {
                    Err(failure) if failure.is_conflict => tokio::time::sleep(pause(attempt)).await,
                    result => return result,
                }
            }
            operation().await
        };
        match tokio::time::timeout(TIMEOUT, attempts).await {
            Ok(result) => result.map_err(|failure| failure.error),
            Err(_) => Err(StoreError::Unavailable("it gave no answer within 30 seconds".into())),
        }
    }
}

/// The wait before an operation is made again: 0 to 4 milliseconds after the first conflict, up to 0.5 seconds later.
fn pause(attempt: u32) -> Duration {
    Duration::from_micros(fastrand::u64(0..=4_000_u64.saturating_mul(1 << attempt.saturating_sub(1).min(7))))
}

impl<DB: Dialect> Store for SqlStore<DB> {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        self.run(|| reading::get_many(&self.pool, self.names.table(table), keys)).await
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        changes.iter().try_for_each(Change::validate)?;
        self.run(|| writing::write(&self.pool, &self.names, changes)).await
    }

    async fn list(&self, table: Table, query: &Query<'_>) -> Result<Vec<Row>, StoreError> {
        self.run(|| reading::list(&self.pool, self.names.table(table), query)).await
    }

    async fn count_groups(&self, table: Table, state: Option<&str>, groups: &[&str]) -> Result<Vec<u64>, StoreError> {
        self.run(|| reading::count_groups(&self.pool, self.names.table(table), state, groups)).await
    }

    async fn stats(&self, table: Table) -> Result<Vec<StateStats>, StoreError> {
        self.run(|| reading::stats(&self.pool, self.names.table(table))).await
    }
}

impl<DB: Dialect> Clone for SqlStore<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), names: Arc::clone(&self.names) }
    }
}

/// Shows the prefix, not the database's address.
impl<DB: Dialect> fmt::Debug for SqlStore<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore")
            .field("database", &DB::NAME)
            .field("prefix", &self.names.prefix())
            .finish_non_exhaustive()
    }
}
