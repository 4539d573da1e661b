//! Applications and access keys that were added to those of the builder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::emulator::accounts::AccessKey;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The secret of each application, by its key.
    apps: BTreeMap<String, String>,
    /// By id.
    access_keys: BTreeMap<String, AccessKey>,
}

impl Credentials {
    /// Adds an application, or gives it another secret.
    pub(crate) fn add_app(&mut self, key: String, secret: String) {
        self.apps.insert(key, secret);
    }

    /// Adds an access key, or replaces the key with the same id.
    pub(crate) fn add_access_key(&mut self, key: AccessKey) {
        self.access_keys.insert(key.id.clone(), key);
    }

    pub(crate) fn app_secret(&self, key: &str) -> Option<&str> {
        self.apps.get(key).map(String::as_str)
    }

    pub(crate) fn access_key(&self, id: &str) -> Option<&AccessKey> {
        self.access_keys.get(id)
    }
}
