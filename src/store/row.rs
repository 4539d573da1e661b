use std::fmt;

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

/// A row that is written: all columns but its key, its version and its count.
///
/// ```
/// use privacy_number::store::NewRow;
///
/// let row = NewRow::new(b"any bytes").state("open").group("pool-1");
/// assert_eq!((row.state, row.group, row.due), ("open", "pool-1", None));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRow<'a> {
    /// What [`list`](super::Store::list) and [`stats`](super::Store::stats) select by: 0 to 32 bytes. A fixed word of
    /// the program, never anything personal: it is not encrypted.
    pub state: &'a str,
    /// What belongs together, such as the rows of a shop or of a virtual number: 0 to 255 bytes.
    pub group: &'a str,
    /// When something is to be done with the row. Kept to the microsecond.
    pub due: Option<DateTime<Utc>>,
    /// The content, at most 16 MB; some hundred bytes less if it is encrypted.
    pub value: &'a [u8],
    /// The version of a new row: 1, or a random number if rows of one key come and go, so that a version that was read
    /// never fits a later row. An update does not use it.
    pub first_version: u64,
}

impl<'a> NewRow<'a> {
    /// A row with this content, without a state, a group and a time.
    #[must_use]
    pub fn new(value: &'a [u8]) -> Self {
        Self { state: "", group: "", due: None, value, first_version: 1 }
    }

    /// Sets the state.
    #[must_use]
    pub fn state(self, state: &'a str) -> Self {
        Self { state, ..self }
    }

    /// Sets the group.
    #[must_use]
    pub fn group(self, group: &'a str) -> Self {
        Self { group, ..self }
    }

    /// Sets the version of a new row.
    #[must_use]
    pub fn first_version(self, first_version: u64) -> Self {
        Self { first_version, ..self }
    }

    /// Sets the time at which something is to be done with the row.
    #[must_use]
    pub fn due(self, due: impl Into<Option<DateTime<Utc>>>) -> Self {
        Self { due: due.into(), ..self }
    }
}

/// Shows neither the group nor the content.
impl fmt::Debug for NewRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.value.len();
        f.debug_struct("NewRow").field("state", &self.state).field("due", &self.due).field("length", &length).finish()
    }
}

/// A row of a store.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The key: 1 to 512 bytes, compared byte by byte.
    pub key: String,
    /// [`NewRow::first_version`] for a new row. Each update makes it greater by one.
    pub version: u64,
    /// [`NewRow::state`].
    pub state: String,
    /// [`NewRow::group`].
    pub group: String,
    /// [`NewRow::due`].
    pub due: Option<DateTime<Utc>>,
    /// What [`Change::Add`](super::Change::Add) counted; 0 if nothing. An update leaves it as it is.
    pub count: i64,
    /// The content. Wiped from memory when dropped.
    pub value: Zeroizing<Vec<u8>>,
}

impl Row {
    /// A new row, for a store of your own.
    #[must_use]
    pub fn new(key: impl Into<String>, row: &NewRow<'_>) -> Self {
        Self {
            key: key.into(),
            version: row.first_version,
            state: row.state.to_owned(),
            group: row.group.to_owned(),
            due: row.due,
            count: 0,
            value: Zeroizing::new(row.value.to_vec()),
        }
    }
}

/// Shows neither the key, nor the group, nor the content.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = f.debug_struct("Row");
        row.field("version", &self.version).field("state", &self.state).field("due", &self.due);
        row.field("count", &self.count).field("length", &self.value.len()).finish_non_exhaustive()
    }
}
