//! The shops and their orders.

use super::gateways::Gateways;
use super::seed::{FIRST_SHOP, ShopSeed};
use super::store::State;
use super::store::decryption::Decryption;
use super::store::shop::{ShopError, ShopId};
use super::top;

impl Gateways {
    /// Adds a shop.
    ///
    /// # Errors
    ///
    /// The name or the session is empty or taken. Then nothing is added.
    pub fn add_shop(&self, shop: ShopSeed) -> Result<(), ShopError> {
        let now = self.clock().now();
        let mut state = self.lock_state();
        state.shops.check_new(&shop.name, &shop.session)?;
        shop.apply_to(&mut state, now);
        Ok(())
    }

    /// Adds orders to a shop, as pairs of tid and oaid. An order replaces an order of any shop with the same tid.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn add_orders<T, O>(&self, shop: &str, orders: impl IntoIterator<Item = (T, O)>) -> Result<(), ShopError>
    where
        T: Into<String>,
        O: Into<String>,
    {
        let orders: Vec<_> = orders.into_iter().map(|(tid, oaid)| (tid.into(), oaid.into())).collect();
        let now = self.clock().now();
        let mut state = self.lock_state();
        let shop = state.shops.id(shop).ok_or(ShopError::UnknownShop)?;
        state.add_orders(shop, orders, now);
        Ok(())
    }

    /// Expires the session of a shop: TOP refuses it with code 27, `session-expired`.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn expire_session(&self, shop: &str) -> Result<(), ShopError> {
        self.lock_state().shops.expire_session(shop)
    }

    /// Gives a shop a new session. Its former sessions have expired. A former session becomes valid if it is set again.
    ///
    /// # Errors
    ///
    /// There is no shop with this name, or the session is empty or belongs to another shop.
    pub fn rotate_session(&self, shop: &str, session: &str) -> Result<(), ShopError> {
        self.lock_state().shops.rotate_session(shop, session)
    }

    /// The latest session of a shop, valid or expired. `None` if there is no shop with this name.
    #[must_use]
    pub fn session_of(&self, shop: &str) -> Option<String> {
        let state = self.lock_state();
        let shop = state.shops.get(state.shops.id(shop)?)?;
        Some(shop.session.clone())
    }

    /// The names of all shops in the order in which they were added, beginning with `first-shop` and `other-shop`.
    #[must_use]
    pub fn shop_names(&self) -> Vec<String> {
        self.lock_state().shops.iter().map(|(_, shop)| shop.name.clone()).collect()
    }

    /// Turns decryption off or on.
    pub fn set_decryption(&self, decryption: Decryption) {
        self.lock_state().decryption.switch = decryption;
    }

    /// The orders of the first shop that can be decrypted: pairs of tid and current oaid, in the order in which they
    /// were added.
    #[must_use]
    pub fn orders(&self) -> Vec<(String, String)> {
        self.orders_of(FIRST_SHOP).unwrap_or_default()
    }

    /// The orders of a shop that can be decrypted, as [`orders`](Self::orders) returns them. `None` if there is no shop
    /// with this name.
    #[must_use]
    pub fn orders_of(&self, shop: &str) -> Option<Vec<(String, String)>> {
        let state = self.lock_state();
        Some(orders_of(&state, state.shops.id(shop)?))
    }
}

pub(crate) fn orders_of(state: &State, shop: ShopId) -> Vec<(String, String)> {
    let tids = state.shops.get(shop).map(|shop| shop.tids.as_slice()).unwrap_or_default();
    let orders = tids.iter().filter_map(|tid| Some((tid, state.orders.get(tid)?)));
    orders
        .filter(|(_, order)| order.shop == shop && state.orders.is_current(order) && !top::is_magic_oaid(&order.oaid))
        .map(|(tid, order)| (tid.clone(), order.oaid.clone()))
        .collect()
}
