//! The decrypt cache.

mod flight;
mod found;
mod rows;
mod stored;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::store::{EncryptedStore, Store};
use crate::top::{Receiver, ReceiverQuery, Shop};

use super::error::LedgerError;
use flight::Flight;
use found::Found;
use rows::Rows;

/// The most queries that are looked up at once.
const BATCH: usize = 100;

/// The most receivers of a store, if nothing else is set.
const MAX_ROWS: u32 = 1_000_000;

impl Shop {
    /// This shop with a cache of its receivers in a store. `name` is your own name of the shop, at most 100 bytes,
    /// without personal data, the same on all machines.
    ///
    /// ```no_run
    /// # async fn decrypt<S: privacy_number::store::Store>(
    /// #     shop: privacy_number::top::Shop,
    /// #     store: privacy_number::store::EncryptedStore<S>,
    /// # ) -> Result<(), privacy_number::ledger::LedgerError> {
    /// use privacy_number::top::{ReceiverQuery, Scene};
    ///
    /// let shop = shop.cached(&store, "seller-1");
    /// let query = ReceiverQuery::builder().oaid("oaid-a").tid("2001").scene(Scene::StoreShipping).build();
    /// for one in shop.decrypt([query]).await {
    ///     let receiver = one.result?; // from the store, if it is there and still valid
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cached<S: Store>(&self, store: &EncryptedStore<S>, name: impl Into<String>) -> CachedShop<S> {
        let rows = Rows { store: store.clone(), shop: name.into(), max_rows: MAX_ROWS };
        CachedShop { shop: self.clone(), rows: Arc::new(rows) }
    }
}

/// A shop whose receivers are kept in a store: [`Shop::cached`].
///
/// A receiver is found by the shop's name, the order, its OAID and the scene; `secret_no_days` does not count. It is
/// kept until [`secret_no_expire_time`](Receiver::secret_no_expire_time), or for a day if there is none, and encrypted.
/// The error of an order is never kept. A receiver of a new OAID, which an order gets with a new address, replaces the
/// earlier ones of that order.
///
/// An order that several tasks, processes and machines ask for at once is decrypted once: one holds a
/// [`Lease`](crate::store::Lease) of a minute, the others poll the store. Work that has begun goes on in a task of its
/// own if its caller is dropped, because a decryption that was paid for is to be kept. If the holder's process is
/// killed, the others go on after that minute. If its order is refused, each of the others asks for itself.
pub struct CachedShop<S> {
    shop: Shop,
    rows: Arc<Rows<S>>,
}

/// The result of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CachedReceiver {
    /// The query, as it was passed in.
    pub query: ReceiverQuery,
    /// Its receiver, or why there is none.
    pub result: Result<Receiver, LedgerError>,
    /// Whether the receiver was in the store, so that this call did not decrypt it.
    pub is_cached: bool,
}

impl<S: Store> CachedShop<S> {
    /// Keeps at most this many receivers in the store, of all its shops; 1,000,000 if it is not set. If there is no
    /// room, those that expire first make room. Use the same number everywhere.
    #[must_use]
    pub fn max_receivers(self, max_rows: u32) -> Self {
        let rows = Rows { store: self.rows.store.clone(), shop: self.rows.shop.clone(), max_rows };
        Self { rows: Arc::new(rows), ..self }
    }

    /// Decrypts orders, those that are not in the store in calls of up to 20: one result for each query, in their
    /// order. Needs a Tokio runtime.
    pub async fn decrypt(&self, queries: impl IntoIterator<Item = ReceiverQuery>) -> Vec<CachedReceiver> {
        let queries: Vec<_> = queries.into_iter().collect();
        let mut results = Vec::with_capacity(queries.len());
        for batch in queries.chunks(BATCH) {
            let flight = Flight::new(self.shop.clone(), Arc::clone(&self.rows));
            let found = flight.decrypt(batch).await;
            results.extend(batch.iter().map(|query| self.result(query, &found)));
        }
        results
    }

    /// Forgets every receiver of an order, for a person who asks for it or an address that changed; how many there
    /// were. A decryption that is under way meanwhile may add its own.
    ///
    /// # Errors
    /// [`LedgerError::Store`]. It can be called again.
    pub async fn forget(&self, tid: &str) -> Result<u64, LedgerError> {
        Ok(self.rows.forget(tid).await?)
    }

    /// The shop without its cache.
    #[must_use]
    pub fn shop(&self) -> &Shop {
        &self.shop
    }

    fn result(&self, query: &ReceiverQuery, found: &HashMap<String, Found>) -> CachedReceiver {
        let missing = || Err(crate::store::StoreError::Unavailable("the work was stopped with its runtime".into()));
        let (result, is_cached) = match found.get(&self.rows.key(query)) {
            Some(found) => (found.result.clone(), found.is_cached),
            None => (missing().map_err(Into::into), false),
        };
        CachedReceiver { query: query.clone(), result, is_cached }
    }
}

impl<S> Clone for CachedShop<S> {
    fn clone(&self) -> Self {
        Self { shop: self.shop.clone(), rows: Arc::clone(&self.rows) }
    }
}

impl<S> fmt::Debug for CachedShop<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedShop").field("shop", &self.shop).finish_non_exhaustive()
    }
}
