//! Counts and ages, and the removal of old marks.

use chrono::{DateTime, Utc};

use super::ReceiptsSeen;
use super::mark::{HANDLED, HANDLING};
use crate::store::{Store, StoreError, Table, delete_due};

/// Counts and ages of the marks: [`ReceiptsSeen::stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiptStats {
    /// Receipts that were handled.
    pub handled: u64,
    /// Receipts at work, or left by a dead process and not delivered again since.
    pub handling: u64,
    /// When the first mark may be removed. If it is well in the past, nobody calls [`ReceiptsSeen::sweep`].
    pub first_end: Option<DateTime<Utc>>,
    /// The earliest end of a lease. If it is well in the past, a process died at work, and its receipt did not come
    /// again.
    pub first_lease_end: Option<DateTime<Utc>>,
}

impl<S: Store> ReceiptsSeen<S> {
    /// Counts and ages, for metrics. Reads the index of the whole table.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn stats(&self) -> Result<ReceiptStats, StoreError> {
        let mut stats = ReceiptStats::default();
        for state in self.store.stats(Table::Receipts).await? {
            match state.state.as_str() {
                HANDLED => (stats.handled, stats.first_end) = (state.rows, state.earliest_due),
                HANDLING => (stats.handling, stats.first_lease_end) = (state.rows, state.earliest_due),
                _ => {}
            }
        }
        Ok(stats)
    }

    /// Removes the marks that are older than the [retention](Self::retention); how many. Call it once a day.
    ///
    /// # Errors
    /// See [`StoreError`]. It can be called again.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = Utc::now();
        let handled = delete_due(&self.store, Table::Receipts, HANDLED, now).await?;
        let Some(before) = now.checked_sub_signed(self.retention) else { return Ok(handled) };
        let left = delete_due(&self.store, Table::Receipts, HANDLING, before).await?;
        Ok(handled.saturating_add(left))
    }
}
