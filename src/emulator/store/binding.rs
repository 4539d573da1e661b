//! Bindings of X numbers.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kept::EndedBindings;

/// The id of the first binding. A double cannot hold it exactly.
const FIRST_ID: u64 = 1_000_000_768_300_000_000;
/// The slot of a binding that uses its X number alone.
const WHOLE_NUMBER: &str = "";

/// The kind of a binding, and of a pool that holds X numbers for such bindings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum BindingKind {
    /// A and B call each other through X. Pairs without a common party can share an X number.
    Axb,
    /// Anybody calls A through X.
    Axn,
    /// Anybody calls A through X and an extension. Many bindings share an X number.
    AxnExtension,
    /// The numbers of a group call A through X.
    Axg,
    /// A and B call each other through a 700 number X.
    Axb700,
    /// The numbers of a group call B through a 700 number X.
    Gxb700,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) kind: BindingKind,
    pub(crate) pool_key: String,
    pub(crate) number_x: String,
    pub(crate) number_a: String,
    /// Always present in an AXB binding. In other kinds, the number that A calls through X.
    pub(crate) number_b: Option<String>,
    /// Present in an AXN extension binding.
    pub(crate) extension: Option<String>,
    /// Present in an AXG binding.
    pub(crate) group_id: Option<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) call_restrict: Option<String>,
    /// The customer's own id, which receipts contain.
    pub(crate) out_id: Option<String>,
    pub(crate) recording: bool,
    pub(crate) asr: bool,
    pub(crate) asr_model_id: Option<String>,
}

/// One of the two parties.
#[derive(Clone, Copy)]
pub(crate) enum Party {
    A,
    B,
}

/// The party is already bound to the X number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Bindings {
    by_id: HashMap<String, Binding>,
    by_number_x: HashMap<String, NumberUse>,
    created_count: u64,
    #[serde(skip)]
    ended: EndedBindings,
}

/// The use of one X number. It may still contain expired bindings.
#[derive(Serialize, Deserialize)]
struct NumberUse {
    /// The kind of the latest binding, and so of all bindings in force.
    kind: BindingKind,
    ids: BTreeSet<String>,
    /// The binding that holds each slot.
    ids_by_slot: HashMap<String, String>,
}

impl Binding {
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        now < self.expires
    }

    pub(crate) fn party(&self, party: Party) -> Option<&str> {
        match party {
            Party::A => Some(&self.number_a),
            Party::B => self.number_b.as_deref(),
        }
    }

    /// What only one binding of an X number can hold: a party, an extension, or the whole number. Extensions are
    /// shorter than numbers, so the two are never equal.
    fn slots(&self) -> impl Iterator<Item = &str> {
        let slots = match self.kind {
            BindingKind::Axb | BindingKind::Axb700 => [Some(self.number_a.as_str()), self.number_b.as_deref()],
            BindingKind::AxnExtension => [self.extension.as_deref(), None],
            BindingKind::Axn | BindingKind::Axg | BindingKind::Gxb700 => [Some(WHOLE_NUMBER), None],
        };
        slots.into_iter().flatten()
    }
}

impl Bindings {
    /// Whether this binding can be created with its X number.
    pub(crate) fn is_free(&self, binding: &Binding, now: DateTime<Utc>) -> bool {
        let Some(used) = self.by_number_x.get(&binding.number_x) else {
            return true;
        };
        if used.kind != binding.kind && used.ids.iter().any(|id| self.is_in_force(id, now)) {
            return false;
        }
        let is_taken = |slot| used.ids_by_slot.get(slot).is_some_and(|id| self.is_in_force(id, now));
        !binding.slots().any(is_taken)
    }

    /// Adds a binding, whose slots must be free. Returns its id.
    pub(super) fn insert(&mut self, binding: Binding) -> String {
        let id = FIRST_ID.saturating_add(self.created_count).to_string();
        self.created_count = self.created_count.saturating_add(1);
        let used = self.by_number_x.entry(binding.number_x.clone()).or_insert_with(|| NumberUse {
            kind: binding.kind,
            ids: BTreeSet::new(),
            ids_by_slot: HashMap::new(),
        });
        used.kind = binding.kind;
        used.ids.insert(id.clone());
        for slot in binding.slots() {
            used.ids_by_slot.insert(slot.to_owned(), id.clone());
        }
        self.by_id.insert(id.clone(), binding);
        id
    }

    /// The ids of ended bindings that are to be removed, so that memory is bounded.
    pub(super) fn surplus(&mut self, now: DateTime<Utc>) -> Vec<String> {
        let all = self.by_id.iter().map(|(id, binding)| (binding.expires, id.clone()));
        self.ended.surplus(self.by_id.len(), all, now)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Binding> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Binding> {
        self.by_id.get_mut(id)
    }

    /// All bindings, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Binding)> {
        self.by_id.iter().map(|(id, binding)| (id.as_str(), binding))
    }

    /// The bindings of an X number, oldest first, including expired ones.
    pub(crate) fn by_number_x(&self, number_x: &str) -> impl Iterator<Item = (&str, &Binding)> {
        let ids = self.by_number_x.get(number_x).into_iter().flat_map(|used| &used.ids);
        ids.filter_map(|id| self.by_id.get(id).map(|binding| (id.as_str(), binding)))
    }

    pub(super) fn remove(&mut self, id: &str) {
        let Some(binding) = self.by_id.remove(id) else {
            return;
        };
        if let Some(used) = self.by_number_x.get_mut(&binding.number_x) {
            used.ids.remove(id);
            binding.slots().for_each(|slot| used.release(slot, id));
        }
    }

    /// Replaces party A or B.
    pub(crate) fn replace_party(
        &mut self,
        id: &str,
        party: Party,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Conflict> {
        let Some(former) = self.by_id.get(id).filter(|binding| binding.party(party) != Some(number)) else {
            return Ok(());
        };
        let mut binding = former.clone();
        let former = match party {
            Party::A => Some(std::mem::replace(&mut binding.number_a, number.to_owned())),
            Party::B => binding.number_b.replace(number.to_owned()),
        };
        // Only AXB bindings have their parties as slots.
        if binding.kind == BindingKind::Axb {
            let holder = self.by_number_x.get(&binding.number_x).and_then(|used| used.ids_by_slot.get(number));
            if holder.is_some_and(|holder| self.is_in_force(holder, now)) {
                return Err(Conflict);
            }
            if let Some(used) = self.by_number_x.get_mut(&binding.number_x) {
                former.into_iter().for_each(|former| used.release(&former, id));
                used.ids_by_slot.insert(number.to_owned(), id.to_owned());
            }
        }
        self.by_id.insert(id.to_owned(), binding);
        Ok(())
    }

    fn is_in_force(&self, id: &str, now: DateTime<Utc>) -> bool {
        self.by_id.get(id).is_some_and(|binding| binding.in_force(now))
    }
}

impl NumberUse {
    /// Releases a slot if this binding holds it. Another binding may have taken the slot of an expired one.
    fn release(&mut self, slot: &str, id: &str) {
        if self.ids_by_slot.get(slot).is_some_and(|holder| holder == id) {
            self.ids_by_slot.remove(slot);
        }
    }
}
