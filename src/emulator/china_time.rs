//! Texts such as `2026-01-06 10:00:00`, in China Standard Time (UTC+8, no daylight saving time). Both gateways use
//! them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

const OFFSET: TimeDelta = TimeDelta::hours(8);
const FORMAT: &str = "%Y-%m-%d %H:%M:%S";
const LENGTH: usize = 19;

/// The local date and time in China.
pub(crate) fn local(time: DateTime<Utc>) -> NaiveDateTime {
    time.naive_utc().checked_add_signed(OFFSET).unwrap_or(NaiveDateTime::MAX)
}

pub(crate) fn format(time: DateTime<Utc>) -> String {
    format_local(local(time))
}

/// Formats a time that is already local.
pub(crate) fn format_local(time: NaiveDateTime) -> String {
    // The display of chrono has this format, and is faster than a format string.
    time.with_nanosecond(0).unwrap_or(time).to_string()
}

/// The local date in China.
pub(crate) fn day(time: DateTime<Utc>) -> NaiveDate {
    local(time).date()
}

/// Returns `None` unless the text is exactly what [`format`] writes: `2026-1-6 1:00:00` is refused.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    // chrono also accepts missing zeros, signs and leap seconds.
    let is_exact = text.len() == LENGTH && local.nanosecond() == 0 && format_local(local) == text;
    is_exact.then(|| local.checked_sub_signed(OFFSET))?.map(|time| time.and_utc())
}
