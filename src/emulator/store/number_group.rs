//! G groups: the numbers that can call the X number of an AXG binding.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The id of the first group is one more than this.
const BEFORE_FIRST_ID: u64 = 2_000_000_000_000;
/// The maximum number of groups of a pool.
const GROUPS_PER_POOL: usize = 2000;

#[derive(Serialize, Deserialize)]
pub(crate) struct NumberGroup {
    pub(crate) pool_key: String,
    pub(crate) numbers: BTreeSet<String>,
}

/// The pool has its maximum number of groups.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyGroups;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct NumberGroups {
    by_id: BTreeMap<String, NumberGroup>,
    created_count: u64,
}

impl NumberGroups {
    /// Creates a group and returns its id.
    pub(crate) fn create(&mut self, pool_key: &str, numbers: BTreeSet<String>) -> Result<String, TooManyGroups> {
        if self.by_id.values().filter(|group| group.pool_key == pool_key).count() >= GROUPS_PER_POOL {
            return Err(TooManyGroups);
        }
        self.created_count = self.created_count.saturating_add(1);
        let id = BEFORE_FIRST_ID.saturating_add(self.created_count).to_string();
        self.by_id.insert(id.clone(), NumberGroup { pool_key: pool_key.to_owned(), numbers });
        Ok(id)
    }

    /// A group of this pool.
    pub(crate) fn get(&self, pool_key: &str, id: &str) -> Option<&NumberGroup> {
        self.by_id.get(id).filter(|group| group.pool_key == pool_key)
    }

    /// A group of this pool.
    pub(crate) fn get_mut(&mut self, pool_key: &str, id: &str) -> Option<&mut NumberGroup> {
        self.by_id.get_mut(id).filter(|group| group.pool_key == pool_key)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// All groups, sorted by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &NumberGroup)> {
        self.by_id.iter().map(|(id, group)| (id.as_str(), group))
    }
}
