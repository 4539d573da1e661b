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
mod run;
mod writes;

pub use run::BrokenRule;
use run::{Fault, Run};

use super::Store;

/// Checks every rule of [`Store`] on handles to the same database, one or more: give several that do not share
/// connections. Needs a Tokio runtime.
///
/// It writes into [`Table::Parked`](super::Table::Parked) and [`Table::Numbers`](super::Table::Numbers), under keys that
/// begin with a random text, and takes some seconds. It deletes what it wrote unless a rule is broken.
///
/// # Errors
/// The first rule that is broken, or on which the store failed.
pub async fn check<S: Store>(stores: &[S]) -> Result<(), BrokenRule> {
    let [store, ..] = stores else {
        return Err(BrokenRule { rule: "there is a store", observed: "no handle was given".to_owned() });
    };
    let run = Run::new(stores, store);
    rows::check(&run).await?;
    writes::check(&run).await?;
    lists::check(&run).await?;
    contention::check(&run).await?;
    run.clean().await.map_err(|Fault(observed)| BrokenRule { rule: "rows can be deleted", observed })
}
