//! The binding ledger and the quota ledger over a database that fails: a clear error, and nothing is lost.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::BindAxb;
use privacy_number::binding_ledger::{BindingLedger, LedgerError, LedgerSettings};
use privacy_number::emulator::Emulator;
use privacy_number::quota_ledger::{QUOTA_NOT_COUNTED, QuotaLedger};
use privacy_number::store::{
    EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, MySqlStore, PostgresStore, SqliteStore, Store,
    StoreError, Table,
};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Advice, Outcome, china};
use sqlx::Executor;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::Folder;
use super::server::{Database, Server};

const LEASE: Duration = Duration::from_millis(300);

fn new_keys() -> EncryptionKeys {
    EncryptionKeys::new(EncryptionKey::generate().unwrap(), LookupKey::generate().unwrap())
}

async fn ledger<S: Store>(emulator: &Emulator, store: S, keys: &EncryptionKeys) -> BindingLedger<S> {
    let store = EncryptedStore::open(store, keys.clone()).await.unwrap();
    let numbers = (1..=6).map(|number| format!("1700000000{number}"));
    let settings = LedgerSettings::new().pool(emulator.pool_key(), numbers).lease(LEASE);
    BindingLedger::new(emulator.aliyun().unwrap(), store, settings)
}

fn axb(emulator: &Emulator, number: usize) -> BindAxb {
    let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a(format!("1500000{number:04}").as_str());
    bind.phone_no_b(format!("1510000{number:04}").as_str()).expiration(Utc::now() + TimeDelta::days(7)).build()
}

fn live(emulator: &Emulator) -> usize {
    let state = emulator.gateways().phone_number_protection();
    state["bindings"].as_object().unwrap().values().filter(|binding| binding["in_force"] == true).count()
}

/// A store in a file that may have so many pages.
async fn small(folder: &Folder, pages: u32) -> SqliteStore {
    let options = SqliteConnectOptions::new().filename(folder.file("store.db")).create_if_missing(true);
    let limit = format!("PRAGMA max_page_count = {pages}");
    let pool = SqlitePoolOptions::new().max_connections(1).after_connect(move |connection, _| {
        let limit = limit.clone();
        Box::pin(async move { connection.execute(limit.as_str()).await.map(drop) })
    });
    SqliteStore::from_pool(pool.connect_lazy_with(options), "pn_").await.unwrap()
}

#[tokio::test]
async fn a_binding_ledger_on_a_full_disk_binds_nothing_that_it_does_not_know() {
    let (folder, emulator, keys) = (Folder::new(), Emulator::start().await.unwrap(), new_keys());
    let full = ledger(&emulator, small(&folder, 64).await, &keys).await;
    let mut bound = Vec::new();
    let error = loop {
        assert!(bound.len() < 500);
        match full.bind(&format!("key-{}", bound.len()), &axb(&emulator, bound.len())).await {
            Ok(binding) => bound.push(binding),
            Err(error) => break error,
        }
    };
    let (LedgerError::Store(cause) | LedgerError::NotRecorded { error: cause, .. }) = &error else { panic!("{error}") };
    assert!(matches!(cause, StoreError::Full(_)), "{error}");
    assert!(!bound.is_empty());
    for (number, binding) in bound.iter().enumerate() {
        assert_eq!(full.get(&format!("key-{number}")).await.unwrap().as_ref(), Some(binding));
    }
    // There is room again.
    drop(full);
    let roomy = ledger(&emulator, small(&folder, 10_000).await, &keys).await;
    tokio::time::sleep(LEASE).await;
    roomy.recover().await.unwrap();
    let next = bound.len();
    roomy.bind(&format!("key-{next}"), &axb(&emulator, next)).await.unwrap();
    assert_eq!(live(&emulator), next + 1);
    let sweep = roomy.sweep().await.unwrap();
    assert!(sweep.unknown_here.is_empty() && sweep.unknown_there.is_empty(), "{sweep:?}");
}

#[tokio::test]
async fn a_quota_ledger_on_a_full_disk_sends_nothing_that_it_does_not_count() {
    let (folder, emulator) = (Folder::new(), Emulator::builder().orders([("1", "oaid-1")]).start().await.unwrap());
    let quota = QuotaLedger::new(small(&folder, 64).await);
    let query = || OaidDecrypt::new([ReceiverQuery::builder().tid("1").oaid("oaid-1").build()]);
    let mut sent = 0;
    let error = loop {
        assert!(sent < 2_000);
        let shop = emulator.shop().unwrap().counted(&quota, format!("{:0>100}", sent));
        match shop.send(&query()).await {
            Ok(_) => sent += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((error.code(), error.outcome()), (Some(QUOTA_NOT_COUNTED), Outcome::NotExecuted));
    let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<StoreError>());
    assert!(matches!(source, Some(StoreError::Full(_))), "{source:?}");
    assert_eq!(error.advice(), Advice::Report);
    let today = emulator.clock().now().with_timezone(&china()).date_naive();
    let usage = quota.usage(today).await.unwrap();
    assert_eq!((usage.len(), usage.iter().map(|one| one.units).sum::<u64>()), (sent, sent as u64));
    assert_eq!(emulator.ledger().count("taobao.top.oaid.decrypt"), sent as u64);
}

#[tokio::test]
async fn rows_of_a_key_that_a_ledger_does_not_have_are_an_error_and_nothing_is_sent() {
    let (folder, emulator) = (Folder::new(), Emulator::start().await.unwrap());
    let store = SqliteStore::open(folder.file("store.db"), "pn_").await.unwrap();
    let (first, second) = (EncryptionKey::generate().unwrap(), EncryptionKey::generate().unwrap());
    let lookup = LookupKey::generate().unwrap();
    let old_keys = EncryptionKeys::new(first.clone(), lookup.clone());
    let old = ledger(&emulator, store.clone(), &old_keys).await;
    old.bind("old", &axb(&emulator, 1)).await.unwrap();
    let both = EncryptionKeys::new(second, lookup).previous(first);
    let new = ledger(&emulator, store.clone(), &both).await;
    let binding = new.bind("new", &axb(&emulator, 2)).await.unwrap();
    let errors = [
        old.get("new").await.unwrap_err(),
        old.bind("new", &axb(&emulator, 2)).await.unwrap_err(),
        old.unbind("new").await.unwrap_err(),
        old.renew("new", Utc::now() + TimeDelta::days(9)).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, LedgerError::Store(StoreError::WrongKey(_))), "{error}");
        assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::Report));
    }
    assert_eq!(emulator.ledger().entries().len(), 2);
    assert_eq!(new.get("new").await.unwrap(), Some(binding));
    assert!(new.get("old").await.unwrap().is_some());

    let day = Utc::now().with_timezone(&china()).date_naive();
    let open = async |keys| QuotaLedger::new(EncryptedStore::open(store.clone(), keys).await.unwrap());
    let (old, new) = (open(old_keys).await, open(both).await);
    let shop = emulator.shop().unwrap();
    let (tid, oaid) = emulator.orders().remove(0);
    let query = || OaidDecrypt::new([ReceiverQuery::builder().tid(&*tid).oaid(&*oaid).build()]);
    shop.counted(&new, "seller-1").send(&query()).await.unwrap();
    let error = old.usage(day).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
    assert_eq!(new.usage(day).await.unwrap().len(), 1);
}

#[tokio::test]
async fn ledgers_of_an_older_schema_go_on_where_they_were() {
    let (folder, emulator, keys) = (Folder::new(), Emulator::start().await.unwrap(), new_keys());
    let file = folder.file("store.db");
    let store = SqliteStore::open(&file, "pn_").await.unwrap();
    let binding = ledger(&emulator, store.clone(), &keys).await.bind("key", &axb(&emulator, 1)).await.unwrap();
    let (tid, oaid) = emulator.orders().remove(0);
    let query = || OaidDecrypt::new([ReceiverQuery::builder().tid(&*tid).oaid(&*oaid).build()]);
    let shop = emulator.shop().unwrap();
    shop.counted(&QuotaLedger::new(store.clone()), "seller-1").send(&query()).await.unwrap();
    // As the first version of the schema was: tables without indexes.
    for table in Table::ALL {
        for index in ["by_due", "by_group"] {
            store.pool().execute(format!("DROP INDEX pn_{}_{index}", table.name()).as_str()).await.unwrap();
        }
    }
    store.pool().execute("UPDATE pn_schema SET version = 1").await.unwrap();
    let store = SqliteStore::open(&file, "pn_").await.unwrap();
    let bindings = ledger(&emulator, store.clone(), &keys).await;
    assert_eq!(bindings.bind("key", &axb(&emulator, 1)).await.unwrap().subs_id, binding.subs_id);
    let quota = QuotaLedger::new(store);
    shop.counted(&quota, "seller-1").send(&query()).await.unwrap();
    let today = emulator.clock().now().with_timezone(&china()).date_naive();
    assert_eq!(quota.usage(today).await.unwrap()[0].units, 2);
    assert_eq!(live(&emulator), 1);
}

/// A database server that is killed when the gateway gets the bind.
macro_rules! a_server_that_goes_away_during_a_bind {
    ($name:ident, $database:expr, $store:ty, $options:ty) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let Some(server) = Server::start($database) else { return };
            let (url, server, armed) = (server.url(), Arc::new(Mutex::new(server)), Arc::new(Mutex::new(true)));
            let emulator = Emulator::builder().on_request({
                let (server, armed) = (Arc::clone(&server), Arc::clone(&armed));
                move |entry| {
                    if entry.operation == "BindAxb" && std::mem::take(&mut *armed.lock().unwrap()) {
                        server.lock().unwrap().kill();
                    }
                }
            });
            let (emulator, keys) = (emulator.start().await.unwrap(), new_keys());
            let pool = <$options>::new().acquire_timeout(Duration::from_secs(1)).connect_lazy(&url).unwrap();
            let store = <$store>::from_pool(pool, "pn_").await.unwrap();
            let bindings = ledger(&emulator, store.clone(), &keys).await;
            let error = bindings.bind("key", &axb(&emulator, 1)).await.unwrap_err();
            assert_eq!((error.outcome(), error.advice()), (Outcome::Executed, Advice::Retry), "{error}");
            let LedgerError::NotRecorded { binding, error } = error else { panic!("{error}") };
            assert!(error.is_transient(), "{error}");

            let quota = QuotaLedger::new(store);
            let (tid, oaid) = emulator.orders().remove(0);
            let query = || OaidDecrypt::new([ReceiverQuery::builder().tid(&*tid).oaid(&*oaid).build()]);
            let shop = emulator.shop().unwrap().counted(&quota, "seller-1");
            let error = shop.send(&query()).await.unwrap_err();
            assert_eq!((error.code(), error.advice()), (Some(QUOTA_NOT_COUNTED), Advice::Retry));
            assert_eq!(emulator.ledger().count("taobao.top.oaid.decrypt"), 0);

            server.lock().unwrap().start_again();
            let mut recovered = bindings.recover().await;
            for _ in 0..50 {
                if recovered.is_ok() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
                recovered = bindings.recover().await;
            }
            assert_eq!(recovered.unwrap().adopted, 1);
            assert_eq!(bindings.bind("key", &axb(&emulator, 1)).await.unwrap().subs_id, binding.subs_id);
            assert_eq!((live(&emulator), emulator.ledger().executed("BindAxb")), (1, 1));
            shop.send(&query()).await.unwrap();
            let today = emulator.clock().now().with_timezone(&china()).date_naive();
            assert_eq!(quota.usage(today).await.unwrap()[0].units, 1);
        }
    };
}

a_server_that_goes_away_during_a_bind!(
    mariadb_goes_away_during_a_bind,
    Database::MariaDb,
    MySqlStore,
    MySqlPoolOptions
);
a_server_that_goes_away_during_a_bind!(
    postgresql_goes_away_during_a_bind,
    Database::PostgreSql,
    PostgresStore,
    PgPoolOptions
);
