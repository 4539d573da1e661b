//! What must outlive the process: receivers, quota, bindings, receipts, sessions.
//!
//! [`Store`] is the database under all of them: a few tables of rows that have a version. It is small, so that you can
//! write one for a database of your own and test it with [`contract`].
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `store` | the trait, its contract tests, [`EncryptedStore`] |
//! | `store-sqlite` | `SqliteStore`: a file, for one machine |
//! | `store-mysql` | `MySqlStore`: MySQL 8.0 or MariaDB 10.6, for many machines |
//! | `store-postgres` | `PostgresStore`: PostgreSQL 12, for many machines |
//!
//! Over it are the [cache](crate::receiver_cache) of receivers, the [quota ledger](crate::quota_ledger), the receipts that were
//! [handled](crate::receipts_seen), the [sessions](crate::stored_session) of many shops, and work that is
//! [put off](crate::parked).
//!
//! ```
//! # #[cfg(feature = "store-sqlite")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let file = folder.join("doc.db");
//! let database = SqliteStore::open(&file, "pn_").await?; // makes the file and the tables
//! // Keep both keys where you keep other secrets. This makes new ones.
//! let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?);
//! let store = EncryptedStore::open(database, keys).await?;
//! # drop(store);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "store-sqlite"))]
//! # fn main() {}
//! ```

mod bulk;
mod change;
pub mod contract;
mod encrypted;
mod encryption;
mod error;
mod lease;
mod query;
mod row;
#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod sql;
mod table;

use std::future::Future;

pub(crate) use bulk::{PAGE, delete_due, write_each};
pub use change::{Change, Written};
pub use encrypted::EncryptedStore;
pub use encryption::{EncryptionKey, EncryptionKeys, LookupKey};
pub use error::StoreError;
pub use lease::Lease;
pub use query::{Cursor, Query, StateStats};
pub use row::{NewRow, Row};
#[cfg(feature = "store-mysql")]
pub use sql::MySqlStore;
#[cfg(feature = "store-postgres")]
pub use sql::PostgresStore;
#[cfg(feature = "store-sqlite")]
pub use sql::SqliteStore;
#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
pub use sql::{SqlStore, TransactionalStore};
pub use table::Table;

/// A database with the [`Table`]s of this crate. Clones share it.
///
/// Every method may be called by any number of tasks, processes and machines at once. What a successful write changed
/// is seen by every read that starts after it, and survives a crash of the process. A failed read changes nothing. A
/// write that fails with [`StoreError::Unavailable`] may have been made; after any other error it was not.
///
/// [`contract`] checks each of these rules.
pub trait Store: Clone + Send + Sync + 'static {
    /// Reads rows: one result for each key, in their order; `None` where there is no row.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn get_many(
        &self,
        table: Table,
        keys: &[&str],
    ) -> impl Future<Output = Result<Vec<Option<Row>>, StoreError>> + Send;

    /// Makes all changes, in their order, or none: atomic, and durable when it returns [`Written::Done`].
    ///
    /// # Errors
    /// See [`StoreError`]. A change that does not pass [`Change::validate`] is [`StoreError::Invalid`].
    fn write(&self, changes: &[Change<'_>]) -> impl Future<Output = Result<Written, StoreError>> + Send;

    /// Lists rows in the order that [`Query`] describes.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn list(&self, table: Table, query: &Query<'_>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// The number of rows of each group, in the order of `groups`; only rows of `state` if it is given.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn count_groups(
        &self,
        table: Table,
        state: Option<&str>,
        groups: &[&str],
    ) -> impl Future<Output = Result<Vec<u64>, StoreError>> + Send;

    /// The number of rows and the earliest time of each state that a row has, for metrics. Reads the whole table's
    /// index: do not call it for each request.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn stats(&self, table: Table) -> impl Future<Output = Result<Vec<StateStats>, StoreError>> + Send;

    /// Reads one row.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn get(&self, table: Table, key: &str) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        async move { Ok(self.get_many(table, &[key]).await?.pop().flatten()) }
    }

    /// Adds a row. `false` if the key exists.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn insert(
        &self,
        table: Table,
        key: &str,
        row: NewRow<'_>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        async move { Ok(self.write(&[Change::Insert { table, key, row }]).await?.is_done()) }
    }

    /// Replaces a row that has this version; its new version is `version + 1`. `false` if it has another version, or
    /// does not exist.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn update(
        &self,
        table: Table,
        key: &str,
        version: u64,
        row: NewRow<'_>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        async move { Ok(self.write(&[Change::Update { table, key, version, row }]).await?.is_done()) }
    }

    /// Removes a row, of this version if one is given. `false` if it does not exist or has another version.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn delete(
        &self,
        table: Table,
        key: &str,
        version: Option<u64>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        async move { Ok(self.write(&[Change::Delete { table, key, version }]).await?.is_done()) }
    }

    /// Adds to the count of a row, which is made if it does not exist: see [`Change::Add`]. Returns the new count;
    /// `None` if it would pass `max`.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn add(
        &self,
        table: Table,
        key: &str,
        by: i64,
        max: Option<i64>,
        row: NewRow<'_>,
    ) -> impl Future<Output = Result<Option<i64>, StoreError>> + Send {
        async move {
            match self.write(&[Change::Add { table, key, by, max, row }]).await? {
                Written::Done(counts) => Ok(counts.first().copied()),
                Written::Refused(_) => Ok(None),
            }
        }
    }
}

/// Compiles the examples of the guide.
#[cfg(all(doctest, feature = "store-sqlite"))]
#[doc = include_str!("../docs/store.md")]
struct Guide;
