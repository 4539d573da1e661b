//! What was used, for people and metrics.

use std::fmt;
use std::sync::atomic::Ordering;

use chrono::{DateTime, NaiveDate, Utc};

use super::ledger::QuotaLedger;
use super::row::{APPLICATION, Counted, SHOP, TABLE, day_of, end_of};
use crate::store::{Query, Store, StoreError, delete_due};

/// How many rows are read at once.
const PAGE: u32 = 500;

/// What a shop used of one operation in one day of China.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DayUsage {
    /// The day in China.
    pub day: NaiveDate,
    /// The application's key.
    pub application: String,
    /// Your own name of the shop.
    pub shop: String,
    /// The operation's name on the wire.
    pub operation: String,
    /// How many units: for decryptions, orders.
    pub units: u64,
}

/// Shows neither the application nor the shop.
impl fmt::Debug for DayUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DayUsage")
            .field("day", &self.day)
            .field("operation", &self.operation)
            .field("units", &self.units)
            .finish_non_exhaustive()
    }
}

/// Counts and ages of the ledger: [`QuotaLedger::stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaStats {
    /// How many counts there are: one for each day, application, shop and operation.
    pub counts: u64,
    /// The end of the oldest day that has a count.
    pub first_day_end: Option<DateTime<Utc>>,
    /// Units of calls that were not executed and stay counted, because the store failed when they were to be taken back.
    /// Of this process and the clones of this ledger.
    pub not_given_back: u64,
}

impl<S: Store> QuotaLedger<S> {
    /// What each shop used on a day of China, in no particular order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn usage(&self, day: NaiveDate) -> Result<Vec<DayUsage>, StoreError> {
        let (group, mut usage, mut last) = (day.to_string(), Vec::new(), None);
        loop {
            let query = Query::new(PAGE).state(SHOP).group(&group);
            let query = last.as_ref().map_or(query, |row| query.after(row));
            let mut rows = self.store.list(TABLE, &query).await?;
            for row in &rows {
                let Counted { application, shop, operation } = Counted::read(row)?;
                let (application, shop) = (application.into_owned(), shop.into_owned());
                let (operation, units) = (operation.into_owned(), row.count.try_into().unwrap_or(0));
                usage.push(DayUsage { day, application, shop, operation, units });
            }
            match rows.pop() {
                Some(row) => last = Some(row),
                None => return Ok(usage),
            }
        }
    }

    /// Counts and ages, for metrics. Reads the index of the whole table.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn stats(&self) -> Result<QuotaStats, StoreError> {
        let not_given_back = self.not_given_back.load(Ordering::Relaxed);
        let mut stats = QuotaStats { not_given_back, ..QuotaStats::default() };
        for state in self.store.stats(TABLE).await?.into_iter().filter(|state| state.state == SHOP) {
            (stats.counts, stats.first_day_end) = (state.rows, state.earliest_due);
        }
        Ok(stats)
    }

    /// Forgets the counts of all days before this one; how many there were. A day that has not ended is kept.
    ///
    /// # Errors
    /// See [`StoreError`]. It can be called again.
    pub async fn forget_before(&self, day: NaiveDate) -> Result<u64, StoreError> {
        let first_kept = day.min(day_of(Utc::now()));
        let Some(until) = first_kept.pred_opt().and_then(end_of) else { return Ok(0) };
        let of_shops = delete_due(&self.store, TABLE, SHOP, until).await?;
        Ok(of_shops.saturating_add(delete_due(&self.store, TABLE, APPLICATION, until).await?))
    }
}
