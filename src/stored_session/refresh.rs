//! One refresh of a shop at a time, over all machines.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::memory::Unsaved;
use super::record::{ACTIVE, REFUSED, Record, StoredSession};
use super::sessions::{StoredSessions, TABLE};
use crate::redact::Secret;
use crate::store::{Lease, NewRow, PAGE, Query, Store, StoreError};
use crate::top::{NoSession, ProviderError};

/// How long other machines wait after the process that refreshes was killed. Extended while it is at work.
const LEASE: Duration = Duration::from_secs(30);

/// How often the result of a refresh is written, and the first pause between.
const WRITES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

impl<S: Store> StoredSessions<S> {
    /// Refreshes the sessions that end until this time, so that no call has to wait for it; how many. Those of shops
    /// whose refresh fails are left as they are. Call it every hour, on any number of machines.
    ///
    /// # Errors
    /// The store's. A refresh that fails is no error: see [`stats`](Self::stats).
    pub async fn refresh_due(&self, until: DateTime<Utc>) -> Result<u64, StoreError> {
        let (mut refreshed, mut last) = (0_u64, None);
        loop {
            let query = Query::new(PAGE).state(ACTIVE).due_until(until);
            let query = last.as_ref().map_or(query, |row| query.after(row));
            let mut rows = self.store.list(TABLE, &query).await?;
            for row in &rows {
                let old = Record::read(row)?.current;
                let succeeded = old.refresh_token.is_some() && self.refreshed(&row.key, &old.session).await.is_ok();
                refreshed = refreshed.saturating_add(succeeded.into());
            }
            match rows.pop() {
                Some(row) => last = Some(row),
                None => return Ok(refreshed),
            }
        }
    }

    /// The session in place of `refused`: the one in the store if it is another one, else that of a refresh.
    pub(super) async fn refreshed(&self, shop: &str, refused: &Secret) -> Result<StoredSession, ProviderError> {
        if let Some(unsaved) = self.memory.unsaved(shop).filter(|unsaved| unsaved.new.session != *refused) {
            return Ok(unsaved.new);
        }
        let mut lease = Lease::wait(&self.store, &format!("session/{shop}"), LEASE).await?;
        let result = self.refreshed_alone(shop, refused, &mut lease).await;
        // If the store fails, the lease ends at its time.
        let _ = lease.release(&self.store).await;
        result
    }

    async fn refreshed_alone(
        &self,
        shop: &str,
        refused: &Secret,
        lease: &mut Lease,
    ) -> Result<StoredSession, ProviderError> {
        self.memory.forget(shop);
        let mut old = self.get(shop).await?.ok_or(NoSession)?;
        if let Some(unsaved) = self.memory.unsaved(shop).filter(|unsaved| unsaved.replaces == old.session) {
            // The refused session itself is the one that the store did not take.
            self.save(shop, &unsaved).await?;
            old = unsaved.new;
        }
        if old.session != *refused {
            self.memory.set(shop, &old.session);
            return Ok(old);
        }
        let mut refresh = (self.refresh)(shop.to_owned(), old.clone());
        let result = loop {
            match tokio::time::timeout(LEASE.mul_f64(0.3), &mut refresh).await {
                Ok(result) => break result,
                // A refresh is not stopped if the store fails: its answer may have the only refresh token.
                Err(_) => drop(lease.extend(&self.store, LEASE).await),
            }
        };
        match result {
            Ok(new) => {
                let unsaved = Unsaved { new: new.clone(), replaces: old.session };
                self.memory.set_unsaved(shop, unsaved.clone());
                self.save_or_keep(shop, &unsaved).await;
                Ok(new)
            }
            Err(error) => {
                let _ = self.mark_refused(shop, refused).await;
                Err(error)
            }
        }
    }

    /// Writes the result of a refresh. If the store fails for some seconds, the result stays in memory.
    async fn save_or_keep(&self, shop: &str, unsaved: &Unsaved) {
        let mut pause = FIRST_PAUSE;
        for _ in 0..WRITES {
            if self.save(shop, unsaved).await.is_ok() {
                return;
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
        }
        tracing::warn!("a refreshed session could not be written; this process alone has it, and tries again");
    }

    /// Writes the result of a refresh, unless the shop's session has been replaced since.
    pub(super) async fn save(&self, shop: &str, unsaved: &Unsaved) -> Result<(), StoreError> {
        loop {
            let row = self.store.get(TABLE, shop).await?;
            let found = row.as_ref().map(Record::read).transpose()?;
            let Some((row, found)) = row.zip(found).filter(|(_, found)| found.current.session == unsaved.replaces)
            else {
                // Written before, authorised again, or removed.
                self.memory.saved(shop);
                return Ok(());
            };
            let record = Record { current: unsaved.new.clone(), previous: Some(found.current) };
            let value = record.encode()?;
            let new = NewRow::new(&value).state(ACTIVE).due(unsaved.new.expires);
            if self.store.update(TABLE, shop, row.version, new).await? {
                self.memory.set(shop, &unsaved.new.session);
                self.memory.saved(shop);
                return Ok(());
            }
        }
    }

    /// Notes that a refresh failed, for [`stats`](Self::stats).
    async fn mark_refused(&self, shop: &str, refused: &Secret) -> Result<(), StoreError> {
        let Some(row) = self.store.get(TABLE, shop).await? else { return Ok(()) };
        if Record::read(&row)?.current.session == *refused {
            let marked = NewRow::new(&row.value).state(REFUSED).due(Utc::now());
            self.store.update(TABLE, shop, row.version, marked).await?;
        }
        Ok(())
    }
}
