//! Texts such as `2026-01-06 10:00:00`, which both products mean in China Standard Time (UTC+8, no summer time).

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";
const AHEAD_OF_UTC: TimeDelta = TimeDelta::hours(8);

pub(crate) fn format(time: DateTime<Utc>) -> String {
    let local = time.naive_utc().checked_add_signed(AHEAD_OF_UTC);
    local.unwrap_or(NaiveDateTime::MAX).format(FORMAT).to_string()
}

/// The day that a time falls on.
pub(crate) fn day(time: DateTime<Utc>) -> NaiveDate {
    time.naive_utc().checked_add_signed(AHEAD_OF_UTC).map(|local| local.date()).unwrap_or(NaiveDate::MAX)
}

/// `None` unless the text is exactly what [`format`] writes: `2026-1-6 1:00:00` is not.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    let time = local.checked_sub_signed(AHEAD_OF_UTC)?.and_utc();
    (format(time) == text).then_some(time)
}
