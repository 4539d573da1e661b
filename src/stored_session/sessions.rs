use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};

use super::memory::Memory;
use super::record::{ACTIVE, Record, StoredSession};
use crate::invalid::InvalidRequest;
use crate::redact::Secret;
use crate::store::{EncryptedStore, NewRow, Store, StoreError, Table};
use crate::top::{NoSession, ProviderError, SessionProvider};

/// The table of the sessions.
pub(super) const TABLE: Table = Table::Sessions;

/// The longest name of a shop, in bytes: the name of its lease must fit.
const MAX_SHOP: usize = 400;

type Refresh = dyn Fn(String, StoredSession) -> BoxFuture<'static, Result<StoredSession, ProviderError>> + Send + Sync;

/// The sessions of many shops, encrypted in a store. Clones share them.
///
/// - A session is read from the store once, then kept in memory. When TOP refuses it, the store is read again: another
///   machine may have refreshed it, or the seller may have authorised again.
/// - One refresh of a shop runs at a time over all machines. The others wait for it and use its result.
/// - The new session and refresh token are in the store before anybody uses them. The old ones stay beside them until
///   the next refresh. If the store fails at that moment, the write is tried for some seconds, and again with each later
///   call of the shop; until then only this process has the new token.
/// - A process that is killed while TOP answers its refresh loses the answer. Whether TOP then still takes the old
///   refresh token is not documented.
#[doc(alias = "授权")]
pub struct StoredSessions<S> {
    pub(super) store: EncryptedStore<S>,
    pub(super) refresh: Arc<Refresh>,
    pub(super) memory: Arc<Memory>,
}

impl<S: Store> StoredSessions<S> {
    /// Sessions in a store. `refresh` gets a shop's name and its session, and asks TOP for a new one with the refresh
    /// token. If there is no way but a new authorisation, its error is [`NoSession`].
    pub fn new<F, R>(store: EncryptedStore<S>, refresh: F) -> Self
    where
        F: Fn(String, StoredSession) -> R + Send + Sync + 'static,
        R: Future<Output = Result<StoredSession, ProviderError>> + Send + 'static,
    {
        let refresh = Arc::new(move |shop, old| refresh(shop, old).boxed());
        Self { store, refresh, memory: Arc::default() }
    }

    /// Writes the session of a shop whose seller has authorised the application. It replaces an earlier one.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if the name is not 1 to 400 bytes, and what [`StoreError`] lists.
    pub async fn put(&self, shop: &str, session: &StoredSession) -> Result<(), StoreError> {
        if !(1..=MAX_SHOP).contains(&shop.len()) {
            return Err(InvalidRequest::new("shop", "must have 1 to 400 bytes").into());
        }
        let value = Record { current: session.clone(), previous: None }.encode()?;
        let row = NewRow::new(&value).state(ACTIVE).due(session.expires);
        loop {
            let written = match self.store.get(TABLE, shop).await? {
                Some(found) => self.store.update(TABLE, shop, found.version, row).await?,
                None => self.store.insert(TABLE, shop, row).await?,
            };
            if written {
                self.memory.saved(shop);
                self.memory.set(shop, &session.session);
                return Ok(());
            }
        }
    }

    /// Removes the session of a shop. `false` if it has none. Other processes use theirs until TOP refuses it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove(&self, shop: &str) -> Result<bool, StoreError> {
        let removed = self.store.delete(TABLE, shop, None).await?;
        self.memory.saved(shop);
        self.memory.forget(shop);
        Ok(removed)
    }

    /// The shop's session as the store has it; `None` if it has none.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn get(&self, shop: &str) -> Result<Option<StoredSession>, StoreError> {
        let row = self.store.get(TABLE, shop).await?;
        row.map(|row| Ok(Record::read(&row)?.current)).transpose()
    }
}

impl<S: Store> SessionProvider for StoredSessions<S> {
    async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
        if let Some(unsaved) = self.memory.unsaved(shop) {
            // It is the right session whether or not the store takes it now.
            let _ = self.save(shop, &unsaved).await;
            return Ok(unsaved.new.session);
        }
        if let Some(session) = self.memory.get(shop) {
            return Ok(session);
        }
        let found = self.get(shop).await?.ok_or(NoSession)?;
        self.memory.set(shop, &found.session);
        Ok(found.session)
    }

    async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
        Ok(self.refreshed(shop, refused).await?.session)
    }
}

impl<S: Clone> Clone for StoredSessions<S> {
    fn clone(&self) -> Self {
        let Self { store, refresh, memory } = self;
        Self { store: store.clone(), refresh: Arc::clone(refresh), memory: Arc::clone(memory) }
    }
}

impl<S: fmt::Debug> fmt::Debug for StoredSessions<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSessions").field("store", &self.store).finish_non_exhaustive()
    }
}
