//! Decrypts each order once over all machines.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::found::{Found, Source};
use super::refusals::{self, Waiting};
use super::rows::Rows;
use super::stats::Counters;
use crate::error::Error;
use crate::store::{Lease, Store, StoreError};
use crate::top::{Decrypted, Receiver, ReceiverQuery, Shop};

/// The shortest and the longest wait between two looks at the store for a receiver that another process decrypts.
const POLL: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(300));

/// Orders that are not found yet, by their keys.
type Open = HashMap<String, ReceiverQuery>;

/// How to decrypt orders of a shop.
pub(super) struct Flight<S> {
    pub(super) shop: Shop,
    pub(super) rows: Arc<Rows<S>>,
    pub(super) counters: Arc<Counters>,
    /// The duration of a lease. A holder that lives extends it.
    pub(super) lease: Duration,
}

impl<S: Store> Flight<S> {
    /// The results of all orders, by their keys.
    pub(super) async fn decrypt(self, mut open: Open) -> HashMap<String, Found> {
        let mut found = HashMap::new();
        if let Err(error) = self.decrypt_open(&mut open, &mut found).await {
            found.extend(open.into_keys().map(|key| (key, Found::failed(&error))));
        }
        found
    }

    /// Moves all orders from `open` to `found`. What is left after an error failed with it.
    async fn decrypt_open(&self, open: &mut Open, found: &mut HashMap<String, Found>) -> Result<(), StoreError> {
        self.look_up(open, found, Source::Store).await?;
        if open.is_empty() {
            return Ok(());
        }
        let waiting = Waiting::start(&self.rows.store, &keys(open)).await?;
        let mut pause = POLL.0;
        loop {
            let (mine, taken) = self.take_leases(open).await;
            if !mine.is_empty() {
                pause = POLL.0;
                let results = self.decrypt_mine(mine, &waiting).await;
                open.retain(|key, _| !results.contains_key(key));
                found.extend(results);
            }
            taken?;
            if open.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause.mul_f64(fastrand::f64().max(0.5))).await;
            pause = pause.saturating_mul(2).min(POLL.1);
            self.look_up(open, found, Source::Other).await?;
            self.look_for_refusals(open, found, &waiting).await?;
        }
    }

    /// Moves what is in the store from `open` to `found`.
    async fn look_up(
        &self,
        open: &mut Open,
        found: &mut HashMap<String, Found>,
        source: Source,
    ) -> Result<(), StoreError> {
        let keys: Vec<_> = open.keys().cloned().collect();
        let asked: Vec<_> = keys.iter().map(String::as_str).collect();
        let receivers = self.rows.get(&asked).await?;
        for (key, receiver) in keys.into_iter().zip(receivers) {
            if let Some(receiver) = receiver {
                open.remove(&key);
                found.insert(key, Found { result: Ok(receiver), source });
            }
        }
        Ok(())
    }

    /// Moves what was refused meanwhile from `open` to `found`.
    async fn look_for_refusals(
        &self,
        open: &mut Open,
        found: &mut HashMap<String, Found>,
        waiting: &Waiting,
    ) -> Result<(), StoreError> {
        for (key, error) in waiting.look(&self.rows.store, &self.shop, &keys(open)).await? {
            open.remove(&key);
            found.insert(key, Found { result: Err(error.into()), source: Source::Other });
        }
        Ok(())
    }

    /// Takes the leases that are free. A failure of the store stops it; what was taken until then counts.
    async fn take_leases(&self, open: &Open) -> (HashMap<String, Mine>, Result<(), StoreError>) {
        let mut mine = HashMap::new();
        for (key, query) in open {
            match Lease::take(&self.rows.store, &format!("receivers/{key}"), self.lease).await {
                Ok(Some(lease)) => drop(mine.insert(key.clone(), Mine { query: query.clone(), lease })),
                Ok(None) => {}
                Err(error) => return (mine, Err(error)),
            }
        }
        (mine, Ok(()))
    }

    /// Decrypts orders whose leases are held, keeps their receivers or shares their refusals, and releases the leases.
    async fn decrypt_mine(&self, mut mine: HashMap<String, Mine>, waiting: &Waiting) -> HashMap<String, Found> {
        let mut found = HashMap::new();
        // Another holder may have ended before its lease was free. Without the store, decrypting could pay for what is
        // there.
        let mut open: Open = mine.iter().map(|(key, one)| (key.clone(), one.query.clone())).collect();
        let looked_up = match self.look_up(&mut open, &mut found, Source::Other).await {
            Ok(()) => self.look_for_refusals(&mut open, &mut found, waiting).await,
            error => error,
        };
        if let Err(error) = looked_up {
            found.extend(open.drain().map(|(key, _)| (key, Found::failed(&error))));
        }
        for key in found.keys() {
            self.release(mine.remove(key)).await;
        }
        let mut decrypted = self.shop.decrypt_all(open.into_values().collect::<Vec<_>>());
        let mut extend_at = self.extension_time();
        loop {
            match tokio::time::timeout_at(extend_at, decrypted.next()).await {
                Ok(Some(Decrypted { query, result })) => {
                    let key = self.rows.key(&query);
                    self.record(&key, &query, &result).await;
                    self.release(mine.remove(&key)).await;
                    found.insert(key, Found { result: result.map_err(Into::into), source: Source::Call });
                }
                Ok(None) => break,
                Err(_) => {
                    for one in mine.values_mut() {
                        // A lease that has ended is taken by another one, who decrypts a second time.
                        let _ = one.lease.extend(&self.rows.store, self.lease).await;
                    }
                    extend_at = self.extension_time();
                }
            }
        }
        for (_, one) in mine {
            self.release(Some(one)).await;
        }
        found
    }

    /// Writes a result for the others.
    async fn record(&self, key: &str, query: &ReceiverQuery, result: &Result<Receiver, Error>) {
        match result {
            Ok(receiver) => {
                if self.rows.put(query, receiver).await.is_err() {
                    // The caller gets what was paid for. The next one pays again.
                    self.counters.not_kept();
                    tracing::warn!("a decrypted receiver could not be kept in the store");
                }
            }
            Err(error) => {
                // If it fails, those that wait ask for themselves.
                let _ = refusals::share(&self.rows.store, &self.shop, key, error).await;
            }
        }
    }

    /// When the leases are extended next.
    fn extension_time(&self) -> Instant {
        let now = Instant::now();
        self.lease.checked_div(3).and_then(|pause| now.checked_add(pause)).unwrap_or(now)
    }

    async fn release(&self, mine: Option<Mine>) {
        if let Some(mine) = mine {
            // If the store fails, the lease ends at its time.
            let _ = mine.lease.release(&self.rows.store).await;
        }
    }
}

impl<S> Clone for Flight<S> {
    fn clone(&self) -> Self {
        let Self { shop, rows, counters, lease } = self;
        Self { shop: shop.clone(), rows: Arc::clone(rows), counters: Arc::clone(counters), lease: *lease }
    }
}

/// An order that this process decrypts.
struct Mine {
    query: ReceiverQuery,
    lease: Lease,
}

fn keys(open: &Open) -> Vec<&str> {
    open.keys().map(String::as_str).collect()
}
