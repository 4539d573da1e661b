//! Authorisation codes and refresh tokens of sellers. Each works once.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::kept::{KEPT, push_bounded};
use super::shop::ShopId;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct AuthTokens {
    codes: VecDeque<(String, ShopId)>,
    /// At most one for each shop: a new one replaces it.
    refresh_tokens: Vec<(String, ShopId)>,
    issued: u64,
}

impl AuthTokens {
    /// A new authorisation code.
    pub(crate) fn issue_code(&mut self, shop: ShopId) -> String {
        let code = format!("code-{}", self.next());
        self.add_code(code.clone(), shop);
        code
    }

    pub(crate) fn add_code(&mut self, code: String, shop: ShopId) {
        push_bounded(&mut self.codes, (code, shop), KEPT);
    }

    /// Consumes a code. `None` if it was used before or never issued.
    pub(crate) fn take_code(&mut self, code: &str) -> Option<ShopId> {
        let index = self.codes.iter().position(|(known, _)| known == code)?;
        self.codes.remove(index).map(|(_, shop)| shop)
    }

    /// Consumes a refresh token. `None` if it was used or replaced before, or never issued.
    pub(crate) fn take_refresh_token(&mut self, token: &str) -> Option<ShopId> {
        let index = self.refresh_tokens.iter().position(|(known, _)| known == token)?;
        Some(self.refresh_tokens.swap_remove(index).1)
    }

    /// A new session and the refresh token of a shop.
    pub(crate) fn issue(&mut self, shop: ShopId, name: &str) -> (String, String) {
        let number = self.next();
        let refresh_token = format!("{name}-refresh-token-{number}");
        self.refresh_tokens.retain(|(_, owner)| *owner != shop);
        self.refresh_tokens.push((refresh_token.clone(), shop));
        (format!("{name}-session-{number}"), refresh_token)
    }

    fn next(&mut self) -> u64 {
        self.issued = self.issued.saturating_add(1);
        self.issued
    }
}
