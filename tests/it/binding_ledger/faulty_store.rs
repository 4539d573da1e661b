//! A store that fails at chosen writes, or never comes back from one, as for a process that is killed there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use privacy_number::store::{Change, Query, Row, SqliteStore, StateStats, Store, StoreError, Table, Written};

/// What happens to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Succeeds,
    /// It fails and is not made.
    Fails,
    /// It is made and seems to fail.
    FailsAfter,
    /// It is not made and does not return.
    DiesBefore,
    /// It is made and does not return.
    DiesAfter,
}

/// Writes have the fates that were set, in their order; all later ones succeed.
#[derive(Clone)]
pub(super) struct FaultyStore<S = SqliteStore> {
    store: S,
    fates: Arc<Mutex<VecDeque<Fate>>>,
}

impl<S> FaultyStore<S> {
    pub(super) fn new(store: S) -> Self {
        Self { store, fates: Arc::default() }
    }

    pub(super) fn next_writes(&self, fates: impl IntoIterator<Item = Fate>) {
        *self.fates.lock().unwrap() = fates.into_iter().collect();
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the test took it away".into())
}

impl<S: Store> Store for FaultyStore<S> {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        self.store.get_many(table, keys).await
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        let fate = self.fates.lock().unwrap().pop_front().unwrap_or(Fate::Succeeds);
        match fate {
            Fate::Fails => return Err(gone()),
            Fate::DiesBefore => std::future::pending().await,
            Fate::Succeeds | Fate::FailsAfter | Fate::DiesAfter => {}
        }
        let written = self.store.write(changes).await;
        match fate {
            Fate::FailsAfter => Err(gone()),
            Fate::DiesAfter => std::future::pending().await,
            _ => written,
        }
    }

    async fn list(&self, table: Table, query: &Query<'_>) -> Result<Vec<Row>, StoreError> {
        self.store.list(table, query).await
    }

    async fn count_groups(&self, table: Table, state: Option<&str>, groups: &[&str]) -> Result<Vec<u64>, StoreError> {
        self.store.count_groups(table, state, groups).await
    }

    async fn stats(&self, table: Table) -> Result<Vec<StateStats>, StoreError> {
        self.store.stats(table).await
    }
}
