//! Bindings of two parties to an X number.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// The first binding's id, beyond what a double can hold exactly.
const FIRST_ID: u64 = 1_000_000_768_300_000_000;

pub(crate) struct Binding {
    pub(crate) pool_key: String,
    pub(crate) number_x: String,
    pub(crate) number_a: String,
    pub(crate) number_b: String,
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
    /// Who is bound to which X number, by which binding. Entries of expired bindings may linger.
    ids_by_party: HashMap<(String, String), String>,
    made: u64,
}

impl Binding {
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        now < self.expires
    }
}

impl Bindings {
    /// Whether this party can be bound to this X number.
    pub(crate) fn is_free(&self, number_x: &str, party: &str, now: DateTime<Utc>) -> bool {
        let slot = (number_x.to_owned(), party.to_owned());
        let holder = self.ids_by_party.get(&slot).and_then(|id| self.by_id.get(id));
        !holder.is_some_and(|binding| binding.in_force(now))
    }

    /// Keeps a new binding, whose parties must be free, and gives its id.
    pub(crate) fn insert(&mut self, binding: Binding) -> String {
        let id = FIRST_ID.saturating_add(self.made).to_string();
        self.made = self.made.saturating_add(1);
        for party in [&binding.number_a, &binding.number_b] {
            self.ids_by_party.insert((binding.number_x.clone(), party.clone()), id.clone());
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

    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(binding) = self.by_id.remove(id) {
            self.release(&binding.number_x, &binding.number_a, id);
            self.release(&binding.number_x, &binding.number_b, id);
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
        let Some(binding) = self.by_id.get(id) else {
            return Ok(());
        };
        let number_x = binding.number_x.clone();
        let former = match party {
            Party::A => binding.number_a.clone(),
            Party::B => binding.number_b.clone(),
        };
        if former == number {
            return Ok(());
        }
        if !self.is_free(&number_x, number, now) {
            return Err(Conflict);
        }
        self.release(&number_x, &former, id);
        self.ids_by_party.insert((number_x, number.to_owned()), id.to_owned());
        if let Some(binding) = self.by_id.get_mut(id) {
            match party {
                Party::A => number.clone_into(&mut binding.number_a),
                Party::B => number.clone_into(&mut binding.number_b),
            }
        }
        Ok(())
    }

    /// Only the holder gives a party back: an expired binding's place may be another's by now.
    fn release(&mut self, number_x: &str, party: &str, id: &str) {
        let slot = (number_x.to_owned(), party.to_owned());
        if self.ids_by_party.get(&slot).is_some_and(|holder| holder == id) {
            self.ids_by_party.remove(&slot);
        }
    }
}
