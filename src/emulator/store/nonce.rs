//! Nonces that were used, for as long as a request with them could be sent again.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

const REMEMBERED: TimeDelta = TimeDelta::minutes(15);
/// The latest ones that are kept, so that no number of calls fills the memory. Older ones could be used again.
const KEPT: usize = 200_000;

/// Each nonce stands here as a hash of 64 bits. That two of those kept have the same is not to be expected.
#[derive(Default)]
pub(crate) struct Nonces {
    used: HashSet<u64>,
    oldest_first: VecDeque<(DateTime<Utc>, u64)>,
}

impl Nonces {
    /// Uses the nonce up; `false` if it was used within the last 15 minutes.
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

    pub(crate) fn count(&self) -> usize {
        self.used.len()
    }
}
