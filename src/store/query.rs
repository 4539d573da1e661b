use std::fmt;

use chrono::{DateTime, Utc};

use super::row::Row;

/// Which rows [`Store::list`](super::Store::list) returns. All conditions must hold.
///
/// Without [`due_until`](Self::due_until) the rows come in an order of their keys that the store chooses and keeps.
/// With it they come by time, the earliest first, and rows of the same time by key. A list by state and time
/// or by group reads only its own rows, however many the table has; one by state or by time alone may read more.
///
/// ```
/// use privacy_number::store::Query;
///
/// let query = Query::new(100).state("open").group("shop-1");
/// assert_eq!(query.limit, 100);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query<'a> {
    /// Only rows of this state.
    pub state: Option<&'a str>,
    /// Only rows of this group.
    pub group: Option<&'a str>,
    /// Only rows with a time that is not after this one.
    pub due_until: Option<DateTime<Utc>>,
    /// Only rows after this one in the order of the list.
    pub after: Option<Cursor<'a>>,
    /// The most rows to return.
    pub limit: u32,
}

impl<'a> Query<'a> {
    /// All rows, at most `limit` at once.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { state: None, group: None, due_until: None, after: None, limit }
    }

    /// Only rows of this state.
    #[must_use]
    pub fn state(self, state: &'a str) -> Self {
        Self { state: Some(state), ..self }
    }

    /// Only rows of this group.
    #[must_use]
    pub fn group(self, group: &'a str) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Only rows with a time that is not after this one, the earliest first.
    #[must_use]
    pub fn due_until(self, time: DateTime<Utc>) -> Self {
        Self { due_until: Some(time), ..self }
    }

    /// Only rows after this one: the last row of the page before.
    #[must_use]
    pub fn after(self, row: &'a Row) -> Self {
        Self { after: Some(Cursor { key: &row.key, due: row.due }), ..self }
    }
}

/// Shows no group and no key.
impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = f.debug_struct("Query");
        query.field("state", &self.state).field("due_until", &self.due_until).field("limit", &self.limit);
        query.finish_non_exhaustive()
    }
}

/// A place in a list: behind a row.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cursor<'a> {
    /// The row's key.
    pub key: &'a str,
    /// The row's time. Only used in a list by time.
    pub due: Option<DateTime<Utc>>,
}

impl<'a> Cursor<'a> {
    /// The place behind the row with this key and time.
    #[must_use]
    pub fn new(key: &'a str, due: Option<DateTime<Utc>>) -> Self {
        Self { key, due }
    }
}

/// Shows no key.
impl fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("due", &self.due).finish_non_exhaustive()
    }
}

/// The rows of one state in a table: see [`Store::stats`](super::Store::stats).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateStats {
    /// The state.
    pub state: String,
    /// How many rows have it.
    pub rows: u64,
    /// The earliest time of these rows; `None` if none has a time.
    pub earliest_due: Option<DateTime<Utc>>,
}

impl StateStats {
    /// For a store of your own.
    #[must_use]
    pub fn new(state: impl Into<String>, rows: u64, earliest_due: Option<DateTime<Utc>>) -> Self {
        Self { state: state.into(), rows, earliest_due }
    }
}
