//! Nonces that were used, for as long as a request with them could be sent again.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

const REMEMBERED: TimeDelta = TimeDelta::minutes(15);

#[derive(Default)]
pub(crate) struct Nonces {
    used: HashSet<String>,
    oldest_first: VecDeque<(DateTime<Utc>, String)>,
}

impl Nonces {
    /// Uses the nonce up; `false` if it was used within the last 15 minutes.
    pub(crate) fn take(&mut self, nonce: &str, now: DateTime<Utc>) -> bool {
        while let Some((used_at, old)) = self.oldest_first.front() {
            if now.signed_duration_since(used_at) <= REMEMBERED {
                break;
            }
            self.used.remove(old);
            self.oldest_first.pop_front();
        }
        if !self.used.insert(nonce.to_owned()) {
            return false;
        }
        self.oldest_first.push_back((now, nonce.to_owned()));
        true
    }
}
