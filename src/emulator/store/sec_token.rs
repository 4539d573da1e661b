//! Security tokens of clients, which are exchanged for one-time tokens.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::kept::{KEPT_LONG, push_bounded};

/// Begins a token that is always refused.
const INVALID: &str = "invalid-";

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct SecTokens {
    /// The latest ones.
    used: BTreeSet<String>,
    used_by_age: VecDeque<String>,
    exchanged: u64,
}

impl SecTokens {
    /// The one-time token for a security token. `None` if the token was exchanged before: the documents do not promise
    /// a second exchange.
    pub(crate) fn exchange(&mut self, sec_token: &str) -> Option<String> {
        if sec_token.starts_with(INVALID) || !self.used.insert(sec_token.to_owned()) {
            return None;
        }
        if let Some(oldest) = push_bounded(&mut self.used_by_age, sec_token.to_owned(), KEPT_LONG) {
            self.used.remove(&oldest);
        }
        self.exchanged = self.exchanged.saturating_add(1);
        Some(format!("once-token-{}", self.exchanged))
    }
}
