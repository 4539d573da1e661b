use std::time::Duration;

use privacy_number::store::{
    Change, EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, MySqlStore, NewRow, PostgresStore, SqlStore,
    SqliteStore, Store, StoreError, Table, Written,
};
use sqlx::Executor;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::Folder;
use super::server::{Database, Server};

const TABLE: Table = Table::Parked;

fn keys(encryption: &EncryptionKey, lookup: &LookupKey) -> EncryptionKeys {
    EncryptionKeys::new(encryption.clone(), lookup.clone())
}

#[tokio::test]
async fn a_full_database_is_an_error_and_keeps_what_it_has() {
    let folder = Folder::new();
    let options = SqliteConnectOptions::new().filename(folder.file("store.db")).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.after_connect(|connection, _| {
        Box::pin(async move { connection.execute("PRAGMA max_page_count = 120").await.map(drop) })
    });
    let store = SqliteStore::from_pool(pool.connect_lazy_with(options), "").await.unwrap();
    let value = vec![7; 20_000];
    let mut written = Vec::new();
    let error = loop {
        let key = format!("row-{}", written.len());
        let changes = [
            Change::Add { table: Table::Quota, key: "rows", by: 1, max: None, row: NewRow::new(b"") },
            Change::Insert { table: TABLE, key: &key, row: NewRow::new(&value) },
        ];
        match store.write(&changes).await {
            Ok(done) => assert!(done.is_done()),
            Err(error) => break error,
        }
        written.push(key);
        assert!(written.len() < 100);
    };
    assert!(matches!(error, StoreError::Full(_)), "{error}");
    assert!(!error.is_transient());
    assert!(!written.is_empty());
    for key in &written {
        assert_eq!(*store.get(TABLE, key).await.unwrap().unwrap().value, value);
    }
    // The count of the write that failed was taken back with it.
    let count = store.get(Table::Quota, "rows").await.unwrap().unwrap().count;
    assert_eq!(usize::try_from(count).unwrap(), written.len());
    // There is room again.
    assert!(store.delete(TABLE, &written[0], None).await.unwrap());
    assert!(store.insert(TABLE, "after", NewRow::new(b"small")).await.unwrap());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_and_stays_as_it_is() {
    let folder = Folder::new();
    let file = folder.file("store.db");
    let text = "not a database, but long enough to have a header ".repeat(50);
    std::fs::write(&file, &text).unwrap();
    let error = SqliteStore::open(&file, "").await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_wrong_key_is_an_error_and_nothing_is_lost() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("store.db"), "").await.unwrap();
    let (first, second) = (EncryptionKey::generate().unwrap(), EncryptionKey::generate().unwrap());
    let (lookup, other_lookup) = (LookupKey::generate().unwrap(), LookupKey::generate().unwrap());
    let encrypted = EncryptedStore::open(store.clone(), keys(&first, &lookup)).await.unwrap();
    assert!(encrypted.insert(TABLE, "order-1", NewRow::new(b"content").group("shop")).await.unwrap());
    for wrong in [keys(&second, &lookup), keys(&first, &other_lookup), keys(&second, &other_lookup)] {
        let error = EncryptedStore::open(store.clone(), wrong).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
    }
    // A new key, with the old one: both rows are read, and after the rewrite the new key alone reads them.
    let both = EncryptedStore::open(store.clone(), keys(&second, &lookup).previous(first.clone())).await.unwrap();
    assert!(both.insert(TABLE, "order-2", NewRow::new(b"more")).await.unwrap());
    let error = encrypted.get(TABLE, "order-2").await.unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
    assert_eq!(both.reencrypt(TABLE).await.unwrap(), 1);
    assert_eq!(both.reencrypt(TABLE).await.unwrap(), 0);
    let alone = EncryptedStore::open(store.clone(), keys(&second, &lookup)).await.unwrap();
    let rows = alone.get_many(TABLE, &["order-1", "order-2"]).await.unwrap();
    let values: Vec<_> = rows.iter().flatten().map(|row| row.value.to_vec()).collect();
    assert_eq!(values, [b"content".to_vec(), b"more".to_vec()]);
    assert_eq!(rows[0].as_ref().unwrap().group, "shop");
}

#[tokio::test]
async fn a_row_that_was_moved_or_changed_is_an_error() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("store.db"), "").await.unwrap();
    let encrypted = super::encrypted(store.clone()).await;
    for key in ["one", "two"] {
        encrypted.insert(TABLE, key, NewRow::new(key.as_bytes())).await.unwrap();
    }
    sqlx::query("UPDATE parked SET value = (SELECT value FROM parked ORDER BY row_key LIMIT 1)")
        .execute(store.pool())
        .await
        .unwrap();
    let results = [encrypted.get(TABLE, "one").await, encrypted.get(TABLE, "two").await];
    assert_eq!(results.iter().filter(|result| matches!(result, Err(StoreError::Corrupt(_)))).count(), 1, "{results:?}");
}

#[tokio::test]
async fn an_older_schema_is_brought_up_and_a_newer_one_is_refused() {
    let folder = Folder::new();
    let file = folder.file("store.db");
    let store = SqliteStore::open(&file, "pn_").await.unwrap();
    store.insert(TABLE, "key", NewRow::new(b"content")).await.unwrap();
    // As the first version of the schema was: tables without indexes.
    for table in Table::ALL {
        for index in ["by_due", "by_group"] {
            store.pool().execute(format!("DROP INDEX pn_{}_{index}", table.name()).as_str()).await.unwrap();
        }
    }
    store.pool().execute("UPDATE pn_schema SET version = 1").await.unwrap();
    let store = SqliteStore::open(&file, "pn_").await.unwrap();
    assert_eq!(*store.get(TABLE, "key").await.unwrap().unwrap().value, b"content");
    let indexes: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'pn_%_by_%'")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(indexes, 18);
    store.pool().execute("UPDATE pn_schema SET version = 99").await.unwrap();
    let error = SqliteStore::open(&file, "pn_").await.unwrap_err();
    assert_eq!(error, StoreError::Schema { found: 99, expected: 2 });
}

#[tokio::test]
async fn a_prefix_is_a_plain_name() {
    let folder = Folder::new();
    for prefix in ["A", "1a", "_a", "a-b", "a;--", "a b", "é", "abcdefghijklmnopqrstuvwxy"] {
        let error = SqliteStore::open(folder.file("store.db"), prefix).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid(_)), "{prefix}: {error}");
    }
}

#[tokio::test]
async fn changes_are_part_of_the_users_transaction() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("store.db"), "").await.unwrap();
    store.pool().execute("CREATE TABLE calls (id TEXT)").await.unwrap();
    let seen = [
        Change::Insert { table: Table::Receipts, key: "receipt-1", row: NewRow::new(b"") },
        Change::Add { table: Table::Quota, key: "receipts", by: 1, max: None, row: NewRow::new(b"") },
    ];
    let calls =
        async || sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM calls").fetch_one(store.pool()).await.unwrap();
    for (commits, expected) in [(false, (0, false)), (true, (1, true))] {
        let mut transaction = store.pool().begin().await.unwrap();
        transaction.execute("INSERT INTO calls VALUES ('1')").await.unwrap();
        assert!(store.write_in(&mut transaction, &seen).await.unwrap().is_done());
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        let is_seen = store.get(Table::Receipts, "receipt-1").await.unwrap().is_some();
        assert_eq!((calls().await, is_seen), expected);
    }
    // The second delivery: the changes are refused, and the transaction goes on without them.
    let mut transaction = store.pool().begin().await.unwrap();
    transaction.execute("INSERT INTO calls VALUES ('2')").await.unwrap();
    let mut reversed = seen;
    reversed.reverse();
    assert_eq!(store.write_in(&mut transaction, &reversed).await.unwrap(), Written::Refused(1));
    transaction.commit().await.unwrap();
    assert_eq!(calls().await, 2);
    assert_eq!(store.get(Table::Quota, "receipts").await.unwrap().unwrap().count, 1);
}

/// A server is killed and started again: a clear error meanwhile, and what was written is there.
macro_rules! a_server_that_goes_away {
    ($name:ident, $store:ty, $database:expr) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let Some(mut server) = Server::start($database) else { return };
            let url = server.url();
            // Several processes make the tables at once.
            let stores = futures_util::future::join_all((0..6).map(|_| <$store>::connect(&url, "pn_"))).await;
            let stores: Vec<_> = stores.into_iter().map(Result::unwrap).collect();
            let store = super::encrypted(stores[0].clone()).await;
            assert!(store.insert(TABLE, "before", NewRow::new(b"kept")).await.unwrap());
            server.kill();
            let error = store.insert(TABLE, "meanwhile", NewRow::new(b"")).await.unwrap_err();
            assert!(error.is_transient(), "{error}");
            assert!(!error.to_string().contains("127.0.0.1"), "{error}");
            server.start_again();
            let mut read = store.get(TABLE, "before").await;
            for _ in 0..50 {
                if read.is_ok() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
                read = store.get(TABLE, "before").await;
            }
            assert_eq!(*read.unwrap().unwrap().value, b"kept");
            assert!(store.insert(TABLE, "after", NewRow::new(b"")).await.unwrap());
        }
    };
}

a_server_that_goes_away!(mariadb_goes_away_and_comes_back, MySqlStore, Database::MariaDb);
a_server_that_goes_away!(postgresql_goes_away_and_comes_back, PostgresStore, Database::PostgreSql);

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_make_the_tables_once() {
    let folder = Folder::new();
    let file = folder.file("store.db");
    let stores = futures_util::future::join_all((0..8).map(|_| SqliteStore::open(&file, ""))).await;
    let stores: Vec<SqlStore<_>> = stores.into_iter().map(Result::unwrap).collect();
    assert!(stores[0].insert(TABLE, "key", NewRow::new(b"")).await.unwrap());
    assert!(!stores[7].insert(TABLE, "key", NewRow::new(b"")).await.unwrap());
}
