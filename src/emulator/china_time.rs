//! Texts such as `2026-01-06 10:00:00`, which both products mean in China Standard Time (UTC+8, no summer time).
//!
//! They are written and read by hand: every call has some, and general formats are slow.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

const AHEAD_OF_UTC: TimeDelta = TimeDelta::hours(8);

/// What clocks in China show.
pub(crate) fn local(time: DateTime<Utc>) -> NaiveDateTime {
    time.naive_utc().checked_add_signed(AHEAD_OF_UTC).unwrap_or(NaiveDateTime::MAX)
}

pub(crate) fn format(time: DateTime<Utc>) -> String {
    let local = local(time);
    let mut text = String::with_capacity(19);
    push_digits(local.year().unsigned_abs(), 4, &mut text);
    for (mark, number) in
        [('-', local.month()), ('-', local.day()), (' ', local.hour()), (':', local.minute()), (':', local.second())]
    {
        text.push(mark);
        push_digits(number, 2, &mut text);
    }
    text
}

/// The day that a time falls on.
pub(crate) fn day(time: DateTime<Utc>) -> NaiveDate {
    local(time).date()
}

/// `None` unless the text is exactly what [`format`] writes: `2026-1-6 1:00:00` is not.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let marks = [(4, '-'), (7, '-'), (10, ' '), (13, ':'), (16, ':')];
    let has_form = text.len() == 19
        && marks.into_iter().all(|(at, mark)| text.get(at..).is_some_and(|rest| rest.starts_with(mark)));
    if !has_form {
        return None;
    }
    let number = |range: Range<usize>| {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
    };
    let year = i32::try_from(number(0..4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)?;
    let local = date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?;
    Some(local.checked_sub_signed(AHEAD_OF_UTC)?.and_utc())
}

/// Decimal, with leading zeros.
pub(crate) fn push_digits(number: u32, digits: u32, into: &mut String) {
    for place in (0..digits).rev() {
        let digit = number.checked_div(10_u32.saturating_pow(place)).unwrap_or_default().checked_rem(10);
        into.push(char::from_digit(digit.unwrap_or_default(), 10).unwrap_or_default());
    }
}
