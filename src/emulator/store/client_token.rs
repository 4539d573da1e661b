//! One-time tokens for decryption in the end user's client.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::kept::{KEPT_LONG, push_bounded};
use super::shop::ShopId;

/// Tokens that have not been used.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ClientTokens {
    unused: HashMap<String, ShopId>,
    /// The latest tokens, used and unused.
    by_age: VecDeque<String>,
}

impl ClientTokens {
    pub(crate) fn issue(&mut self, token: String, shop: ShopId) {
        if self.unused.insert(token.clone(), shop).is_some() {
            return;
        }
        if let Some(oldest) = push_bounded(&mut self.by_age, token, KEPT_LONG) {
            self.unused.remove(&oldest);
        }
    }

    pub(crate) fn unused(&self) -> usize {
        self.unused.len()
    }

    /// The shop that an unused token belongs to.
    pub(crate) fn shop(&self, token: &str) -> Option<ShopId> {
        self.unused.get(token).copied()
    }

    /// Consumes the token. Returns `None` if it was used before or never issued.
    pub(crate) fn take(&mut self, token: &str) -> Option<ShopId> {
        self.unused.remove(token)
    }
}
