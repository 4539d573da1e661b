//! The reported callers of 700 numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// The maximum number of callers of one order, including those of its shop.
const CALLERS_PER_ORDER: usize = 80;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct CallerGroups {
    by_oaid: HashMap<String, Vec<String>>,
}

/// The group would exceed the maximum number of callers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyCallers;

impl CallerGroups {
    /// Creates the group of a new oaid with the callers that the shop reports for all orders.
    pub(super) fn create(&mut self, oaid: &str, shop_callers: &[String]) {
        self.by_oaid.entry(oaid.to_owned()).or_insert_with(|| shop_callers.to_vec());
    }

    /// Removes the whole group of an oaid that no order has.
    pub(super) fn forget(&mut self, oaid: &str) {
        self.by_oaid.remove(oaid);
    }

    /// The number of callers of each group, sorted by oaid.
    pub(crate) fn sizes(&self) -> BTreeMap<&str, usize> {
        self.by_oaid.iter().map(|(oaid, callers)| (oaid.as_str(), callers.len())).collect()
    }

    pub(crate) fn callers(&self, oaid: &str) -> &[String] {
        self.by_oaid.get(oaid).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds all callers or none. The limit applies to the union of the existing callers and the new ones.
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

    /// Removes callers from this group only. Unknown callers are ignored.
    pub(crate) fn remove(&mut self, oaid: &str, callers: &[String]) {
        if let Some(group) = self.by_oaid.get_mut(oaid) {
            group.retain(|caller| !callers.contains(caller));
        }
    }
}
