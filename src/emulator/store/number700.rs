//! Bindings of 700 numbers.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kept::EndedBindings;

/// The id of the first binding. A double cannot hold it exactly, and no binding of another number has it.
const FIRST_ID: u64 = 1_000_007_000_000_000_001;
/// The maximum number of AXB bindings in force of one X number.
const PAIRS_PER_NUMBER: usize = 200;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Binding700 {
    pub(crate) pool_key: String,
    pub(crate) number_x: String,
    pub(crate) number_b: String,
    pub(crate) parties: Parties,
    pub(crate) order: Order,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) call_restrict: Option<String>,
    pub(crate) recording: bool,
    pub(crate) asr: bool,
    pub(crate) asr_model_id: Option<String>,
    pub(crate) audio: Option<String>,
    pub(crate) out_id: Option<String>,
}

/// Who calls B.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Parties {
    Axb { number_a: String },
    Gxb { group_id: Option<String>, default_a: Option<String> },
}

/// The identifier of the order of a binding.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Order {
    OrderId(String),
    IndustrialId(String),
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Bindings700 {
    by_id: BTreeMap<u64, Binding700>,
    /// The ids of each X number. Some of them may have expired.
    by_number_x: HashMap<String, Vec<u64>>,
    /// The latest binding of each order.
    #[serde(with = "super::pairs")]
    by_order: HashMap<Order, u64>,
    created_count: u64,
    #[serde(skip)]
    ended: EndedBindings,
}

impl Binding700 {
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        now < self.expires
    }

    pub(crate) fn group_id(&self) -> Option<&str> {
        match &self.parties {
            Parties::Axb { .. } => None,
            Parties::Gxb { group_id, .. } => group_id.as_deref(),
        }
    }

    /// Whether both can use the same X number: pairs without a common party can.
    fn can_share_with(&self, other: &Self) -> bool {
        let (Parties::Axb { number_a }, Parties::Axb { number_a: other_a }) = (&self.parties, &other.parties) else {
            return false;
        };
        let is_of_other = |number: &String| number == other_a || *number == other.number_b;
        !is_of_other(number_a) && !is_of_other(&self.number_b)
    }
}

impl Bindings700 {
    /// Whether a binding can have its X number. `id` is its own id if it exists already.
    pub(crate) fn is_free(&self, binding: &Binding700, id: Option<u64>, now: DateTime<Utc>) -> bool {
        let others = self.by_number_x(&binding.number_x);
        let mut others = others.filter(|(other_id, other)| Some(*other_id) != id && other.in_force(now));
        let count = others.clone().count();
        count < PAIRS_PER_NUMBER && others.all(|(_, other)| binding.can_share_with(other))
    }

    /// Whether a binding in force has this order.
    pub(crate) fn has_order(&self, order: &Order, now: DateTime<Utc>) -> bool {
        self.by_order.get(order).and_then(|id| self.by_id.get(id)).is_some_and(|binding| binding.in_force(now))
    }

    /// Adds a binding, whose X number and order must be free. Returns its id.
    pub(crate) fn insert(&mut self, binding: Binding700, now: DateTime<Utc>) -> u64 {
        let all = self.by_id.iter().map(|(id, binding)| (binding.expires, *id));
        for id in self.ended.surplus(self.by_id.len(), all, now) {
            self.remove(id);
        }
        let id = FIRST_ID.saturating_add(self.created_count);
        self.created_count = self.created_count.saturating_add(1);
        self.by_number_x.entry(binding.number_x.clone()).or_default().push(id);
        self.by_order.insert(binding.order.clone(), id);
        self.by_id.insert(id, binding);
        id
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Binding700> {
        self.by_id.get(&id)
    }

    /// Replaces a binding, whose X number stays the same.
    pub(crate) fn replace(&mut self, id: u64, binding: Binding700) {
        self.by_id.insert(id, binding);
    }

    pub(crate) fn remove(&mut self, id: u64) {
        let Some(binding) = self.by_id.remove(&id) else {
            return;
        };
        if let Some(ids) = self.by_number_x.get_mut(&binding.number_x) {
            ids.retain(|other| *other != id);
        }
        // A later binding may have taken the order of an expired one.
        if self.by_order.get(&binding.order) == Some(&id) {
            self.by_order.remove(&binding.order);
        }
    }

    /// All bindings, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Binding700)> {
        self.by_id.iter().map(|(id, binding)| (*id, binding))
    }

    /// The bindings of an X number, oldest first, including expired ones.
    pub(crate) fn by_number_x(&self, number_x: &str) -> impl Iterator<Item = (u64, &Binding700)> + Clone {
        let ids = self.by_number_x.get(number_x).into_iter().flatten();
        ids.filter_map(|id| self.by_id.get(id).map(|binding| (*id, binding)))
    }
}
