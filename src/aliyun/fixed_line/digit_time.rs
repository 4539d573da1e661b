//! Times that are digits alone, in China time.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta};
use serde::{Deserializer, Serializer};

use crate::answer::lenient;
use crate::time::china;

/// `yyyyMMddHHmmss`.
const SECONDS: &str = "%Y%m%d%H%M%S";
/// `yyyyMMddHHmmssSSS`.
const MILLISECONDS: &str = "%Y%m%d%H%M%S%3f";
const SECONDS_LENGTH: usize = 14;
const MILLISECONDS_LENGTH: usize = 17;

/// For `#[serde(serialize_with)]`: 14 digits.
pub(super) fn serialize_seconds<S: Serializer>(time: &DateTime<FixedOffset>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.with_timezone(&china()).format(SECONDS))
}

/// For `#[serde(serialize_with)]`: 17 digits.
pub(super) fn serialize_milliseconds<S: Serializer>(
    time: &DateTime<FixedOffset>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.with_timezone(&china()).format(MILLISECONDS))
}

/// 14 or 17 digits; `None` if absent, empty or in another format.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    Ok(lenient::optional::<D, String>(deserializer)?.as_deref().and_then(parse))
}

/// The description says 14 digits, one vendor sample has 17.
fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    if !matches!(text.len(), SECONDS_LENGTH | MILLISECONDS_LENGTH) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (seconds, milliseconds) = text.split_at_checked(SECONDS_LENGTH)?;
    let time = NaiveDateTime::parse_from_str(seconds, SECONDS).ok()?.and_local_timezone(china()).single()?;
    let milliseconds = if milliseconds.is_empty() { 0 } else { milliseconds.parse().ok()? };
    time.checked_add_signed(TimeDelta::milliseconds(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_from_14_and_from_17_digits() {
        let time = DateTime::parse_from_rfc3339("2025-04-21T06:17:23Z").unwrap();
        assert_eq!(parse("20250421141723"), Some(time));
        assert_eq!(parse(" 20250421141723098 "), Some(time + TimeDelta::milliseconds(98)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "2025", "2025042114172", "20251321141723", "2025042114172x", "+0250421141723", "2025-04-21 14:17"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
