//! The three databases behind one type.

use std::path::Path;

use privacy_number::store::{
    Change, MySqlStore, PostgresStore, Query, Row, SqliteStore, StateStats, Store, StoreError, Table, Written,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, clap::ValueEnum, Serialize, Deserialize)]
pub(crate) enum Backend {
    Sqlite,
    Mysql,
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqliteStore),
    Mysql(MySqlStore),
    Postgres(PostgresStore),
}

impl Database {
    pub(crate) async fn open(backend: Backend, url: &str, prefix: &str) -> Result<Self, StoreError> {
        Ok(match backend {
            Backend::Sqlite => Self::Sqlite(SqliteStore::open(Path::new(url), prefix).await?),
            Backend::Mysql => Self::Mysql(MySqlStore::connect(url, prefix).await?),
            Backend::Postgres => Self::Postgres(PostgresStore::connect(url, prefix).await?),
        })
    }
}

macro_rules! each {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Self::Sqlite($store) => $call,
            Self::Mysql($store) => $call,
            Self::Postgres($store) => $call,
        }
    };
}

impl Store for Database {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        each!(self, store => store.get_many(table, keys).await)
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        each!(self, store => store.write(changes).await)
    }

    async fn list(&self, table: Table, query: &Query<'_>) -> Result<Vec<Row>, StoreError> {
        each!(self, store => store.list(table, query).await)
    }

    async fn count_groups(&self, table: Table, state: Option<&str>, groups: &[&str]) -> Result<Vec<u64>, StoreError> {
        each!(self, store => store.count_groups(table, state, groups).await)
    }

    async fn stats(&self, table: Table) -> Result<Vec<StateStats>, StoreError> {
        each!(self, store => store.stats(table).await)
    }
}
