//! Orders and the receivers behind them.

use std::collections::{HashMap, HashSet};

use super::shop::ShopId;
use super::{digits_of_seed, spread_of};

/// An oaid with this beginning is never an order's current one.
const STALE: &str = "stale-";
/// An oaid with this beginning never was one.
const WRONG: &str = "wrong-";
/// An order whose oaid begins so is closed: the end user's client gets its data masked.
const CLOSED: &str = "closed-";

/// What stands in a receiver's `mobile`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NumberKind {
    /// A virtual number of 11 digits with an extension of four.
    WithExtension,
    /// A virtual number of 15 digits that begins with 700: only reported callers can dial it.
    SevenHundred,
    /// The receiver's own number: the order is not protected.
    Plain,
}

pub(crate) struct Order {
    pub(crate) shop: ShopId,
    pub(crate) oaid: String,
    pub(crate) kind: NumberKind,
    /// How often its receiver was changed: each time it gets another virtual number.
    pub(crate) changes: u32,
}

/// What an oaid is to an order.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum OaidState {
    Current,
    /// It was this order's, or is another order's of the same shop.
    NotCurrent,
    Wrong,
}

#[derive(Default)]
pub(crate) struct Orders {
    by_tid: HashMap<String, Order>,
    tids_by_oaid: HashMap<String, Vec<String>>,
    former_oaids: HashSet<String>,
}

impl NumberKind {
    /// Virtual numbers of both kinds occur side by side; which one an order has follows from its tid and the seed.
    pub(crate) fn of_order(seed: u64, tid: &str) -> Self {
        if spread_of(seed, tid).is_multiple_of(2) { Self::SevenHundred } else { Self::WithExtension }
    }

    pub(crate) fn takes_callers(self) -> bool {
        self == Self::SevenHundred
    }

    pub(crate) fn is_virtual(self) -> bool {
        self != Self::Plain
    }

    fn mobile(self, seed: u64, tid: &str) -> String {
        match self {
            Self::WithExtension => {
                let digits = digits_of_seed(seed, tid, 8);
                let (main, extension) = digits.split_at_checked(4).unwrap_or_default();
                format!("1320000{main}-{extension}")
            }
            Self::SevenHundred => format!("700{}", digits_of_seed(seed, tid, 12)),
            Self::Plain => format!("1300000{}", digits_of_seed(seed, tid, 4)),
        }
    }
}

impl Order {
    /// The number in the receiver's `mobile`, made up from the seed and the order.
    pub(crate) fn mobile(&self, seed: u64, tid: &str) -> String {
        match self.changes {
            0 => self.kind.mobile(seed, tid),
            changes => self.kind.mobile(seed, &format!("{tid} after change {changes}")),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.oaid.starts_with(CLOSED)
    }
}

impl Orders {
    pub(crate) fn count(&self) -> usize {
        self.by_tid.len()
    }

    /// Whether the order can be decrypted with the oaid it has.
    pub(crate) fn is_current(&self, order: &Order) -> bool {
        self.oaid_state(order, &order.oaid) == OaidState::Current
    }

    pub(crate) fn insert(&mut self, tid: String, order: Order) {
        self.tids_by_oaid.entry(order.oaid.clone()).or_default().push(tid.clone());
        self.by_tid.insert(tid, order);
    }

    pub(crate) fn get(&self, tid: &str) -> Option<&Order> {
        self.by_tid.get(tid)
    }

    /// An order that has this oaid now. Orders of one receiver in one week may share it.
    pub(crate) fn of_oaid(&self, oaid: &str) -> Option<&Order> {
        let tids = self.tids_by_oaid.get(oaid)?;
        tids.iter()
            .filter_map(|tid| self.by_tid.get(tid))
            .filter(|order| order.oaid == oaid && !has_magic_beginning(oaid))
            .max_by_key(|order| order.kind.takes_callers())
    }

    pub(crate) fn oaid_state(&self, order: &Order, oaid: &str) -> OaidState {
        if oaid.starts_with(WRONG) {
            OaidState::Wrong
        } else if oaid.starts_with(STALE) || self.former_oaids.contains(oaid) && order.oaid != oaid {
            OaidState::NotCurrent
        } else if order.oaid == oaid {
            OaidState::Current
        } else if self.of_oaid(oaid).is_some_and(|other| other.shop == order.shop) {
            OaidState::NotCurrent
        } else {
            OaidState::Wrong
        }
    }

    pub(super) fn change_oaid(&mut self, tid: &str, oaid: &str) -> Option<&Order> {
        let order = self.by_tid.get_mut(tid)?;
        let former = std::mem::replace(&mut order.oaid, oaid.to_owned());
        order.changes = order.changes.saturating_add(1);
        self.former_oaids.insert(former);
        self.tids_by_oaid.entry(oaid.to_owned()).or_default().push(tid.to_owned());
        Some(order)
    }
}

fn has_magic_beginning(oaid: &str) -> bool {
    oaid.starts_with(STALE) || oaid.starts_with(WRONG)
}
