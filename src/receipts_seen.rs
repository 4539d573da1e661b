//! Call receipts handled once, although the platform may deliver them more than once, to several machines.
//!
//! [`ReceiptsSeen`] keeps a mark of each handled [`Receipt`] in a [store](crate::store). Use it in a handler of
//! [`ReceiptQueue::run`](crate::aliyun::receipt::ReceiptQueue::run) or in a sink of pushed receipts.
//!
//! | your own work | use | a process that is killed |
//! | --- | --- | --- |
//! | is in the same SQL database | [`begin`](ReceiptsSeen::begin): the mark and the work are one transaction | leaves both or none: exactly once |
//! | is anywhere else | [`handle`](ReceiptsSeen::handle) | between the work and the mark: the work is done again |
//!
//! ```
//! # #[cfg(feature = "store-sqlite")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use privacy_number::aliyun::receipt::{self, ReceiptType};
//! use privacy_number::receipts_seen::{Handled, ReceiptsSeen};
//! use privacy_number::store::SqliteStore;
//!
//! # let folder = std::env::temp_dir().join(format!("privacy-number-receipts-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let seen = ReceiptsSeen::new(SqliteStore::open(folder.join("erp.db"), "pn_").await?);
//! let body = br#"[{"call_id": "43612633712c0001", "release_cause": 31}]"#;
//! for receipt in receipt::parse(&ReceiptType::SecretReport, body)? {
//!     let Some(transaction) = seen.begin(&receipt).await? else { continue }; // handled before
//!     // sqlx::query("INSERT INTO calls ...").execute(&mut *transaction).await?;
//!     transaction.commit().await?;
//!     // Delivered again:
//!     assert!(seen.begin(&receipt).await?.is_none());
//!     let handled = seen.handle(&receipt, async { Ok::<_, std::io::Error>(()) }).await?;
//!     assert_eq!(handled, Handled::Before);
//! }
//! # drop(seen);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "store-sqlite"))]
//! # fn main() {}
//! ```

mod error;
mod handle;
mod mark;
mod stats;

use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;

pub use error::SeenError;
pub use handle::Handled;
pub use stats::ReceiptStats;

#[cfg(doc)]
use crate::aliyun::receipt::Receipt;

/// The marks of handled receipts in a store. Clones share them.
///
/// The key of a mark is a SHA-256 of [`Receipt::key`]. The mark has no content.
#[doc(alias = "去重")]
#[derive(Clone)]
pub struct ReceiptsSeen<S> {
    store: S,
    retention: TimeDelta,
    lease: Duration,
}

impl<S> ReceiptsSeen<S> {
    /// Marks in this store. They are kept for 30 days.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store, retention: TimeDelta::days(30), lease: Duration::from_secs(60) }
    }

    /// For how long a mark is kept; [`sweep`](Self::sweep) removes older ones. 30 days by default. A queue keeps an
    /// undeleted receipt for 4 days by the default of the service, so take no less.
    #[must_use]
    pub fn retention(self, retention: TimeDelta) -> Self {
        Self { retention, ..self }
    }

    /// For [`handle`](Self::handle): when another process may handle a receipt whose process was killed at work. 60
    /// seconds by default. It is extended while the work runs.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }
}

impl<S: fmt::Debug> fmt::Debug for ReceiptsSeen<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptsSeen")
            .field("store", &self.store)
            .field("retention", &self.retention)
            .field("lease", &self.lease)
            .finish()
    }
}
