//! How work is put in, taken and finished.

use chrono::{TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::delay::{later, next_try};
use super::item::ParkedItem;
use super::queue::{Parked, Parking, TABLE, encode};
use super::reason::ParkReason;
use crate::error::Error;
#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
use crate::store::TransactionalStore;
use crate::store::{Change, NewRow, PAGE, Query, Row, Store, StoreError, write_each};

/// The greatest random version of a new row.
const MAX_VERSION: u64 = 1 << 62;

impl<S: Store, T: Serialize + DeserializeOwned> Parked<S, T> {
    /// Puts in an item that is due now. `false` if the key is there: then nothing is changed, so that a list can be put
    /// in again after a crash. An item that is done is not there any more: leave out those whose result you have. The key
    /// has at most 495 bytes.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn add(&self, key: &str, content: &T) -> Result<bool, StoreError> {
        Ok(self.add_all([(key, content)]).await? == 1)
    }

    /// Puts in many items that are due now; how many of their keys were not there.
    ///
    /// # Errors
    /// See [`StoreError`]. Some items may have been put in; it can be called again.
    pub async fn add_all<'a>(&self, items: impl IntoIterator<Item = (&'a str, &'a T)>) -> Result<u64, StoreError>
    where
        T: 'a,
    {
        let (now, state) = (Utc::now(), self.state(ParkReason::New));
        let mut items = items.into_iter().map(|(key, content)| Ok((self.row_key(key), encode(&new(content, now))?)));
        let mut added = 0_u64;
        loop {
            let page = items.by_ref().take(PAGE as usize).collect::<Result<Vec<_>, StoreError>>()?;
            if page.is_empty() {
                return Ok(added);
            }
            let changes: Vec<_> = page
                .iter()
                .map(|(key, value)| {
                    let row = NewRow::new(value).state(&state).due(now).first_version(fastrand::u64(1..MAX_VERSION));
                    Change::Insert { table: TABLE, key, row }
                })
                .collect();
            let refused = write_each(&self.store, &changes).await?;
            added = added.saturating_add(page.len().saturating_sub(refused.len()) as u64);
        }
    }

    /// Puts in what a call refused, to be tried at the time that the error's advice gives. If the key is there, its
    /// content is replaced, and its tries count on.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn park(&self, key: &str, content: &T, error: &Error) -> Result<Parking, StoreError> {
        loop {
            let row = self.store.get(TABLE, &self.row_key(key)).await?;
            let found = row.map(|row| self.item(&row)).transpose()?;
            let mut item = ParkedItem { key: key.to_owned(), ..new(content, Utc::now()) };
            if let Some(found) = found {
                (item.attempts, item.since, item.version) = (found.attempts, found.since, found.version);
            }
            match self.put_off(item, error).await? {
                Parking::TakenOver => {}
                parking => return Ok(parking),
            }
        }
    }

    /// Takes items that are due, at most `limit`, those that waited longest for each reason first. No other worker gets
    /// them until the [lease](Self::lease) ends: be [`done`](Self::done) or [`park_again`](Self::park_again) before.
    ///
    /// # Errors
    /// See [`StoreError`]. Items that were taken come back when their lease ends.
    pub async fn due(&self, limit: u32) -> Result<Vec<ParkedItem<T>>, StoreError> {
        let mut taken = Vec::new();
        for reason in ParkReason::ALL.into_iter().filter(|reason| *reason != ParkReason::Failed) {
            let state = self.state(reason);
            loop {
                let missing = limit.saturating_sub(u32::try_from(taken.len()).unwrap_or(u32::MAX)).min(PAGE);
                if missing == 0 {
                    return Ok(taken);
                }
                let query = Query::new(missing).state(&state).due_until(Utc::now());
                let rows = self.store.list(TABLE, &query).await?;
                if rows.is_empty() {
                    break;
                }
                self.claim(&rows, &mut taken).await?;
            }
        }
        Ok(taken)
    }

    /// The item's work is done: removes it. `false` if its lease had ended and another worker has it.
    ///
    /// # Errors
    /// See [`StoreError`]. Then the item comes back when its lease ends.
    pub async fn done(&self, item: &ParkedItem<T>) -> Result<bool, StoreError> {
        self.store.delete(TABLE, &self.row_key(&item.key), Some(item.version)).await
    }

    /// The item's work failed: puts it off again, with its content as it is now.
    ///
    /// # Errors
    /// See [`StoreError`]. Then the item comes back when its lease ends.
    pub async fn park_again(&self, item: ParkedItem<T>, error: &Error) -> Result<Parking, StoreError> {
        let ParkedItem { key, ref content, reason, attempts, since, code, version } = item;
        self.put_off(ParkedItem { key, content, reason, attempts, since, code, version }, error).await
    }

    /// Claims rows; those that another worker claimed first are left out.
    async fn claim(&self, rows: &[Row], taken: &mut Vec<ParkedItem<T>>) -> Result<(), StoreError> {
        let until = later(Utc::now(), TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX));
        let state = self.state(ParkReason::AtWork);
        let changes: Vec<_> = rows
            .iter()
            .map(|row| {
                let claimed = NewRow::new(&row.value).state(&state).due(until);
                Change::Update { table: TABLE, key: &row.key, version: row.version, row: claimed }
            })
            .collect();
        let refused = write_each(&self.store, &changes).await?;
        for (_, row) in rows.iter().enumerate().filter(|(index, _)| !refused.contains(index)) {
            let item = self.item(row)?;
            taken.push(ParkedItem { version: item.version.saturating_add(1), ..item });
        }
        Ok(())
    }

    /// Writes an item that failed with this error. A version of 0 is that of an item that is not there.
    async fn put_off(&self, mut item: ParkedItem<&T>, error: &Error) -> Result<Parking, StoreError> {
        let (now, advice) = (Utc::now(), error.advice());
        item.attempts = item.attempts.saturating_add(u32::from(error.attempts() > 0));
        item.code = error.sub_code().or(error.code()).map(ToOwned::to_owned);
        item.reason = ParkReason::of(advice);
        let is_over = item.attempts >= self.max_attempts || now.signed_duration_since(item.since) >= self.max_age;
        let (state, due) = match is_over || item.reason == ParkReason::Failed {
            true => (ParkReason::Failed, now),
            false => (item.reason, next_try(advice, item.attempts, now)),
        };
        let (key, value, state_word) = (self.row_key(&item.key), encode(&item)?, self.state(state));
        let row = NewRow::new(&value).state(&state_word).due(due);
        let written = match item.version {
            0 => self.store.insert(TABLE, &key, row.first_version(fastrand::u64(1..MAX_VERSION))).await?,
            version => self.store.update(TABLE, &key, version, row).await?,
        };
        Ok(match written {
            false => Parking::TakenOver,
            true if state == ParkReason::Failed => Parking::Failed,
            true => Parking::Later(due),
        })
    }
}

#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
impl<S: TransactionalStore, T: Serialize + DeserializeOwned> Parked<S, T> {
    /// Removes an item in a transaction of your own, in which you write its result: both are written, or none. Begin it
    /// with [`TransactionalStore::begin`]. `false` if another worker has the item: roll back.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn done_in(
        &self,
        connection: &mut <S::Database as sqlx::Database>::Connection,
        item: &ParkedItem<T>,
    ) -> Result<bool, StoreError> {
        let delete = Change::Delete { table: TABLE, key: &self.row_key(&item.key), version: Some(item.version) };
        Ok(self.store.write_in(connection, &[delete]).await?.is_done())
    }
}

/// An item that was not tried, without a key.
fn new<T>(content: &T, now: chrono::DateTime<Utc>) -> ParkedItem<&T> {
    let (key, reason) = (String::new(), ParkReason::New);
    ParkedItem { key, content, reason, attempts: 0, since: now, code: None, version: 0 }
}
