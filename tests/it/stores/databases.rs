//! The databases that a test runs on: each test of [`on_each_database`] runs once on each.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use privacy_number::store::{
    EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, MySqlStore, PostgresStore, SqliteStore,
    TransactionalStore,
};
use sqlx::{MySql, Postgres, Sqlite};

use super::Folder;
use super::server::{Database, Server};

/// A database for one test, with tables of its own.
pub(crate) trait TestDatabase: Send + Sync + Sized + 'static {
    type Sql: sqlx::Database;
    type Store: TransactionalStore<Database = Self::Sql>;

    /// `None` if there is no such server.
    fn start() -> Option<Self>;

    /// The store with connections of its own, as another process has it.
    fn open(&self) -> impl Future<Output = Self::Store> + Send;

    /// The same, encrypted.
    fn open_encrypted(&self) -> impl Future<Output = EncryptedStore<Self::Store>> + Send {
        async { EncryptedStore::open(self.open().await, self.keys()).await.unwrap() }
    }

    fn keys(&self) -> EncryptionKeys;

    /// Makes a table of the user's own.
    fn make_own_table(&self) -> impl Future<Output = ()> + Send;

    /// Adds a row to it, in a transaction. `table` is its name.
    fn add_own_row(
        connection: &mut <Self::Sql as sqlx::Database>::Connection,
        table: String,
    ) -> impl Future<Output = ()> + Send;

    /// The name of a table of this test; the user's is `own`.
    fn table(&self, name: &str) -> String;

    /// The directory with all files of the database.
    fn folder(&self) -> PathBuf;

    /// The number of rows of the user's table.
    fn own_rows(&self) -> impl Future<Output = usize> + Send;
}

macro_rules! test_database {
    ($name:ident, $sql:ty, $store:ty, $start:expr, $open_with:ident, |$place:ident: $type:ty| $open:expr) => {
        pub(crate) struct $name {
            place: $type,
            prefix: String,
            keys: EncryptionKeys,
        }

        impl TestDatabase for $name {
            type Sql = $sql;
            type Store = $store;

            fn start() -> Option<Self> {
                let place = $start?;
                let keys = EncryptionKeys::new(EncryptionKey::generate().unwrap(), LookupKey::generate().unwrap());
                Some(Self { place, prefix: format!("t{}_", fastrand::u32(..)), keys })
            }

            async fn open(&self) -> $store {
                let $place = &self.place;
                <$store>::$open_with(&$open, &self.prefix).await.unwrap()
            }

            fn keys(&self) -> EncryptionKeys {
                self.keys.clone()
            }

            async fn make_own_table(&self) {
                let statement = format!("CREATE TABLE {} (id INTEGER)", self.table("own"));
                sqlx::query(&statement).execute(self.open().await.pool()).await.unwrap();
            }

            async fn add_own_row(connection: &mut <$sql as sqlx::Database>::Connection, table: String) {
                sqlx::query(&format!("INSERT INTO {table} VALUES (1)")).execute(connection).await.unwrap();
            }

            fn table(&self, name: &str) -> String {
                format!("{}{name}", self.prefix)
            }

            fn folder(&self) -> PathBuf {
                self.place.file("")
            }

            async fn own_rows(&self) -> usize {
                let statement = format!("SELECT id FROM {}", self.table("own"));
                sqlx::query(&statement).fetch_all(self.open().await.pool()).await.unwrap().len()
            }
        }
    };
}

test_database!(SqliteFile, Sqlite, SqliteStore, Some(Folder::new()), open, |folder: Folder| folder.file("store.db"));
test_database!(MariaDb, MySql, MySqlStore, shared(Database::MariaDb), connect, |server: Arc<Server>| server.url());
test_database!(PostgreSql, Postgres, PostgresStore, shared(Database::PostgreSql), connect, |server: Arc<Server>| {
    server.url()
});

/// A server that the tests which run at the same time share.
fn shared(database: Database) -> Option<Arc<Server>> {
    static SERVERS: [Mutex<Weak<Server>>; 2] = [const { Mutex::new(Weak::new()) }; 2];
    let index = usize::from(database == Database::PostgreSql);
    let mut server = SERVERS[index].lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = server.upgrade() {
        return Some(running);
    }
    let started = Arc::new(Server::start(database)?);
    *server = Arc::downgrade(&started);
    Some(started)
}

/// Makes a test on each database of each function, which takes a [`TestDatabase`].
macro_rules! on_each_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $crate::stores::databases::tests_on!($crate::stores::databases::SqliteFile: $($test),+);
        }
        mod mariadb {
            $crate::stores::databases::tests_on!($crate::stores::databases::MariaDb: $($test),+);
        }
        mod postgresql {
            $crate::stores::databases::tests_on!($crate::stores::databases::PostgreSql: $($test),+);
        }
    };
}
pub(crate) use on_each_database;

macro_rules! tests_on {
    ($database:ty: $($test:ident),+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let Some(database) = <$database as $crate::stores::databases::TestDatabase>::start() else { return };
                super::$test(database).await;
            }
        )+
    };
}
pub(crate) use tests_on;
