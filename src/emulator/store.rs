//! The state of both gateways.

pub(crate) mod auth_token;
pub(crate) mod bill;
pub(crate) mod binding;
pub(crate) mod blacklist;
pub(crate) mod call_record;
pub(crate) mod caller_group;
pub(crate) mod client_token;
pub(crate) mod credentials;
pub(crate) mod decryption;
pub(crate) mod fixed_line;
pub(crate) mod kept;
pub(crate) mod nonce;
pub(crate) mod number700;
pub(crate) mod number_group;
pub(crate) mod number_pool;
pub(crate) mod number_report;
pub(crate) mod number_stock;
pub(crate) mod order;
mod pairs;
pub(crate) mod phone_call;
pub(crate) mod push;
pub(crate) mod push_settings;
pub(crate) mod queue;
pub(crate) mod queue_token;
pub(crate) mod receipt;
mod rent;
pub(crate) mod req_id;
pub(crate) mod sec_token;
pub(crate) mod shared;
pub(crate) mod shop;
pub(crate) mod text_message;
pub(crate) mod tmc_message;
pub(crate) mod track_no;
pub(crate) mod waybill;
pub(crate) mod work_card;
pub(crate) mod work_number;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use auth_token::AuthTokens;
use bill::Bills;
use binding::{Binding, Bindings};
use blacklist::Blacklists;
use call_record::CallRecords;
use caller_group::CallerGroups;
use client_token::ClientTokens;
use credentials::Credentials;
use decryption::DecryptionLimits;
use fixed_line::FixedLines;
use nonce::Nonces;
use number_group::NumberGroups;
use number_pool::NumberPools;
use number_report::NumberReports;
use number_stock::NumberStock;
use number700::Bindings700;
use order::{NumberKind, Order, OrderLife, OrderStatus, Orders};
use phone_call::PhoneCalls;
use push::Pushes;
use queue::Queues;
use queue_token::QueueTokens;
use receipt::{Receipt, Receipts};
use req_id::ReqIds;
use sec_token::SecTokens;
use shop::{ShopId, Shops};
use text_message::TextMessages;
use tmc_message::{TmcMessages, order_content};
use track_no::TrackNos;
use waybill::Waybills;
use work_card::WorkCards;
use work_number::WorkNumbers;

/// Everything that requests change. One lock covers all of it for the duration of one operation.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) shops: Shops,
    pub(crate) orders: Orders,
    pub(crate) caller_groups: CallerGroups,
    pub(crate) client_tokens: ClientTokens,
    pub(crate) credentials: Credentials,
    pub(crate) sec_tokens: SecTokens,
    pub(crate) auth_tokens: AuthTokens,
    pub(crate) bills: Bills,
    pub(crate) text_messages: TextMessages,
    pub(crate) tmc_messages: TmcMessages,
    pub(crate) decryption: DecryptionLimits,
    pub(crate) work_cards: WorkCards,
    /// Stored beside the rest: they can be many.
    #[serde(skip)]
    pub(crate) nonces: Nonces,
    pub(crate) pools: NumberPools,
    pub(crate) stock: NumberStock,
    pub(crate) bindings: Bindings,
    pub(crate) fixed_lines: FixedLines,
    pub(crate) bindings_700: Bindings700,
    pub(crate) groups: NumberGroups,
    pub(crate) blacklists: Blacklists,
    pub(crate) call_records: CallRecords,
    pub(crate) track_nos: TrackNos,
    pub(crate) waybills: Waybills,
    pub(crate) queue_tokens: QueueTokens,
    pub(crate) work_numbers: WorkNumbers,
    pub(crate) req_ids: ReqIds,
    pub(crate) number_reports: NumberReports,
    pub(crate) queues: Queues,
    pub(crate) phone_calls: PhoneCalls,
    pub(crate) receipts: Receipts,
    pub(crate) pushes: Pushes,
    /// The seed of generated numbers.
    pub(crate) seed: u64,
}

impl State {
    pub(crate) fn with_seed(seed: u64) -> Self {
        let mut state = Self::default();
        state.set_seed(seed);
        state
    }

    /// Sets the seed of the numbers that are generated from now on, which include those of existing orders.
    pub(crate) fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.work_cards.seed = seed;
    }

    /// Completes a stored state with what follows from the rest.
    pub(crate) fn resume(&mut self) {
        self.pushes.resume();
    }

    /// Adds a binding of an X number, whose slots must be free. Returns its id.
    pub(crate) fn bind(&mut self, binding: Binding, now: DateTime<Utc>) -> String {
        for id in self.bindings.surplus(now) {
            self.unbind(&id);
        }
        self.bindings.insert(binding)
    }

    /// Removes a binding of an X number with its waybill numbers.
    pub(crate) fn unbind(&mut self, id: &str) {
        self.bindings.remove(id);
        self.track_nos.remove_binding(id);
    }

    /// Puts a receipt into the queue of its type, and schedules its push. Both happen at the time of the receipt.
    pub(crate) fn publish(&mut self, receipt: Receipt, now: DateTime<Utc>) {
        self.queues.publish(&receipt.message_type, &receipt.queued, receipt.time);
        let receipt = Arc::new(receipt);
        let key = self.receipts.add(Arc::clone(&receipt), now);
        self.pushes.schedule(key, receipt);
    }

    /// Adds orders, as pairs of tid and oaid. The tid decides the kind of an order's number.
    pub(crate) fn add_orders(
        &mut self,
        shop: ShopId,
        orders: impl IntoIterator<Item = (String, String)>,
        now: DateTime<Utc>,
    ) {
        for (tid, oaid) in orders {
            let kind = NumberKind::for_order(self.seed, &tid);
            self.add_order(shop, tid, oaid, kind, now);
        }
    }

    /// Adds an order that is paid now, or replaces the order with the same tid. The callers of the shop are reported for
    /// it at once.
    pub(crate) fn add_order(&mut self, shop: ShopId, tid: String, oaid: String, kind: NumberKind, now: DateTime<Utc>) {
        if kind.needs_reported_callers() {
            self.caller_groups.create(&oaid, self.shops.callers(shop));
        }
        if self.orders.get(&tid).is_none_or(|former| former.shop != shop) {
            self.shops.add_tid(shop, &tid);
        }
        let life = OrderLife::paid(&tid, now);
        self.orders.insert(tid.clone(), Order { shop, oaid, kind, changes: 0, life });
        self.publish_of_order(&tid, "taobao_trade_TradeBuyerPay", now);
    }

    /// Gives an order a new oaid, as a change of its receiver does. The new number has only the callers of the shop.
    pub(crate) fn change_oaid(&mut self, tid: &str, oaid: &str, now: DateTime<Utc>) -> bool {
        if self.orders.get(tid).is_none() {
            return false;
        }
        if let Some(forgotten) = self.orders.change_oaid(tid, oaid, now) {
            self.caller_groups.forget(&forgotten);
        }
        let Some(order) = self.orders.get(tid) else { return false };
        if order.kind.needs_reported_callers() {
            self.caller_groups.create(oaid, self.shops.callers(order.shop));
        }
        self.publish_of_order(tid, "taobao_trade_TradeLogisticsAddressChanged", now);
        true
    }

    /// Sets the state of an order. Returns `false` if there is no such order.
    pub(crate) fn set_order_status(&mut self, tid: &str, status: OrderStatus, now: DateTime<Utc>) -> bool {
        let Some(life) = self.orders.life_mut(tid) else { return false };
        let has_ended = matches!(status, OrderStatus::Succeeded | OrderStatus::Closed);
        (life.status, life.modified, life.ended) = (status, now, has_ended.then_some(now));
        let topic = match status {
            OrderStatus::Paid => Some("taobao_trade_TradeBuyerPay"),
            OrderStatus::Shipped => None,
            OrderStatus::Succeeded => Some("taobao_trade_TradeSuccess"),
            OrderStatus::Closed => Some("taobao_trade_TradeClose"),
        };
        if let Some(topic) = topic {
            self.publish_of_order(tid, topic, now);
        }
        true
    }

    /// Publishes a message about an order, if its shop has permitted the topic.
    fn publish_of_order(&mut self, tid: &str, topic: &str, now: DateTime<Utc>) {
        let Some(order) = self.orders.get(tid) else { return };
        let Some(shop) = self.shops.get(order.shop) else { return };
        if self.tmc_messages.is_permitted(order.shop, topic) {
            let content = order_content(topic, tid, order.life.status.as_str(), &shop.name);
            self.tmc_messages.publish(order.shop, topic, content, now);
        }
    }
}
