use super::SqlStore;
use super::dialect::Dialect;
use crate::store::{Change, EncryptedStore, StoreError, Written};

impl<DB: Dialect> EncryptedStore<SqlStore<DB>> {
    /// Makes changes, encrypted, in a transaction of your own: see [`SqlStore::write_in`].
    ///
    /// # Errors
    /// Those of [`SqlStore::write_in`].
    pub async fn write_in(
        &self,
        connection: &mut DB::Connection,
        changes: &[Change<'_>],
    ) -> Result<Written, StoreError> {
        let encrypted = self.encrypted(changes)?;
        let changes: Vec<_> = encrypted.iter().zip(changes).map(|(columns, change)| columns.change(change)).collect();
        self.inner().write_in(connection, &changes).await
    }
}
