//! Shops, their sessions and the callers that they report for all their orders.

use std::collections::HashMap;

/// How many callers a shop can report for all its orders.
const CALLERS_PER_SHOP: usize = 40;

/// Which shop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ShopId(usize);

#[derive(Default)]
pub(crate) struct Shops {
    callers: Vec<Vec<String>>,
    by_session: HashMap<String, ShopId>,
}

impl Shops {
    pub(crate) fn open(&mut self, session: String, callers: Vec<String>) -> ShopId {
        let shop = ShopId(self.callers.len());
        self.callers.push(callers.into_iter().take(CALLERS_PER_SHOP).collect());
        self.by_session.insert(session, shop);
        shop
    }

    pub(crate) fn of_session(&self, session: &str) -> Option<ShopId> {
        self.by_session.get(session).copied()
    }

    pub(crate) fn callers(&self, shop: ShopId) -> &[String] {
        self.callers.get(shop.0).map(Vec::as_slice).unwrap_or_default()
    }
}
