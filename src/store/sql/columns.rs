use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::store::Row;

/// The columns of a whole row, in the order that [`row_of`] takes them.
pub(super) const COLUMNS: &str = "row_key, state, row_group, version, counted, due, value";

/// A row from its columns: three texts, two numbers, the time and the content.
pub(super) fn row_of(
    [key, state, group]: [Vec<u8>; 3],
    [version, count]: [i64; 2],
    due: Option<i64>,
    value: Vec<u8>,
) -> Result<Row, sqlx::Error> {
    Ok(Row {
        key: text(key)?,
        version: version.try_into().map_err(|_| damaged())?,
        state: text(state)?,
        group: text(group)?,
        due: due.map(time).transpose()?,
        count,
        value: Zeroizing::new(value),
    })
}

pub(super) fn text(bytes: Vec<u8>) -> Result<String, sqlx::Error> {
    String::from_utf8(bytes).map_err(|_| damaged())
}

pub(super) fn time(microseconds: i64) -> Result<DateTime<Utc>, sqlx::Error> {
    DateTime::from_timestamp_micros(microseconds).ok_or_else(damaged)
}

fn damaged() -> sqlx::Error {
    sqlx::Error::Decode("not written by this crate".into())
}
