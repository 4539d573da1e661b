//! What follows a message of a changed address, for a shop with a cache.

use super::CachedShop;
use super::error::CacheError;
use crate::store::Store;
use crate::top::{Event, OrderId, OrderRefresh, RefreshedOrder, TradeFullinfoGet};

impl<S: Store> CachedShop<S> {
    /// Brings an order up to date if a message tells that its address was changed: drops its cached receivers, reads its
    /// current OAID, decrypts it into the cache, and reports the callers of its new 700 number. `None` if the message
    /// tells nothing of the kind ([`Event::changed_address_of`]).
    ///
    /// Confirm the message after it: it can be called again after any error, and for a second delivery of the message.
    /// Messages of all shops come together, so find the shop of the message first.
    ///
    /// # Errors
    /// [`CacheError::Store`]; [`CacheError::Call`] if the order could not be read or not be decrypted. An error of the
    /// callers is in [`RefreshedOrder::callers`].
    ///
    /// ```no_run
    /// # async fn handle<S: privacy_number::store::Store>(
    /// #     shop: privacy_number::receiver_cache::CachedShop<S>,
    /// #     message: privacy_number::top::TmcMessage,
    /// # ) -> Result<(), privacy_number::receiver_cache::CacheError> {
    /// use privacy_number::top::{OrderRefresh, Scene};
    ///
    /// let refresh = OrderRefresh::builder().scene(Scene::StoreShipping).callers(["13100000000"]).build();
    /// if let Some(order) = shop.order_changed(&message.event(), &refresh).await? {
    ///     let oaid = order.trade.oaid; // store it with the order
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "修改收货地址")]
    pub async fn order_changed(
        &self,
        event: &Event,
        refresh: &OrderRefresh,
    ) -> Result<Option<RefreshedOrder>, CacheError> {
        match event.changed_address_of() {
            Some(tid) => self.refresh_order(tid.clone(), refresh).await.map(Some),
            None => Ok(None),
        }
    }

    /// As [`Shop::refresh_order`](crate::top::Shop::refresh_order): the cached receivers of the order are dropped first,
    /// and the new one is cached.
    ///
    /// # Errors
    /// Those of [`order_changed`](Self::order_changed).
    pub async fn refresh_order(
        &self,
        tid: impl Into<OrderId>,
        refresh: &OrderRefresh,
    ) -> Result<RefreshedOrder, CacheError> {
        let tid = tid.into();
        self.forget(tid.as_str()).await?;
        let trade = self.shop().read_order(&TradeFullinfoGet::new(tid.clone())).await?;
        let receiver = match refresh.query(&tid, &trade) {
            Some(query) => match self.decrypt([query]).await.pop() {
                Some(cached) => Some(cached.result?),
                None => None,
            },
            None => None,
        };
        Ok(self.shop().with_callers(trade, receiver, refresh).await)
    }
}
