//! Real processes that share one SQLite file: what they do once between them, and what is left when they are killed.

mod cache;
mod resume;

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use privacy_number::emulator::Emulator;
use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore};
use privacy_number::{Secret, Settings, top};

use crate::own_process::start_test;
use crate::stores::Folder;

const FOLDER: &str = "PRIVACY_NUMBER_TEST_FOLDER";

const VARIABLES: [&str; 6] = [
    "PRIVACY_NUMBER_TEST_ENCRYPTION_KEY",
    "PRIVACY_NUMBER_TEST_LOOKUP_KEY",
    "PRIVACY_NUMBER_TEST_ENDPOINT",
    "PRIVACY_NUMBER_TEST_APP_KEY",
    "PRIVACY_NUMBER_TEST_APP_SECRET",
    "PRIVACY_NUMBER_TEST_SESSION",
];

/// What all processes of a test use.
struct Shared {
    folder: Folder,
    values: [String; 6],
}

impl Shared {
    fn new(emulator: &Emulator) -> Self {
        let encryption_key = EncryptionKey::generate().unwrap().to_base64().expose().to_owned();
        let lookup_key = LookupKey::generate().unwrap().to_base64().expose().to_owned();
        let (key, secret) = (emulator.app_key().to_owned(), emulator.app_secret().to_owned());
        let values = [encryption_key, lookup_key, emulator.top_endpoint(), key, secret, emulator.session()];
        Self { folder: Folder::new(), values }
    }

    /// Starts a test of this binary with what it needs.
    fn start(&self, name: &str, prepare: impl FnOnce(&mut Command)) -> Child {
        start_test(name, |command| {
            command.envs(VARIABLES.iter().zip(&self.values)).env(FOLDER, self.folder.file(""));
            prepare(command);
        })
    }
}

/// What a process of a test has: `None` if it is no such process.
struct Process {
    store: EncryptedStore<SqliteStore>,
    shop: top::Shop,
}

impl Process {
    async fn of_environment() -> Option<Self> {
        let folder = std::env::var(FOLDER).ok()?;
        let [encryption, lookup, endpoint, key, secret, session] = VARIABLES.map(|name| std::env::var(name).unwrap());
        let encryption = EncryptionKey::from_base64(&Secret::from(encryption)).unwrap();
        let lookup = LookupKey::from_base64(&Secret::from(lookup)).unwrap();
        let database = SqliteStore::open(Path::new(&folder).join("store.db"), "pn_").await.unwrap();
        let store = EncryptedStore::open(database, EncryptionKeys::new(encryption, lookup)).await.unwrap();
        let settings = Settings::new().call_timeout(Duration::from_secs(60));
        let client = top::Client::builder().app(key, secret).endpoint(endpoint).settings(settings).build().unwrap();
        Some(Self { store, shop: client.shop(session) })
    }
}

/// Waits until a file is there.
fn wait_for(file: &Path) {
    while !file.exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
}
