//! Used nonces. They are kept as long as a request with them could be replayed.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

const REMEMBERED: TimeDelta = TimeDelta::minutes(15);
/// The maximum number of nonces that are kept, so that memory is bounded. Older nonces could be used again.
const KEPT: usize = 200_000;

/// Each nonce is kept as a 64-bit hash. A collision between kept nonces is not expected.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Nonces {
    #[serde(skip)]
    used: HashSet<u64>,
    oldest_first: VecDeque<(DateTime<Utc>, u64)>,
}

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

    /// Completes the nonces of a stored state.
    pub(super) fn resume(&mut self) {
        self.used = self.oldest_first.iter().map(|(_, nonce)| *nonce).collect();
    }

    pub(crate) fn count(&self) -> usize {
        self.used.len()
    }
}
