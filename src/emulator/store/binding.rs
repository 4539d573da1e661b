//! Bindings to X numbers.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

/// The first binding's id, beyond what a double can hold exactly.
const FIRST_ID: u64 = 1_000_000_768_300_000_000;
/// The place of a binding that has its X number to itself.
const WHOLE_NUMBER: &str = "";

/// Who is bound to an X number: the kinds of bindings, and of the pools that hold their X numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BindingKind {
    /// A and B, who reach each other over X. Many pairs share an X number if they share no party.
    Axb,
    /// A, whom anybody reaches over X.
    Axn,
    /// A, whom anybody reaches over X and an extension. Many bindings share an X number.
    AxnExtension,
    /// A, whom the numbers of a group reach over X.
    Axg,
}

#[derive(Clone)]
pub(crate) struct Binding {
    pub(crate) kind: BindingKind,
    pub(crate) pool_key: String,
    pub(crate) number_x: String,
    pub(crate) number_a: String,
    /// Always there in an AXB binding; in others, whom A reaches over X.
    pub(crate) number_b: Option<String>,
    /// Of an AXN extension binding.
    pub(crate) extension: Option<String>,
    /// Of an AXG binding.
    pub(crate) group_id: Option<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) call_restrict: Option<String>,
    pub(crate) recording: bool,
    pub(crate) asr: bool,
    pub(crate) asr_model_id: Option<String>,
}

/// Which of the two parties.
#[derive(Clone, Copy)]
pub(crate) enum Party {
    A,
    B,
}

/// Someone is bound to that X number already.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

#[derive(Default)]
pub(crate) struct Bindings {
    by_id: HashMap<String, Binding>,
    by_number_x: HashMap<String, NumberUse>,
    made: u64,
}

/// What an X number is used for. Expired bindings may linger in it.
struct NumberUse {
    /// The latest binding's, and so that of all that are in force.
    kind: BindingKind,
    ids: BTreeSet<String>,
    /// Which binding has which place.
    ids_by_place: HashMap<String, String>,
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

    /// What no other binding of its X number can have: parties, an extension, or the number as a whole. They cannot
    /// be mistaken for each other, since extensions are shorter than numbers.
    fn places(&self) -> impl Iterator<Item = &str> {
        let places = match self.kind {
            BindingKind::Axb => [Some(self.number_a.as_str()), self.number_b.as_deref()],
            BindingKind::AxnExtension => [self.extension.as_deref(), None],
            BindingKind::Axn | BindingKind::Axg => [Some(WHOLE_NUMBER), None],
        };
        places.into_iter().flatten()
    }
}

impl Bindings {
    /// Whether this binding can be made with the X number that it has.
    pub(crate) fn is_free(&self, binding: &Binding, now: DateTime<Utc>) -> bool {
        let Some(used) = self.by_number_x.get(&binding.number_x) else {
            return true;
        };
        if used.kind != binding.kind && used.ids.iter().any(|id| self.is_in_force(id, now)) {
            return false;
        }
        let is_taken = |place| used.ids_by_place.get(place).is_some_and(|id| self.is_in_force(id, now));
        !binding.places().any(is_taken)
    }

    /// Keeps a new binding, whose places must be free, and gives its id.
    pub(crate) fn insert(&mut self, binding: Binding) -> String {
        let id = FIRST_ID.saturating_add(self.made).to_string();
        self.made = self.made.saturating_add(1);
        let used = self.by_number_x.entry(binding.number_x.clone()).or_insert_with(|| NumberUse {
            kind: binding.kind,
            ids: BTreeSet::new(),
            ids_by_place: HashMap::new(),
        });
        used.kind = binding.kind;
        used.ids.insert(id.clone());
        for place in binding.places() {
            used.ids_by_place.insert(place.to_owned(), id.clone());
        }
        self.by_id.insert(id.clone(), binding);
        id
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Binding> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Binding> {
        self.by_id.get_mut(id)
    }

    /// All of them, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Binding)> {
        self.by_id.iter().map(|(id, binding)| (id.as_str(), binding))
    }

    /// Those of an X number, oldest first, expired ones too.
    pub(crate) fn of_number_x(&self, number_x: &str) -> impl Iterator<Item = (&str, &Binding)> {
        let ids = self.by_number_x.get(number_x).into_iter().flat_map(|used| &used.ids);
        ids.filter_map(|id| self.by_id.get(id).map(|binding| (id.as_str(), binding)))
    }

    pub(crate) fn remove(&mut self, id: &str) {
        let Some(binding) = self.by_id.remove(id) else {
            return;
        };
        if let Some(used) = self.by_number_x.get_mut(&binding.number_x) {
            used.ids.remove(id);
            binding.places().for_each(|place| used.give_back(place, id));
        }
    }

    /// Puts another party in the place of A or B.
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
        // Only in an AXB binding do the parties share out the X number.
        if binding.kind == BindingKind::Axb {
            let holder = self.by_number_x.get(&binding.number_x).and_then(|used| used.ids_by_place.get(number));
            if holder.is_some_and(|holder| self.is_in_force(holder, now)) {
                return Err(Conflict);
            }
            if let Some(used) = self.by_number_x.get_mut(&binding.number_x) {
                former.into_iter().for_each(|former| used.give_back(&former, id));
                used.ids_by_place.insert(number.to_owned(), id.to_owned());
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
    /// Only the holder gives a place back: an expired binding's place may be another's by now.
    fn give_back(&mut self, place: &str, id: &str) {
        if self.ids_by_place.get(place).is_some_and(|holder| holder == id) {
            self.ids_by_place.remove(place);
        }
    }
}
