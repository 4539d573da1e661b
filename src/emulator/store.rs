//! The state of both gateways.

pub(crate) mod binding;
pub(crate) mod blacklist;
pub(crate) mod call_record;
pub(crate) mod caller_group;
pub(crate) mod client_token;
pub(crate) mod decryption;
pub(crate) mod fixed_line;
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
pub(crate) mod req_id;
pub(crate) mod shared;
pub(crate) mod shop;
pub(crate) mod track_no;
pub(crate) mod waybill;
pub(crate) mod work_card;
pub(crate) mod work_number;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use binding::Bindings;
use blacklist::Blacklists;
use call_record::CallRecords;
use caller_group::CallerGroups;
use client_token::ClientTokens;
use decryption::DecryptionLimits;
use fixed_line::FixedLines;
use nonce::Nonces;
use number_group::NumberGroups;
use number_pool::NumberPools;
use number_report::NumberReports;
use number_stock::NumberStock;
use number700::Bindings700;
use order::{NumberKind, Order, Orders};
use phone_call::PhoneCalls;
use push::Pushes;
use queue::Queues;
use queue_token::QueueTokens;
use receipt::{Receipt, Receipts};
use req_id::ReqIds;
use shop::{ShopId, Shops};
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
    pub(crate) decryption: DecryptionLimits,
    pub(crate) work_cards: WorkCards,
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
        let mut state = Self { seed, ..Self::default() };
        state.work_cards.seed = seed;
        state
    }

    /// Completes a stored state with what follows from the rest.
    pub(crate) fn resume(&mut self) {
        self.nonces.resume();
        self.pushes.resume();
    }

    /// Puts a receipt into the queue of its type, and schedules its push. Both happen at the time of the receipt.
    pub(crate) fn publish(&mut self, receipt: Receipt, now: DateTime<Utc>) {
        self.queues.publish(&receipt.message_type, &receipt.queued, receipt.time);
        let receipt = Arc::new(receipt);
        let key = self.receipts.add(Arc::clone(&receipt), now);
        self.pushes.schedule(key, receipt);
    }

    /// Adds orders, as pairs of tid and oaid. The tid decides the kind of an order's number.
    pub(crate) fn add_orders(&mut self, shop: ShopId, orders: impl IntoIterator<Item = (String, String)>) {
        for (tid, oaid) in orders {
            let kind = NumberKind::for_order(self.seed, &tid);
            self.add_order(shop, tid, oaid, kind);
        }
    }

    /// Adds an order, or replaces the order with the same tid. The callers of the shop are reported for it at once.
    pub(crate) fn add_order(&mut self, shop: ShopId, tid: String, oaid: String, kind: NumberKind) {
        if kind.needs_reported_callers() {
            self.caller_groups.create(&oaid, self.shops.callers(shop));
        }
        if self.orders.get(&tid).is_none_or(|former| former.shop != shop) {
            self.shops.add_tid(shop, &tid);
        }
        self.orders.insert(tid, Order { shop, oaid, kind, changes: 0 });
    }

    /// Gives an order a new oaid, as a change of its receiver does. The new number has only the callers of the shop.
    pub(crate) fn change_oaid(&mut self, tid: &str, oaid: &str) -> bool {
        let Some(order) = self.orders.change_oaid(tid, oaid) else {
            return false;
        };
        if order.kind.needs_reported_callers() {
            self.caller_groups.create(oaid, self.shops.callers(order.shop));
        }
        true
    }
}
