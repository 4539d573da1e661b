//! One-time tokens for decryption in the end user's client.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::shop::ShopId;

/// Tokens that have not been used.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ClientTokens {
    unused: HashMap<String, ShopId>,
}

impl ClientTokens {
    pub(crate) fn issue(&mut self, token: String, shop: ShopId) {
        self.unused.insert(token, shop);
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
