//! Stores: the contract on each database, failures of the database, and what its files hold.

mod cache;
mod canary;
mod contract;
pub(crate) mod databases;
mod failures;
mod ledger_failures;
mod server;

use std::path::PathBuf;

use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, Store};

/// A directory for one test, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("privacy-number-{}", uuid()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn uuid() -> String {
    format!("{:x}-{:x}", std::process::id(), fastrand::u64(..))
}

/// A store with new keys.
pub(crate) async fn encrypted<S: Store>(store: S) -> EncryptedStore<S> {
    let keys = EncryptionKeys::new(EncryptionKey::generate().unwrap(), LookupKey::generate().unwrap());
    EncryptedStore::open(store, keys).await.unwrap()
}
