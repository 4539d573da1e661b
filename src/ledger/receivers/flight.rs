use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;

use super::found::Found;
use super::rows::Rows;
use crate::store::{Lease, Store, StoreError};
use crate::top::{Decrypted, ReceiverQuery, Shop};

/// The duration of a lease: longer than a call takes.
const LEASE: Duration = Duration::from_secs(60);

/// The shortest and the longest wait between two looks at the store for a receiver that another one decrypts.
const POLL: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(300));

/// The decryption of one batch of orders.
pub(super) struct Flight<S> {
    shop: Shop,
    rows: Arc<Rows<S>>,
}

impl<S: Store> Flight<S> {
    pub(super) fn new(shop: Shop, rows: Arc<Rows<S>>) -> Self {
        Self { shop, rows }
    }

    /// The results of all queries, by their keys.
    pub(super) async fn decrypt(self, queries: &[ReceiverQuery]) -> HashMap<String, Found> {
        let mut open: HashMap<_, _> = queries.iter().map(|query| (self.rows.key(query), query.clone())).collect();
        let mut found = HashMap::new();
        let mut pause = POLL.0;
        while !open.is_empty() {
            if let Err(error) = self.look_up(&mut open, &mut found).await {
                found.extend(open.drain().map(|(key, _)| (key, failed(&error))));
                break;
            }
            let (mine, error) = self.take_leases(&open).await;
            if !mine.is_empty() {
                pause = POLL.0;
                let work = decrypt_mine(self.shop.clone(), Arc::clone(&self.rows), mine);
                // A task of its own: what was paid for is kept even if this caller is dropped.
                let results = tokio::spawn(work).await.unwrap_or_default();
                open.retain(|key, _| !results.contains_key(key));
                found.extend(results);
            } else if let Some(error) = error {
                found.extend(open.drain().map(|(key, _)| (key, failed(&error))));
            } else if !open.is_empty() {
                tokio::time::sleep(pause.mul_f64(fastrand::f64().max(0.5))).await;
                pause = pause.saturating_mul(2).min(POLL.1);
            }
        }
        found
    }

    /// Moves what is in the store from `open` to `found`.
    async fn look_up(
        &self,
        open: &mut HashMap<String, ReceiverQuery>,
        found: &mut HashMap<String, Found>,
    ) -> Result<(), StoreError> {
        let keys: Vec<_> = open.keys().cloned().collect();
        let asked: Vec<_> = keys.iter().map(String::as_str).collect();
        let receivers = self.rows.get(&asked).await?;
        for (key, receiver) in keys.into_iter().zip(receivers) {
            if let Some(receiver) = receiver {
                open.remove(&key);
                found.insert(key, Found { result: Ok(receiver), is_cached: true });
            }
        }
        Ok(())
    }

    /// Takes the leases that are free. A failure of the store stops it; what was taken until then counts.
    async fn take_leases(&self, open: &HashMap<String, ReceiverQuery>) -> (Vec<Mine>, Option<StoreError>) {
        let mut mine = Vec::new();
        for (key, query) in open {
            match Lease::take(&self.rows.store, &format!("receivers/{key}"), LEASE).await {
                Ok(Some(lease)) => mine.push(Mine { key: key.clone(), query: query.clone(), lease }),
                Ok(None) => {}
                Err(error) => return (mine, Some(error)),
            }
        }
        (mine, None)
    }
}

/// An order that this flight decrypts.
struct Mine {
    key: String,
    query: ReceiverQuery,
    lease: Lease,
}

/// Decrypts orders whose leases are held, keeps their receivers, and releases the leases.
async fn decrypt_mine<S: Store>(shop: Shop, rows: Arc<Rows<S>>, mine: Vec<Mine>) -> HashMap<String, Found> {
    let mut found = HashMap::new();
    // Another holder may have kept the receiver before its lease was free.
    let keys: Vec<_> = mine.iter().map(|one| one.key.as_str()).collect();
    match rows.get(&keys).await {
        Ok(receivers) => found.extend(mine.iter().zip(receivers).filter_map(|(one, receiver)| {
            receiver.map(|receiver| (one.key.clone(), Found { result: Ok(receiver), is_cached: true }))
        })),
        // Without the store, decrypting could pay for what is there.
        Err(error) => found.extend(mine.iter().map(|one| (one.key.clone(), failed(&error)))),
    }
    let queries: Vec<_> =
        mine.iter().filter(|one| !found.contains_key(&one.key)).map(|one| one.query.clone()).collect();
    let mut decrypted = shop.decrypt_all(queries);
    while let Some(Decrypted { query, result }) = decrypted.next().await {
        if let Ok(receiver) = &result
            && rows.put(&query, receiver).await.is_err()
        {
            // The caller gets what was paid for. The next one pays again.
            tracing::warn!("a decrypted receiver could not be kept in the store");
        }
        found.insert(rows.key(&query), Found { result: result.map_err(Into::into), is_cached: false });
    }
    for one in mine {
        // If the store fails, the lease ends at its time.
        let _ = one.lease.release(&rows.store).await;
    }
    found
}

fn failed(error: &StoreError) -> Found {
    Found { result: Err(error.clone().into()), is_cached: false }
}
