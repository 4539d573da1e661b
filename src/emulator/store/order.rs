//! Orders and the receivers behind them.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{KEPT_LONG, push_bounded};
use super::shop::ShopId;
use crate::emulator::generated::{seeded_digits, seeded_hash};

/// The prefix of oaids that are always out of date.
const STALE: &str = "stale-";
/// The prefix of oaids that are always wrong.
const WRONG: &str = "wrong-";
/// The prefix of the oaids of closed orders: the end user's client gets masked data.
const CLOSED: &str = "closed-";

/// The kind of number in a receiver's `mobile`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum NumberKind {
    /// A virtual number of 11 digits with an extension of 4 digits.
    WithExtension,
    /// A virtual number of 15 digits that begins with 700. Only reported callers can dial it.
    SevenHundred,
    /// The receiver's own number: the order is not protected.
    Plain,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) shop: ShopId,
    pub(crate) oaid: String,
    pub(crate) kind: NumberKind,
    /// How often its receiver was changed. Each change gives the order another virtual number.
    pub(crate) changes: u32,
    pub(crate) life: OrderLife,
}

/// The state of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OrderStatus {
    /// Paid, and not shipped. The state of a new order.
    Paid,
    /// Shipped.
    Shipped,
    /// Completed: a virtual number ends 7 days later.
    Succeeded,
    /// Closed: decryption returns masked data.
    Closed,
}

/// What has happened to an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrderLife {
    pub(crate) status: OrderStatus,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    /// When the order was completed or closed.
    pub(crate) ended: Option<DateTime<Utc>>,
    /// When the address was changed last.
    pub(crate) address_changed: Option<DateTime<Utc>>,
    /// Orders with the same text go to the same receiver.
    pub(crate) receiver: String,
    /// The rent of the present virtual number.
    pub(crate) rent: Option<Rent>,
}

/// The time for which a virtual number is rented.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Rent {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    /// How many days are billed.
    pub(crate) billed_days: u64,
}

/// How long a virtual number is valid after its order is completed.
const AFTER_SUCCESS: TimeDelta = TimeDelta::days(7);

/// How an oaid relates to an order.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum OaidState {
    Current,
    /// A former oaid of the order, or the oaid of another order of the same shop.
    NotCurrent,
    Wrong,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Orders {
    by_tid: HashMap<String, Order>,
    tids_by_oaid: HashMap<String, Vec<String>>,
    /// The latest oaids that an order had before.
    former_oaids: HashSet<String>,
    former_oaids_by_age: VecDeque<String>,
}

impl NumberKind {
    /// The tid and the seed decide which of the two kinds of virtual numbers an order has.
    pub(crate) fn for_order(seed: u64, tid: &str) -> Self {
        if seeded_hash(seed, tid).is_multiple_of(2) { Self::SevenHundred } else { Self::WithExtension }
    }

    pub(crate) fn needs_reported_callers(self) -> bool {
        self == Self::SevenHundred
    }

    pub(crate) fn is_virtual(self) -> bool {
        self != Self::Plain
    }

    fn mobile(self, seed: u64, tid: &str) -> String {
        match self {
            Self::WithExtension => {
                let digits = seeded_digits(seed, tid, 8);
                let (main, extension) = digits.split_at_checked(4).unwrap_or_default();
                format!("1320000{main}-{extension}")
            }
            Self::SevenHundred => format!("700{}", seeded_digits(seed, tid, 12)),
            Self::Plain => format!("1300000{}", seeded_digits(seed, tid, 4)),
        }
    }
}

impl Order {
    /// The number in the receiver's `mobile`, generated from the seed and the order.
    pub(crate) fn mobile(&self, seed: u64, tid: &str) -> String {
        match self.changes {
            0 => self.kind.mobile(seed, tid),
            changes => self.kind.mobile(seed, &format!("{tid} after change {changes}")),
        }
    }

    /// The number of the receiver's own phone, which the virtual number stands for.
    pub(crate) fn own_number(&self, seed: u64, tid: &str) -> String {
        NumberKind::Plain.mobile(seed, tid)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.oaid.starts_with(CLOSED) || self.life.status == OrderStatus::Closed
    }

    /// When the virtual number ends at the latest, if its rent ends at `rented_until`.
    pub(crate) fn number_ends(&self, rented_until: DateTime<Utc>) -> DateTime<Utc> {
        let ended = self.life.ended.filter(|_| self.life.status == OrderStatus::Succeeded);
        let latest = ended.and_then(|ended| ended.checked_add_signed(AFTER_SUCCESS));
        latest.map_or(rented_until, |latest| latest.min(rented_until))
    }
}

impl OrderLife {
    /// A new order, which is paid at once. Nobody else has its receiver.
    pub(super) fn paid(tid: &str, now: DateTime<Utc>) -> Self {
        Self {
            status: OrderStatus::Paid,
            created: now,
            modified: now,
            ended: None,
            address_changed: None,
            receiver: format!("receiver of {tid}"),
            rent: None,
        }
    }
}

impl OrderStatus {
    /// The status on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "WAIT_SELLER_SEND_GOODS",
            Self::Shipped => "WAIT_BUYER_CONFIRM_GOODS",
            Self::Succeeded => "TRADE_FINISHED",
            Self::Closed => "TRADE_CLOSED",
        }
    }
}

impl Orders {
    pub(crate) fn count(&self) -> usize {
        self.by_tid.len()
    }

    /// Whether the order can be decrypted with its own oaid.
    pub(crate) fn is_current(&self, order: &Order) -> bool {
        self.oaid_state(order, &order.oaid) == OaidState::Current
    }

    pub(crate) fn insert(&mut self, tid: String, order: Order) {
        let oaid = order.oaid.clone();
        if let Some(replaced) = self.by_tid.insert(tid.clone(), order) {
            self.remove_tid(&replaced.oaid, &tid);
        }
        self.tids_by_oaid.entry(oaid).or_default().push(tid);
    }

    /// All orders with their tid, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Order)> {
        self.by_tid.iter().map(|(tid, order)| (tid.as_str(), order))
    }

    pub(crate) fn get(&self, tid: &str) -> Option<&Order> {
        self.by_tid.get(tid)
    }

    pub(crate) fn life_mut(&mut self, tid: &str) -> Option<&mut OrderLife> {
        self.by_tid.get_mut(tid).map(|order| &mut order.life)
    }

    /// An order with this current oaid. Orders of one receiver in one week may share an oaid.
    pub(crate) fn by_oaid(&self, oaid: &str) -> Option<&Order> {
        let tids = self.tids_by_oaid.get(oaid)?;
        tids.iter()
            .filter_map(|tid| self.by_tid.get(tid))
            .filter(|order| order.oaid == oaid && !has_magic_prefix(oaid))
            .max_by_key(|order| order.kind.needs_reported_callers())
    }

    pub(crate) fn oaid_state(&self, order: &Order, oaid: &str) -> OaidState {
        if oaid.starts_with(WRONG) {
            OaidState::Wrong
        } else if oaid.starts_with(STALE) || self.former_oaids.contains(oaid) && order.oaid != oaid {
            OaidState::NotCurrent
        } else if order.oaid == oaid {
            OaidState::Current
        } else if self.by_oaid(oaid).is_some_and(|other| other.shop == order.shop) {
            OaidState::NotCurrent
        } else {
            OaidState::Wrong
        }
    }

    /// Gives an order another receiver with a new oaid and number. Returns the oaid that is forgotten, if there is one:
    /// the former oaid of an order long ago.
    pub(super) fn change_oaid(&mut self, tid: &str, oaid: &str, now: DateTime<Utc>) -> Option<String> {
        let order = self.by_tid.get_mut(tid)?;
        let former = std::mem::replace(&mut order.oaid, oaid.to_owned());
        order.changes = order.changes.saturating_add(1);
        let life = &mut order.life;
        life.receiver = format!("receiver of {tid} after change {}", order.changes);
        (life.modified, life.address_changed, life.rent) = (now, Some(now), None);
        self.remove_tid(&former, tid);
        self.tids_by_oaid.entry(oaid.to_owned()).or_default().push(tid.to_owned());
        if !self.former_oaids.insert(former.clone()) {
            return None;
        }
        let forgotten = push_bounded(&mut self.former_oaids_by_age, former, KEPT_LONG)?;
        self.former_oaids.remove(&forgotten);
        (!self.tids_by_oaid.contains_key(&forgotten)).then_some(forgotten)
    }

    fn remove_tid(&mut self, oaid: &str, tid: &str) {
        let Some(tids) = self.tids_by_oaid.get_mut(oaid) else { return };
        tids.retain(|known| known != tid);
        if tids.is_empty() {
            self.tids_by_oaid.remove(oaid);
        }
    }
}

fn has_magic_prefix(oaid: &str) -> bool {
    oaid.starts_with(STALE) || oaid.starts_with(WRONG)
}
