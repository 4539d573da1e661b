use std::future::Future;

use sqlx::{Database, Transaction};

use super::SqlStore;
use super::dialect::Dialect;
use super::failure::Failure;
use crate::store::{Change, EncryptedStore, Store, StoreError, Written};

/// A store in your own SQL database: its changes and your own work can be in one transaction. Implemented by
/// [`SqlStore`], and by [`EncryptedStore`] over one.
pub trait TransactionalStore: Store {
    /// SQLx's type of the database.
    type Database: Database;

    /// Begins a transaction that writes. Dropping it rolls it back.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn begin(&self) -> impl Future<Output = Result<Transaction<'static, Self::Database>, StoreError>> + Send;

    /// Makes changes in a transaction, as [`SqlStore::write_in`] does: pass `&mut transaction`.
    ///
    /// # Errors
    /// Those of [`SqlStore::write_in`].
    fn write_in(
        &self,
        connection: &mut <Self::Database as Database>::Connection,
        changes: &[Change<'_>],
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;
}

impl<DB: Dialect> TransactionalStore for SqlStore<DB> {
    type Database = DB;

    async fn begin(&self) -> Result<Transaction<'static, DB>, StoreError> {
        self.pool.begin_with(DB::BEGIN).await.map_err(|error| Failure::of::<DB>(error).error)
    }

    async fn write_in(&self, connection: &mut DB::Connection, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        Self::write_in(self, connection, changes).await
    }
}

impl<DB: Dialect> TransactionalStore for EncryptedStore<SqlStore<DB>> {
    type Database = DB;

    async fn begin(&self) -> Result<Transaction<'static, DB>, StoreError> {
        self.inner().begin().await
    }

    async fn write_in(&self, connection: &mut DB::Connection, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        Self::write_in(self, connection, changes).await
    }
}
