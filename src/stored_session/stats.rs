//! Counts and ages, for metrics.

use chrono::{DateTime, Utc};

use super::record::{ACTIVE, REFUSED};
use super::sessions::{StoredSessions, TABLE};
use crate::store::{Store, StoreError};

/// Counts and ages of the sessions: [`StoredSessions::stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionStats {
    /// Shops with a session, those with a failed refresh aside.
    pub active: u64,
    /// When the first of these sessions ends, of those whose end is known.
    pub first_end: Option<DateTime<Utc>>,
    /// Shops whose last refresh failed.
    pub refused: u64,
    /// When the refresh of the first of these shops failed.
    pub refused_since: Option<DateTime<Utc>>,
    /// Sessions that only this process has, because the store did not take them.
    pub unsaved: u64,
}

impl<S: Store> StoredSessions<S> {
    /// Counts and ages, for metrics. Reads the index of the whole table.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn stats(&self) -> Result<SessionStats, StoreError> {
        let unsaved = self.memory.unsaved_count().try_into().unwrap_or(u64::MAX);
        let mut stats = SessionStats { unsaved, ..SessionStats::default() };
        for state in self.store.stats(TABLE).await? {
            match state.state.as_str() {
                ACTIVE => (stats.active, stats.first_end) = (state.rows, state.earliest_due),
                REFUSED => (stats.refused, stats.refused_since) = (state.rows, state.earliest_due),
                _ => {}
            }
        }
        Ok(stats)
    }
}
