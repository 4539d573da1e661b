use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::item::{ParkedItem, Record, StoredReason};
use super::reason::ParkReason;
use crate::invalid::InvalidRequest;
use crate::store::{Row, StoreError, Table};

/// A queue of work that is put off, with items of the content `T`. Clones share it.
///
/// A queue has a name; several queues can be in one store. The content may be personal: give it an
/// [`EncryptedStore`](crate::store::EncryptedStore).
pub struct Parked<S, T> {
    pub(super) store: S,
    pub(super) name: String,
    pub(super) max_attempts: u32,
    pub(super) max_age: TimeDelta,
    pub(super) lease: Duration,
    content: PhantomData<fn(T) -> T>,
}

/// What became of a parked item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Parking {
    /// It is due at this time.
    Later(DateTime<Utc>),
    /// Waiting does not help, or it was tried too often or for too long: it is in the list for people.
    Failed,
    /// Its lease had ended, and another worker has it, or is done with it. Nothing was changed.
    TakenOver,
}

impl<S, T> Parked<S, T> {
    /// The queue of this name in a store: 1 to 16 lower-case letters, digits and `-`.
    ///
    /// # Errors
    /// [`InvalidRequest`] if the name is another one.
    pub fn new(store: S, name: &str) -> Result<Self, InvalidRequest> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=16).contains(&name.len()) || !name.bytes().all(is_plain) {
            return Err(InvalidRequest::new("name", "must be 1 to 16 lower-case letters, digits and `-`"));
        }
        Ok(Self {
            store,
            name: name.to_owned(),
            max_attempts: 10,
            max_age: TimeDelta::days(7),
            lease: Duration::from_secs(300),
            content: PhantomData,
        })
    }

    /// After how many failed tries an item ends in the list for people. 10 by default. Calls that were not sent do not
    /// count.
    #[must_use]
    pub fn max_attempts(self, max_attempts: u32) -> Self {
        Self { max_attempts, ..self }
    }

    /// For how long an item is tried before it ends in the list for people. 7 days by default.
    #[must_use]
    pub fn max_age(self, max_age: TimeDelta) -> Self {
        Self { max_age, ..self }
    }

    /// For how long a worker has an item. Then it is due again, for a worker that was killed. 5 minutes by default:
    /// longer than the work takes.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The key of a row.
    pub(super) fn row_key(&self, key: &str) -> String {
        format!("{}:{key}", self.name)
    }

    /// The state of a row.
    pub(super) fn state(&self, reason: ParkReason) -> String {
        format!("{}:{}", self.name, reason.word())
    }
}

impl<S, T: DeserializeOwned> Parked<S, T> {
    /// The item of a row.
    pub(super) fn item(&self, row: &Row) -> Result<ParkedItem<T>, StoreError> {
        let damaged = || StoreError::Corrupt("an item does not have the content of its queue".into());
        let record: Record<T> = serde_json::from_slice(&row.value).map_err(|_| damaged())?;
        let key = row.key.strip_prefix(&self.name).and_then(|key| key.strip_prefix(':')).ok_or_else(damaged)?;
        Ok(ParkedItem {
            key: key.to_owned(),
            content: record.content,
            reason: record.reason.0,
            attempts: record.attempts,
            since: DateTime::from_timestamp_micros(record.since).ok_or_else(damaged)?,
            code: record.code,
            version: row.version,
        })
    }
}

/// The content of an item's row.
pub(super) fn encode<T: Serialize>(item: &ParkedItem<&T>) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let record = Record {
        content: item.content,
        reason: StoredReason(item.reason),
        attempts: item.attempts,
        since: item.since.timestamp_micros(),
        code: item.code.clone(),
    };
    let unfit = |_| InvalidRequest::new("content", "cannot be written as JSON");
    Ok(Zeroizing::new(serde_json::to_vec(&record).map_err(unfit)?))
}

/// The table of all queues.
pub(super) const TABLE: Table = Table::Parked;

impl<S: Clone, T> Clone for Parked<S, T> {
    fn clone(&self) -> Self {
        let Self { store, name, max_attempts, max_age, lease, content } = self;
        Self {
            store: store.clone(),
            name: name.clone(),
            max_attempts: *max_attempts,
            max_age: *max_age,
            lease: *lease,
            content: *content,
        }
    }
}

impl<S: fmt::Debug, T> fmt::Debug for Parked<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parked").field("store", &self.store).field("name", &self.name).finish_non_exhaustive()
    }
}
