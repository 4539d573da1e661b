//! What happens to orders beside the calls of an application: paid, moved, completed, closed.

use serde_json::{Map, Value, json};

use super::china_time;
use super::gateways::Gateways;
use super::generated::seeded_hash;
use super::store::order::OrderStatus;
use super::store::shop::ShopError;

impl Gateways {
    /// Gives an order a new oaid, as a change of its receiver's number or address does. From now on the former oaid is
    /// answered with `matched: false`, and the order has another virtual number. The message
    /// `taobao_trade_TradeLogisticsAddressChanged` is published if the shop has permitted it. Returns `false` if there
    /// is no such order.
    pub fn change_oaid(&self, tid: &str, oaid: &str) -> bool {
        let now = self.clock().now();
        self.lock_state().change_oaid(tid, oaid, now)
    }

    /// Changes the address of an order, as [`change_oaid`](Self::change_oaid) does with an oaid that it makes. Returns
    /// the new oaid. `None` if there is no such order.
    #[doc(alias = "修改收货地址")]
    pub fn change_address(&self, tid: &str) -> Option<String> {
        let now = self.clock().now();
        let mut state = self.lock_state();
        let changes = state.orders.get(tid)?.changes;
        let oaid = format!("1{:016x}{:08x}", seeded_hash(state.seed, &format!("address of {tid}")), changes);
        state.change_oaid(tid, &oaid, now).then_some(oaid)
    }

    /// Sets the state of an order. A message is published if the shop has permitted its topic:
    /// `taobao_trade_TradeBuyerPay`, `taobao_trade_TradeSuccess` or `taobao_trade_TradeClose`. Returns `false` if there
    /// is no such order.
    ///
    /// The virtual number of a completed order ends 7 days later. A closed order is decrypted to masked data.
    pub fn set_order_status(&self, tid: &str, status: OrderStatus) -> bool {
        let now = self.clock().now();
        self.lock_state().set_order_status(tid, status, now)
    }

    /// Gives orders the same receiver, so that they can be merged. By default no two orders have the same one. A change
    /// of the address ends it. Returns `false` and changes nothing if there is no such order.
    #[doc(alias = "合单")]
    pub fn share_receiver<T: AsRef<str>>(&self, tids: impl IntoIterator<Item = T>) -> bool {
        let tids: Vec<T> = tids.into_iter().collect();
        let mut state = self.lock_state();
        let Some(first) = tids.first() else { return true };
        if !tids.iter().all(|tid| state.orders.get(tid.as_ref()).is_some()) {
            return false;
        }
        let receiver = state.orders.life_mut(first.as_ref()).map(|life| life.receiver.clone()).unwrap_or_default();
        for tid in &tids {
            if let Some(life) = state.orders.life_mut(tid.as_ref()) {
                life.receiver.clone_from(&receiver);
            }
        }
        true
    }

    /// An authorisation code of a shop, for `taobao.top.auth.token.create`. It works once.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    #[doc(alias = "授权")]
    pub fn authorise(&self, shop: &str) -> Result<String, ShopError> {
        let mut state = self.lock_state();
        let shop = state.shops.id(shop).ok_or(ShopError::UnknownShop)?;
        Ok(state.auth_tokens.issue_code(shop))
    }

    /// Publishes any message of a shop. Returns `false` if the shop has not permitted the topic: then nothing is
    /// published.
    ///
    /// # Errors
    ///
    /// There is no shop with this name.
    pub fn publish_message(&self, shop: &str, topic: &str, content: &str) -> Result<bool, ShopError> {
        let now = self.clock().now();
        let mut state = self.lock_state();
        let shop = state.shops.id(shop).ok_or(ShopError::UnknownShop)?;
        let is_permitted = state.tmc_messages.is_permitted(shop, topic);
        if is_permitted {
            state.tmc_messages.publish(shop, topic, content.to_owned(), now);
        }
        Ok(is_permitted)
    }

    /// The messages that are not confirmed, oldest first, as a list of JSON objects: `id`, `topic`, `shop`, `published`,
    /// `hidden_until`, `content`.
    #[must_use]
    pub fn messages(&self) -> Value {
        let state = self.lock_state();
        let messages = state.tmc_messages.iter().map(|message| {
            json!({
                "id": message.id,
                "topic": message.topic,
                "shop": state.shops.get(message.shop).map(|shop| &shop.name),
                "published": message.published.to_rfc3339(),
                "hidden_until": message.hidden_until.map(|until| until.to_rfc3339()),
                "content": message.content,
            })
        });
        messages.collect()
    }

    /// The latest 10,000 text messages to receivers of orders, oldest first, as a list of JSON objects: `module`,
    /// `shop`, `tid`, `sign_name`, `template`, `params`, `extend`, `task_sign`, `time`.
    #[doc(alias = "短信")]
    #[must_use]
    pub fn text_messages(&self) -> Value {
        let state = self.lock_state();
        let messages = state.text_messages.iter().map(|message| {
            json!({
                "module": message.module,
                "shop": state.shops.get(message.shop).map(|shop| &shop.name),
                "tid": message.tid,
                "sign_name": message.sign_name,
                "template": message.template,
                "params": message.params,
                "extend": message.extend,
                "task_sign": message.task_sign,
                "time": message.time.to_rfc3339(),
            })
        });
        messages.collect()
    }

    /// What has happened to each order, as a JSON object with the tid as key: `shop`, `oaid`, `status`, `created`,
    /// `modified`, `ended`, `address_changes`, `number_ends`.
    #[must_use]
    pub fn order_life(&self) -> Value {
        let state = self.lock_state();
        let orders = state.orders.iter().map(|(tid, order)| {
            let life = &order.life;
            let json = json!({
                "shop": state.shops.get(order.shop).map(|shop| &shop.name),
                "oaid": order.oaid,
                "status": life.status.as_str(),
                "created": china_time::format(life.created),
                "modified": china_time::format(life.modified),
                "ended": life.ended.map(china_time::format),
                "address_changes": order.changes,
                "number_ends": life.rent.map(|rent| china_time::format(order.number_ends(rent.end))),
            });
            (tid.to_owned(), json)
        });
        Value::Object(orders.collect::<Map<_, _>>())
    }
}
