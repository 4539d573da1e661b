//! Every table is filled with made-up personal data; then the files of the database are searched for it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::BindAxb;
use privacy_number::aliyun::receipt::{self, ReceiptType};
use privacy_number::binding_ledger::{BindingLedger, LedgerSettings};
use privacy_number::emulator::Emulator;
use privacy_number::parked::Parked;
use privacy_number::quota_ledger::QuotaLedger;
use privacy_number::receipts_seen::ReceiptsSeen;
use privacy_number::store::{Lease, NewRow, Store, Table};
use privacy_number::stored_session::{StoredSession, StoredSessions};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};

use super::databases::{TestDatabase, on_each_database};

on_each_database!(the_files_of_a_full_store_hold_nothing_personal);

const NUMBER_A: &str = "15077770001";
const NUMBER_B: &str = "15177770002";
const NUMBER_X: &str = "17077770003";

async fn the_files_of_a_full_store_hold_nothing_personal<D: TestDatabase>(database: D) {
    let emulator = Emulator::builder().pool("FC-canary", [("北京", NUMBER_X)]);
    let emulator = emulator.orders([("canary-tid-1", "canary-oaid-1")]).start().await.unwrap();
    let store = database.open_encrypted().await;
    let mut canaries: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut written = |table: &'static str, texts: &[&str]| {
        canaries.entry(table).or_default().extend(texts.iter().map(|text| (*text).to_owned()));
    };

    let shop = emulator.shop().unwrap();
    let query = || ReceiverQuery::builder().tid("canary-tid-1").oaid("canary-oaid-1").build();
    let receiver = shop.cached(&store, "canary-shop").decrypt([query()]).await.remove(0).result.unwrap();
    let name = receiver.name.unwrap();
    let address = receiver.address_detail.unwrap();
    let mobile = receiver.mobile.unwrap();
    written("receivers", &["canary-tid", "canary-oaid", name.expose(), address.expose(), mobile.expose()]);

    let quota = QuotaLedger::new(store.clone());
    shop.counted(&quota, "canary-shop").send(&OaidDecrypt::new([query()])).await.unwrap();
    written("quota", &["canary-shop"]);

    let settings = LedgerSettings::new().pool("FC-canary", [NUMBER_X]);
    let ledger = BindingLedger::new(emulator.aliyun().unwrap(), store.clone(), settings);
    let bind = BindAxb::builder().pool_key("FC-canary").phone_no_a(NUMBER_A).phone_no_b(NUMBER_B);
    let bind = bind.expiration(Utc::now() + TimeDelta::days(7)).build();
    let binding = ledger.bind("canary-order", &bind).await.unwrap();
    written("bindings", &["canary-order", NUMBER_A, NUMBER_B, NUMBER_X, &binding.subs_id]);

    let body = br#"[{"call_id": "canary-call", "phone_no": "15277770004", "release_cause": 31}]"#;
    let receipt = receipt::parse(&ReceiptType::SecretReport, body).unwrap().remove(0);
    let nothing = async { Ok::<_, &'static str>(()) };
    ReceiptsSeen::new(store.clone()).handle(&receipt, nothing).await.unwrap();
    written("receipts", &["canary-call", "15277770004"]);

    let sessions = StoredSessions::new(store.clone(), async |_, _| Err("not asked for".into()));
    let session = StoredSession::new("canary-session").refresh_token("canary-token");
    sessions.put("canary-seller", &session).await.unwrap();
    written("sessions", &["canary-session", "canary-token", "canary-seller"]);

    let parked = Parked::new(store.clone(), "decrypt").unwrap();
    parked.add("canary-parked", &query()).await.unwrap();
    written("parked", &["canary-parked"]);
    let lease = Lease::take(&store, "canary-lease", Duration::from_secs(60)).await.unwrap();
    assert!(lease.is_some());
    written("leases", &["canary-lease"]);

    for table in Table::ALL {
        let rows: u64 = store.stats(table).await.unwrap().iter().map(|state| state.rows).sum();
        assert!(rows > 0, "{table:?} is empty");
    }
    // What is not encrypted is found in the same files: the search works.
    let plain = format!("in clear {}", fastrand::u64(..));
    database.open().await.insert(Table::Parked, &plain, NewRow::new(b"")).await.unwrap();
    let mut found = Vec::new();
    search(
        &database.folder(),
        &canaries.into_values().flatten().chain([plain.clone()]).collect::<Vec<_>>(),
        &mut found,
    );
    found.sort();
    found.dedup();
    assert_eq!(found, [plain]);
}

/// Adds the texts that a file below the folder holds.
fn search(folder: &Path, texts: &[String], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            search(&entry.path(), texts, found);
        } else if kind.is_file()
            // The server may have removed a temporary file.
            && let Ok(bytes) = std::fs::read(entry.path())
        {
            let holds = |text: &&String| memmem(&bytes, text.as_bytes());
            found.extend(texts.iter().filter(holds).cloned());
        }
    }
}

fn memmem(bytes: &[u8], text: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|byte| *byte == text[0]) {
        rest = &rest[start..];
        if rest.starts_with(text) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}
