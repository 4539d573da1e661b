//! The callers that may dial a 700 number.

use std::collections::{BTreeMap, HashMap, HashSet};

/// How many callers one order's number takes, the shop's own among them.
const CALLERS_PER_ORDER: usize = 80;

#[derive(Default)]
pub(crate) struct CallerGroups {
    by_oaid: HashMap<String, Vec<String>>,
}

/// The group would hold more callers than an order may have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyCallers;

impl CallerGroups {
    /// Opens the group of a new oaid with the callers that its shop reports for all orders.
    pub(super) fn open(&mut self, oaid: &str, shop_callers: &[String]) {
        self.by_oaid.entry(oaid.to_owned()).or_insert_with(|| shop_callers.to_vec());
    }

    /// How many callers each group has, in order of the oaids.
    pub(crate) fn sizes(&self) -> BTreeMap<&str, usize> {
        self.by_oaid.iter().map(|(oaid, callers)| (oaid.as_str(), callers.len())).collect()
    }

    pub(crate) fn callers(&self, oaid: &str) -> &[String] {
        self.by_oaid.get(oaid).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds all of them or none: the limit counts the union of the known callers and the new ones.
    pub(crate) fn add(&mut self, oaid: &str, callers: &[String]) -> Result<(), TooManyCallers> {
        let group = self.by_oaid.entry(oaid.to_owned()).or_default();
        let known: HashSet<&String> = group.iter().collect();
        let mut seen = HashSet::new();
        let new: Vec<String> =
            callers.iter().filter(|caller| !known.contains(caller) && seen.insert(*caller)).cloned().collect();
        if group.len().saturating_add(new.len()) > CALLERS_PER_ORDER {
            return Err(TooManyCallers);
        }
        group.extend(new);
        Ok(())
    }

    /// Takes callers out of this group alone. Unknown ones change nothing.
    pub(crate) fn remove(&mut self, oaid: &str, callers: &[String]) {
        if let Some(group) = self.by_oaid.get_mut(oaid) {
            group.retain(|caller| !callers.contains(caller));
        }
    }
}
