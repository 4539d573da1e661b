//! Counts and ages, for metrics.

use chrono::{DateTime, Utc};

use super::queue::{Parked, TABLE};
use super::reason::ParkReason;
use crate::store::{Store, StoreError};

/// Counts and ages of the items of one reason: [`Parked::stats`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParkedStats {
    /// The reason.
    pub reason: ParkReason,
    /// How many items.
    pub items: u64,
    /// The earliest time of them: when the first is due; for items at work, the end of the first lease; for failed
    /// ones, since when the first is in the list. If items are long due, nobody calls [`Parked::due`].
    pub earliest: Option<DateTime<Utc>>,
}

impl<S: Store, T> Parked<S, T> {
    /// Counts and ages of this queue, one for each reason that has items. Reads the index of the whole table.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn stats(&self) -> Result<Vec<ParkedStats>, StoreError> {
        let states = self.store.stats(TABLE).await?;
        let each = ParkReason::ALL.into_iter().filter_map(|reason| {
            let word = self.state(reason);
            let found = states.iter().find(|stats| stats.state == word && stats.rows > 0)?;
            Some(ParkedStats { reason, items: found.rows, earliest: found.earliest_due })
        });
        Ok(each.collect())
    }
}
