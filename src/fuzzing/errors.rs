use crate::error::Error;

/// As many digits in a row as the shortest phone number has.
const PHONE_DIGITS: usize = 7;

/// Of an answer, an error shows codes, request ids and punctuation: no number of a person, no word in Chinese, nothing
/// that breaks a line of a log, and never much.
pub(super) fn assert_shows_nothing_private(error: &Error) {
    let line = error.to_string();
    assert!(line.len() <= 1000, "{line}");
    assert!(line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{line:?}");

    // The gateway's id of the request is shown on purpose, and times have digits of their own.
    let mut shown = format!("{line} {error:?}");
    for own in [format!("{:?}", error.advice()), format!("{:?}", error.elapsed())] {
        shown = shown.replace(&own, "");
    }
    if let Some(id) = error.request_id() {
        shown = shown.replace(id, "");
    }
    let longest = shown.split(|character: char| !character.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    assert!(longest < PHONE_DIGITS, "{shown}");
}
