//! What both gateways remember.

pub(crate) mod binding;
pub(crate) mod blacklist;
pub(crate) mod call_record;
pub(crate) mod caller_group;
pub(crate) mod client_token;
pub(crate) mod decryption;
pub(crate) mod nonce;
pub(crate) mod number_group;
pub(crate) mod number_pool;
pub(crate) mod number_stock;
pub(crate) mod order;
pub(crate) mod shop;
pub(crate) mod track_no;
pub(crate) mod waybill;
pub(crate) mod work_card;

use binding::Bindings;
use blacklist::Blacklists;
use call_record::CallRecords;
use caller_group::CallerGroups;
use client_token::ClientTokens;
use decryption::DecryptionLimits;
use nonce::Nonces;
use number_group::NumberGroups;
use number_pool::NumberPools;
use number_stock::NumberStock;
use order::{NumberKind, Order, Orders};
use shop::{ShopId, Shops};
use track_no::TrackNos;
use waybill::Waybills;
use work_card::WorkCards;

/// All that changes by requests. It is locked as a whole, for the time of one operation.
#[derive(Default)]
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
    pub(crate) groups: NumberGroups,
    pub(crate) blacklists: Blacklists,
    pub(crate) call_records: CallRecords,
    pub(crate) track_nos: TrackNos,
    pub(crate) waybills: Waybills,
    /// What made-up numbers are made from.
    pub(crate) seed: u64,
}

impl State {
    pub(crate) fn of_seed(seed: u64) -> Self {
        let mut state = Self { seed, ..Self::default() };
        state.work_cards.seed = seed;
        state
    }

    /// Places orders, as pairs of tid and oaid. The kind of their numbers follows from the tid.
    pub(crate) fn add_orders(&mut self, shop: ShopId, orders: impl IntoIterator<Item = (String, String)>) {
        for (tid, oaid) in orders {
            let kind = NumberKind::of_order(self.seed, &tid);
            self.place_order(shop, tid, oaid, kind);
        }
    }

    /// Places an order, over one of the same tid. Its shop's callers are bound to its number at once.
    pub(crate) fn place_order(&mut self, shop: ShopId, tid: String, oaid: String, kind: NumberKind) {
        if kind.takes_callers() {
            self.caller_groups.open(&oaid, self.shops.callers(shop));
        }
        if self.orders.get(&tid).is_none_or(|former| former.shop != shop) {
            self.shops.note_order(shop, &tid);
        }
        self.orders.insert(tid, Order { shop, oaid, kind, changes: 0 });
    }

    /// Gives an order a new oaid, as a change of its receiver does. The new number's callers start anew.
    pub(crate) fn change_oaid(&mut self, tid: &str, oaid: &str) -> bool {
        let Some(order) = self.orders.change_oaid(tid, oaid) else {
            return false;
        };
        if order.kind.takes_callers() {
            self.caller_groups.open(oaid, self.shops.callers(order.shop));
        }
        true
    }
}

/// FNV-1a: spreads a text over numbers, the same on every run and machine.
pub(crate) fn spread(text: &str) -> u64 {
    spread_of(0, text)
}

/// Another spreading for each seed.
pub(crate) fn spread_of(seed: u64, text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A number of `digits` digits made from a text.
pub(crate) fn digits_of(text: &str, digits: usize) -> String {
    digits_of_seed(0, text, digits)
}

/// Another number for each seed.
pub(crate) fn digits_of_seed(seed: u64, text: &str, digits: usize) -> String {
    let modulus = 10_u64.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX));
    let number = spread_of(seed, text).checked_rem(modulus).unwrap_or_default();
    format!("{number:0digits$}")
}
