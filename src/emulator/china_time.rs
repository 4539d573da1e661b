//! Texts such as `2026-01-06 10:00:00`, which both products mean in China Standard Time (UTC+8, no summer time).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";
const AHEAD_OF_UTC: TimeDelta = TimeDelta::hours(8);

/// What clocks in China show.
pub(crate) fn local(time: DateTime<Utc>) -> NaiveDateTime {
    time.naive_utc().checked_add_signed(AHEAD_OF_UTC).unwrap_or(NaiveDateTime::MAX)
}

pub(crate) fn format(time: DateTime<Utc>) -> String {
    local(time).format(FORMAT).to_string()
}

/// `None` unless the text is exactly what [`format`] writes: `2026-1-6 1:00:00` is not.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    let time = local.checked_sub_signed(AHEAD_OF_UTC)?.and_utc();
    (format(time) == text).then_some(time)
}
