//! The sessions that this process has read.

use std::collections::HashMap;
use std::sync::Mutex;

use super::record::StoredSession;
use crate::provider::lock;
use crate::redact::Secret;

/// How many sessions are kept in memory. If there are more shops, some are read from the store again.
const CAPACITY: usize = 20_000;

/// A lock is never held across an `await`.
#[derive(Default)]
pub(super) struct Memory {
    read: Mutex<HashMap<String, Secret>>,
    /// Results of refreshes that the store did not take. Each is the only copy of its refresh token.
    unsaved: Mutex<HashMap<String, Unsaved>>,
}

/// The result of a refresh, and the session that it replaces.
#[derive(Clone)]
pub(super) struct Unsaved {
    pub(super) new: StoredSession,
    pub(super) replaces: Secret,
}

impl Memory {
    pub(super) fn get(&self, shop: &str) -> Option<Secret> {
        lock(&self.read).get(shop).cloned()
    }

    pub(super) fn set(&self, shop: &str, session: &Secret) {
        let mut read = lock(&self.read);
        if read.len() >= CAPACITY && !read.contains_key(shop) {
            read.clear();
        }
        read.insert(shop.to_owned(), session.clone());
    }

    pub(super) fn forget(&self, shop: &str) {
        lock(&self.read).remove(shop);
    }

    pub(super) fn unsaved(&self, shop: &str) -> Option<Unsaved> {
        lock(&self.unsaved).get(shop).cloned()
    }

    pub(super) fn set_unsaved(&self, shop: &str, unsaved: Unsaved) {
        lock(&self.unsaved).insert(shop.to_owned(), unsaved);
    }

    pub(super) fn saved(&self, shop: &str) {
        lock(&self.unsaved).remove(shop);
    }

    pub(super) fn unsaved_count(&self) -> usize {
        lock(&self.unsaved).len()
    }
}
