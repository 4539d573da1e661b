//! A store that stops the whole process at a chosen write, so that it can be killed exactly there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use privacy_number::store::{Change, Query, Row, StateStats, Store, StoreError, Table, Written};

use crate::database::Database;

/// What a child prints when it has stopped.
pub(crate) const STOPPED: &str = "stopped";

/// Stops before or after the write that brings the count to 0.
#[derive(Clone)]
pub(crate) struct StoppingStore {
    store: Database,
    writes_left: Arc<AtomicI64>,
    is_before: bool,
}

impl StoppingStore {
    /// `stop_at` is the write, from 1, and whether to stop before it; `None` never stops.
    pub(crate) fn new(store: Database, stop_at: Option<(i64, bool)>) -> Self {
        let (writes, is_before) = stop_at.unwrap_or((i64::MAX, true));
        Self { store, writes_left: Arc::new(AtomicI64::new(writes)), is_before }
    }
}

fn stop() {
    println!("{STOPPED}");
    // The runtime has one thread: nothing else goes on.
    std::thread::sleep(Duration::from_secs(600));
}

impl Store for StoppingStore {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        self.store.get_many(table, keys).await
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        let is_last = self.writes_left.fetch_sub(1, Ordering::Relaxed) == 1;
        if is_last && self.is_before {
            stop();
        }
        let written = self.store.write(changes).await;
        if is_last {
            stop();
        }
        written
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
