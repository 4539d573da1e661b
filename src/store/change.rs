use std::fmt;

use super::error::StoreError;
use super::row::NewRow;
use super::table::Table;
use crate::invalid::InvalidRequest;

/// The most bytes of a key.
pub(super) const MAX_KEY: usize = 512;

const MAX_STATE: usize = 32;

const MAX_GROUP: usize = 255;

const MAX_VALUE: usize = 16 << 20;

/// It leaves room for updates: databases count up to 2⁶³.
pub(super) const MAX_FIRST_VERSION: u64 = 1 << 62;

/// One change of [`Store::write`](super::Store::write).
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change<'a> {
    /// Adds a row. Refused if the key exists.
    Insert {
        /// The table.
        table: Table,
        /// The key.
        key: &'a str,
        /// The row.
        row: NewRow<'a>,
    },
    /// Replaces a row, all but its count. Refused if it does not have this version, or does not exist.
    Update {
        /// The table.
        table: Table,
        /// The key.
        key: &'a str,
        /// The version that was read.
        version: u64,
        /// The row that replaces it.
        row: NewRow<'a>,
    },
    /// Removes a row. Refused if it does not exist, or has another version.
    Delete {
        /// The table.
        table: Table,
        /// The key.
        key: &'a str,
        /// The version that was read; `None` removes any.
        version: Option<u64>,
    },
    /// Adds to the count of a row, and makes the row if it does not exist. Neither its version nor its content changes.
    /// Refused if `by` is positive and the count would pass `max`; then the row is not made either.
    Add {
        /// The table.
        table: Table,
        /// The key.
        key: &'a str,
        /// The number to add; may be negative.
        by: i64,
        /// The highest count that the change may lead to.
        max: Option<i64>,
        /// The row to make if none exists.
        row: NewRow<'a>,
    },
}

impl<'a> Change<'a> {
    /// The table of the changed row.
    #[must_use]
    pub fn table(&self) -> Table {
        match *self {
            Self::Insert { table, .. }
            | Self::Update { table, .. }
            | Self::Delete { table, .. }
            | Self::Add { table, .. } => table,
        }
    }

    /// The key of the changed row.
    #[must_use]
    pub fn key(&self) -> &'a str {
        match *self {
            Self::Insert { key, .. } | Self::Update { key, .. } | Self::Delete { key, .. } | Self::Add { key, .. } => {
                key
            }
        }
    }

    /// The row that is written; `None` for a deletion.
    #[must_use]
    pub fn row(&self) -> Option<&NewRow<'a>> {
        match self {
            Self::Insert { row, .. } | Self::Update { row, .. } | Self::Add { row, .. } => Some(row),
            Self::Delete { .. } => None,
        }
    }

    /// Checks the lengths of the key and the row. Each store refuses a change that does not pass.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the column, without its value.
    pub fn validate(&self) -> Result<(), StoreError> {
        check("key", self.key().len(), 1, MAX_KEY)?;
        let Some(row) = self.row() else { return Ok(()) };
        check("state", row.state.len(), 0, MAX_STATE)?;
        check("group", row.group.len(), 0, MAX_GROUP)?;
        if !(1..=MAX_FIRST_VERSION).contains(&row.first_version) {
            return Err(InvalidRequest::new("first_version", "must be from 1 to 2^62").into());
        }
        check("value", row.value.len(), 0, MAX_VALUE)
    }
}

/// Shows neither the key nor the row's content.
impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Insert { .. } => "Insert",
            Self::Update { .. } => "Update",
            Self::Delete { .. } => "Delete",
            Self::Add { .. } => "Add",
        };
        f.debug_struct(name).field("table", &self.table()).field("row", &self.row()).finish_non_exhaustive()
    }
}

fn check(column: &'static str, length: usize, least: usize, most: usize) -> Result<(), StoreError> {
    if (least..=most).contains(&length) {
        return Ok(());
    }
    Err(InvalidRequest::new(column, format!("must have {least} to {most} bytes, not {length}")).into())
}

/// What became of the changes of a [`Store::write`](super::Store::write).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a refused change is no error"]
pub enum Written {
    /// All changes were made. Holds the new count of each [`Change::Add`], in their order.
    Done(Vec<i64>),
    /// None was made. Holds the index of the change that the store's state does not allow.
    Refused(usize),
}

impl Written {
    /// Whether the changes were made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}
