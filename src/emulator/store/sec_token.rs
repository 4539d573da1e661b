//! Security tokens of clients, which are exchanged for one-time tokens.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Begins a token that is always refused.
const INVALID: &str = "invalid-";

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct SecTokens {
    used: BTreeSet<String>,
}

impl SecTokens {
    /// The one-time token for a security token. `None` if the token was exchanged before: the documents do not promise
    /// a second exchange.
    pub(crate) fn exchange(&mut self, sec_token: &str) -> Option<String> {
        let is_valid = !sec_token.starts_with(INVALID) && self.used.insert(sec_token.to_owned());
        is_valid.then(|| format!("once-token-{}", self.used.len()))
    }
}
