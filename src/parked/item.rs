use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::reason::ParkReason;

/// An item of [`Parked`](super::Parked). `Debug` shows neither its key nor its content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParkedItem<T> {
    /// Your own key.
    pub key: String,
    /// Your own content. What you change here is written by [`park_again`](super::Parked::park_again): the new OAID of an
    /// order, for example.
    pub content: T,
    /// Why it waited until now, or for what reason it failed.
    pub reason: ParkReason,
    /// How often it was tried and failed. A call that was not sent does not count.
    pub attempts: u32,
    /// When it was first put in.
    pub since: DateTime<Utc>,
    /// The gateway's code of the last error, TOP's second code if there is one.
    pub code: Option<String>,
    /// The version of its row: a later worker's has another one.
    pub(super) version: u64,
}

impl<T> fmt::Debug for ParkedItem<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParkedItem")
            .field("reason", &self.reason)
            .field("attempts", &self.attempts)
            .field("since", &self.since)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// The content of an item's row.
#[derive(Serialize, Deserialize)]
pub(super) struct Record<T> {
    pub(super) content: T,
    pub(super) reason: StoredReason,
    pub(super) attempts: u32,
    /// Microseconds since 1970.
    pub(super) since: i64,
    pub(super) code: Option<String>,
}

/// A reason by its word.
#[derive(Clone, Copy)]
pub(super) struct StoredReason(pub(super) ParkReason);

impl Serialize for StoredReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de> Deserialize<'de> for StoredReason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = ParkReason::ALL.into_iter().find(|reason| reason.word() == word);
        known.map(Self).ok_or_else(|| serde::de::Error::custom("an unknown reason"))
    }
}
