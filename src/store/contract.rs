//! Checks that a [`Store`] keeps its rules: for a store of your own.
//!
//! ```
//! # #[cfg(feature = "store-sqlite")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::store::{SqliteStore, contract};
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-contract-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let file = folder.join("doc.db");
//! let first = SqliteStore::open(&file, "").await?;
//! let second = SqliteStore::open(&file, "").await?; // other connections to the same database
//! contract::check(&[first, second]).await?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "store-sqlite"))]
//! # fn main() {}
//! ```

mod contention;
mod lists;
mod rows;
mod writes;

use std::fmt::Display;

use uuid::Uuid;

use super::{NewRow, Row, Store, StoreError, Table};

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

/// Checks every rule of [`Store`] on handles to the same database, one or more: give several that do not share
/// connections. Needs a Tokio runtime.
///
/// It writes into [`Table::Parked`] and [`Table::Numbers`], under keys that begin with a random text, and takes some
/// seconds. It deletes what it wrote unless a rule is broken.
///
/// # Errors
/// The first rule that is broken, or on which the store failed.
pub async fn check<S: Store>(stores: &[S]) -> Result<(), BrokenRule> {
    let [store, ..] = stores else {
        return Err(BrokenRule { rule: "there is a store", observed: "no handle was given".to_owned() });
    };
    let run = Run { stores, store, prefix: Uuid::new_v4().simple().to_string() };
    rows::check(&run).await?;
    writes::check(&run).await?;
    lists::check(&run).await?;
    contention::check(&run).await?;
    run.clean().await.map_err(|fault| BrokenRule { rule: "rows can be deleted", observed: fault.0 })
}

/// Where the checks write. Keys of other rows never begin with the same prefix.
const TABLE: Table = Table::Parked;

/// Another table, to see that they are separate.
const OTHER_TABLE: Table = Table::Numbers;

/// What a store did in place of what it should.
struct Fault(String);

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(format!("it failed: {error}"))
    }
}

/// Fails unless the observed value is the expected one.
fn same<T: PartialEq + std::fmt::Debug>(what: impl Display, observed: T, expected: T) -> Result<(), Fault> {
    if observed == expected {
        return Ok(());
    }
    Err(Fault(format!("{what}: {observed:?}, not {expected:?}")))
}

/// One run of the checks.
struct Run<'a, S> {
    stores: &'a [S],
    store: &'a S,
    prefix: String,
}

impl<S: Store> Run<'_, S> {
    /// A key of this run.
    fn key(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// A handle, each one in turn.
    fn handle(&self, number: usize) -> S {
        self.stores.iter().cycle().nth(number).unwrap_or(self.store).clone()
    }

    /// The row of a key as another handle reads it.
    async fn read(&self, key: &str) -> Result<Option<Row>, Fault> {
        Ok(self.handle(1).get(TABLE, key).await?)
    }

    /// The row of a key, which must be there.
    async fn must_read(&self, key: &str) -> Result<Row, Fault> {
        self.read(key).await?.ok_or_else(|| Fault("a row that was written is not there".to_owned()))
    }

    async fn insert(&self, key: &str, row: NewRow<'_>) -> Result<(), Fault> {
        same("a new row is inserted", self.store.insert(TABLE, key, row).await?, true)
    }

    /// Deletes what the run wrote.
    async fn clean(&self) -> Result<(), Fault> {
        for table in [TABLE, OTHER_TABLE] {
            let mut last = None::<Row>;
            loop {
                let query = super::Query::new(200);
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
fn rule(rule: &'static str, result: Result<(), Fault>) -> Result<(), BrokenRule> {
    result.map_err(|Fault(observed)| BrokenRule { rule, observed })
}
