use privacy_number::store::{MySqlStore, PostgresStore, SqliteStore, contract};

use super::server::{Database, Server};
use super::{Folder, encrypted};

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract() {
    let folder = Folder::new();
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(SqliteStore::open(folder.file("store.db"), "pn_").await.unwrap());
    }
    contract::check(&stores).await.unwrap();
    contract::check(&[encrypted(stores[0].clone()).await]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_keeps_the_contract() {
    let Some(server) = Server::start(Database::MariaDb) else { return };
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(MySqlStore::connect(&server.url(), "pn_").await.unwrap());
    }
    contract::check(&stores).await.unwrap();
    contract::check(&[encrypted(stores[0].clone()).await]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_keeps_the_contract() {
    let Some(server) = Server::start(Database::PostgreSql) else { return };
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(PostgresStore::connect(&server.url(), "pn_").await.unwrap());
    }
    contract::check(&stores).await.unwrap();
    contract::check(&[encrypted(stores[0].clone()).await]).await.unwrap();
}
