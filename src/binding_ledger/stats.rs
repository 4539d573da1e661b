//! Counts and ages, for metrics.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::LedgerError;
use super::ledger::BindingLedger;
use super::record::State;
use crate::store::{Store, Table};

/// Counts and ages of a ledger: [`BindingLedger::stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedgerStats {
    /// Bindings that exist, and those that have ended and were not swept.
    pub bound: u64,
    /// Binds at work, or left by a dead process.
    pub binding: u64,
    /// Renewals at work, or left.
    pub renewing: u64,
    /// Removals at work, or left.
    pub unbinding: u64,
    /// Keys that wait for a person.
    pub unresolved: u64,
    /// Bindings that end within the time that was asked for, and have not ended.
    pub renewals_due: u64,
    /// When the next binding ends, or the first one that was not swept ended.
    pub first_end: Option<DateTime<Utc>>,
    /// The earliest end of a lease of the binds, renewals and removals. If it lies well in the past, nobody calls
    /// [`recover`](BindingLedger::recover), or it fails.
    pub first_lease_end: Option<DateTime<Utc>>,
    /// Since when the first key waits for a person.
    pub unresolved_since: Option<DateTime<Utc>>,
}

impl<S: Store> BindingLedger<S> {
    /// Counts and ages, for metrics. Reads the index of the whole table, and the rows of the bindings that end within
    /// `due_within`: call it every minute, not for each request.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn stats(&self, due_within: TimeDelta) -> Result<LedgerStats, LedgerError> {
        let mut stats = LedgerStats::default();
        for state in self.parts.store.stats(Table::Bindings).await? {
            let is = |known: State| state.state == known.as_str();
            if is(State::Bound) {
                (stats.bound, stats.first_end) = (state.rows, state.earliest_due);
            } else if is(State::Unresolved) {
                (stats.unresolved, stats.unresolved_since) = (state.rows, state.earliest_due);
            } else {
                let first = [stats.first_lease_end, state.earliest_due].into_iter().flatten().min();
                stats.first_lease_end = first;
                match () {
                    () if is(State::Binding) => stats.binding = state.rows,
                    () if is(State::Renewing) => stats.renewing = state.rows,
                    () => stats.unbinding = state.rows,
                }
            }
        }
        let now = self.parts.client.now();
        let until = now.checked_add_signed(due_within).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let mut last = None;
        loop {
            let rows = self.page(State::Bound, until, last.as_ref()).await?;
            let due = rows.iter().filter(|row| row.due.is_some_and(|end| end > now)).count();
            stats.renewals_due = stats.renewals_due.saturating_add(u64::try_from(due).unwrap_or(u64::MAX));
            match rows.into_iter().last() {
                Some(row) => last = Some(row),
                None => return Ok(stats),
            }
        }
    }
}
