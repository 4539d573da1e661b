//! The decrypt cache: receivers of orders in a [store](crate::store), so that no order is decrypted twice.

mod error;
mod flight;
mod found;
mod in_flight;
mod order_changed;
mod refusals;
mod rows;
mod stats;
mod stored;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use error::CacheError;
pub use stats::{CacheCounts, CacheStats};

use crate::store::{EncryptedStore, Store, StoreError};
use crate::top::{Receiver, ReceiverQuery, Shop};
use flight::Flight;
use found::{Found, Source};
use in_flight::InFlight;
use rows::Rows;

/// The most queries that are looked up at once.
const BATCH: usize = 100;

/// The most receivers of a store, if nothing else is set.
const MAX_ROWS: u32 = 1_000_000;

/// The duration of a lease, if nothing else is set.
const LEASE: Duration = Duration::from_secs(60);

impl Shop {
    /// This shop with a cache of its receivers in a store. `name` is your own name of the shop, at most 100 bytes,
    /// without personal data, the same on all machines. Make it once for each shop: what several tasks ask for at once
    /// is joined in the process only among its clones.
    ///
    /// ```no_run
    /// # async fn decrypt<S: privacy_number::store::Store>(
    /// #     shop: privacy_number::top::Shop,
    /// #     store: privacy_number::store::EncryptedStore<S>,
    /// # ) -> Result<(), privacy_number::receiver_cache::CacheError> {
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
        let application = self.application().to_owned();
        let rows = Rows { store: store.clone(), application, shop: name.into(), max_rows: MAX_ROWS };
        let flight = Flight { shop: self.clone(), rows: Arc::new(rows), counters: Arc::default(), lease: LEASE };
        CachedShop { flight, in_flight: Arc::default() }
    }
}

/// A shop whose receivers are kept in a store: [`Shop::cached`].
///
/// A receiver is found by the application's key, the shop's name and all that its query holds: the order, its OAID, the
/// scene and the days. It is kept until [`secret_no_expire_time`](Receiver::secret_no_expire_time), or for a day if there
/// is none, and encrypted. A receiver of a new OAID, which an order gets with a new address, replaces the earlier ones
/// of that order.
///
/// An order that several tasks, processes and machines ask for at once is decrypted once. In a process its requests are
/// joined; between processes one holds a [`Lease`](crate::store::Lease), the others look at the store several times a
/// second. The work runs in a task of its own, so that a decryption that was paid for is kept even if its caller is
/// dropped. If the holder's process is killed, the others go on after the [`lease`](Self::lease).
///
/// Errors are not cached. If an order is refused, those that were waiting for it get that refusal, without TOP's
/// message. Who asks after it asks TOP. After other errors, such as a lost connection, each waiting process asks for
/// itself.
pub struct CachedShop<S> {
    flight: Flight<S>,
    in_flight: Arc<InFlight>,
}

/// The result of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CachedReceiver {
    /// The query, as it was passed in.
    pub query: ReceiverQuery,
    /// Its receiver, or why there is none.
    pub result: Result<Receiver, CacheError>,
    /// Whether this call did not ask TOP for it: it was in the store, or another call asked for it meanwhile.
    pub is_cached: bool,
}

impl<S: Store> CachedShop<S> {
    /// Keeps at most this many receivers in the store, of all its shops; 1,000,000 if it is not set. If there is no
    /// room, those that expire first make room. Use the same number everywhere.
    #[must_use]
    pub fn max_receivers(self, max_rows: u32) -> Self {
        let Rows { store, application, shop, .. } = &*self.flight.rows;
        let (store, application, shop) = (store.clone(), application.clone(), shop.clone());
        let rows = Arc::new(Rows { store, application, shop, max_rows });
        Self { flight: Flight { rows, ..self.flight }, ..self }
    }

    /// How long the others wait for a process that was killed while it decrypted an order; a minute if it is not set, at
    /// least a second. A process that lives extends its leases.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        let lease = lease.max(Duration::from_secs(1));
        Self { flight: Flight { lease, ..self.flight }, ..self }
    }

    /// Decrypts orders, those that are not in the store in calls of up to 20: one result for each query, in their
    /// order. Needs a Tokio runtime.
    pub async fn decrypt(&self, queries: impl IntoIterator<Item = ReceiverQuery>) -> Vec<CachedReceiver> {
        let queries: Vec<_> = queries.into_iter().collect();
        let mut results = Vec::with_capacity(queries.len());
        for batch in queries.chunks(BATCH) {
            let open = batch.iter().map(|query| (self.flight.rows.key(query), query.clone())).collect();
            let found = self.in_flight.decrypt(&self.flight, open).await;
            results.extend(batch.iter().map(|query| self.result(query, &found)));
        }
        results
    }

    /// Forgets every receiver of an order, for a person who asks for it or an address that changed; how many there
    /// were. Only those of this application. A decryption that is under way meanwhile may add its own.
    ///
    /// # Errors
    /// [`CacheError::Store`]. It can be called again.
    pub async fn forget(&self, tid: &str) -> Result<u64, CacheError> {
        Ok(self.flight.rows.forget(tid).await?)
    }

    /// The shop without its cache.
    #[must_use]
    pub fn shop(&self) -> &Shop {
        &self.flight.shop
    }

    /// What this shop and its clones did, in this process. Reads no store.
    #[must_use]
    pub fn counts(&self) -> CacheCounts {
        self.flight.counters.read()
    }

    /// The counts, and the size of the store, for metrics. Reads the index of the whole table: do not call it for each
    /// request.
    ///
    /// # Errors
    /// [`CacheError::Store`].
    pub async fn stats(&self) -> Result<CacheStats, CacheError> {
        let (receivers, first_expires) = self.flight.rows.count().await?;
        Ok(CacheStats { counts: self.counts(), receivers, first_expires })
    }

    fn result(&self, query: &ReceiverQuery, found: &HashMap<String, Found>) -> CachedReceiver {
        let lost = || Found::failed(&StoreError::Unavailable("the work was stopped with its runtime".into()));
        let Found { result, source } = found.get(&self.flight.rows.key(query)).cloned().unwrap_or_else(lost);
        self.flight.counters.count(source);
        CachedReceiver { query: query.clone(), result, is_cached: source != Source::Call }
    }
}

impl<S> Clone for CachedShop<S> {
    fn clone(&self) -> Self {
        Self { flight: self.flight.clone(), in_flight: Arc::clone(&self.in_flight) }
    }
}

impl<S> fmt::Debug for CachedShop<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedShop").field("shop", &self.flight.shop).finish_non_exhaustive()
    }
}
