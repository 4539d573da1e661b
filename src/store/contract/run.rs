use std::fmt::Display;

use uuid::Uuid;

use crate::store::{NewRow, Query, Row, Store, StoreError, Table};

/// The rule that a store breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store breaks the rule \"{rule}\": {observed}")]
#[non_exhaustive]
pub struct BrokenRule {
    /// The rule.
    pub rule: &'static str,
    /// What the store did.
    pub observed: String,
}

/// Where the checks write. Keys of other rows never begin with the same prefix.
pub(super) const TABLE: Table = Table::Parked;

/// Another table, to see that they are separate.
pub(super) const OTHER_TABLE: Table = Table::Numbers;

/// What a store did in place of what it should.
pub(super) struct Fault(pub(super) String);

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(format!("it failed: {error}"))
    }
}

/// Fails unless the observed value is the expected one.
pub(super) fn same<T: PartialEq + std::fmt::Debug>(what: impl Display, observed: T, expected: T) -> Result<(), Fault> {
    if observed == expected {
        return Ok(());
    }
    Err(Fault(format!("{what}: {observed:?}, not {expected:?}")))
}

/// One run of the checks.
pub(super) struct Run<'a, S> {
    stores: &'a [S],
    pub(super) store: &'a S,
    pub(super) prefix: String,
}

impl<'a, S: Store> Run<'a, S> {
    pub(super) fn new(stores: &'a [S], store: &'a S) -> Self {
        Self { stores, store, prefix: Uuid::new_v4().simple().to_string() }
    }

    /// A key of this run.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// A handle, each one in turn.
    pub(super) fn handle(&self, number: usize) -> S {
        self.stores.iter().cycle().nth(number).unwrap_or(self.store).clone()
    }

    /// The row of a key as another handle reads it.
    pub(super) async fn read(&self, key: &str) -> Result<Option<Row>, Fault> {
        Ok(self.handle(1).get(TABLE, key).await?)
    }

    /// The row of a key, which must be there.
    pub(super) async fn must_read(&self, key: &str) -> Result<Row, Fault> {
        self.read(key).await?.ok_or_else(|| Fault("a row that was written is not there".to_owned()))
    }

    pub(super) async fn insert(&self, key: &str, row: NewRow<'_>) -> Result<(), Fault> {
        same("a new row is inserted", self.store.insert(TABLE, key, row).await?, true)
    }

    /// Deletes what the run wrote.
    pub(super) async fn clean(&self) -> Result<(), Fault> {
        for table in [TABLE, OTHER_TABLE] {
            let mut last = None::<Row>;
            loop {
                let query = Query::new(200);
                let rows = self.store.list(table, &last.as_ref().map_or(query, |row| query.after(row))).await?;
                for row in rows.iter().filter(|row| row.key.starts_with(&self.prefix)) {
                    self.store.delete(table, &row.key, None).await?;
                }
                last = rows.into_iter().next_back();
                if last.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// The result of a check as that of its rule.
pub(super) fn rule(rule: &'static str, result: Result<(), Fault>) -> Result<(), BrokenRule> {
    result.map_err(|Fault(observed)| BrokenRule { rule, observed })
}
