//! Used nonces. They are kept as long as a request with them could be replayed.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const REMEMBERED: TimeDelta = TimeDelta::minutes(15);
/// The maximum number of nonces that are kept, so that memory is bounded. Older nonces could be used again.
const KEPT: usize = 200_000;

/// Each nonce is kept as a 64-bit hash. A collision between kept nonces is not expected.
#[derive(Default)]
pub(crate) struct Nonces {
    used: HashSet<u64>,
    oldest_first: VecDeque<(DateTime<Utc>, u64)>,
}

/// The nonces of a state that is stored, oldest first.
pub(crate) struct StoredNonces(VecDeque<(DateTime<Utc>, u64)>);

/// A second, and the nonces that were used in it one after the other. This is shorter than a time for each nonce.
type OfSecond = (i64, Vec<u64>);

impl Nonces {
    /// Records the nonce. Returns `false` if it was used within the last 15 minutes.
    pub(crate) fn take(&mut self, nonce: &str, now: DateTime<Utc>) -> bool {
        while let Some((used_at, old)) = self.oldest_first.front() {
            if now.signed_duration_since(used_at) <= REMEMBERED && self.oldest_first.len() < KEPT {
                break;
            }
            self.used.remove(old);
            self.oldest_first.pop_front();
        }
        let mut hasher = DefaultHasher::new();
        nonce.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.used.insert(hash) {
            return false;
        }
        self.oldest_first.push_back((now, hash));
        true
    }

    /// A copy, which is made much faster than a text.
    pub(crate) fn stored(&self) -> StoredNonces {
        StoredNonces(self.oldest_first.clone())
    }

    pub(crate) fn count(&self) -> usize {
        self.used.len()
    }
}

impl From<StoredNonces> for Nonces {
    fn from(StoredNonces(oldest_first): StoredNonces) -> Self {
        Self { used: oldest_first.iter().map(|(_, nonce)| *nonce).collect(), oldest_first }
    }
}

impl Serialize for StoredNonces {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seconds: Vec<OfSecond> = Vec::new();
        for (used_at, nonce) in &self.0 {
            match seconds.last_mut() {
                Some((second, nonces)) if *second == used_at.timestamp() => nonces.push(*nonce),
                _ => seconds.push((used_at.timestamp(), vec![*nonce])),
            }
        }
        seconds.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoredNonces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut oldest_first = VecDeque::new();
        for (second, nonces) in Vec::<OfSecond>::deserialize(deserializer)? {
            let used_at = DateTime::from_timestamp(second, 0).ok_or_else(|| D::Error::custom("no time"))?;
            oldest_first.extend(nonces.into_iter().map(|nonce| (used_at, nonce)));
        }
        Ok(Self(oldest_first))
    }
}
