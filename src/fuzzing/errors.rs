use crate::error::Error;

/// The number of digits of the shortest phone number.
const PHONE_DIGITS: usize = 7;

/// An error shows only codes, request ids and punctuation of an answer: no phone number, no Chinese text, no line
/// break, and at most 1000 bytes.
pub(super) fn assert_shows_nothing_private(error: &Error) {
    let line = error.to_string();
    assert!(line.len() <= 1000, "{line}");
    assert!(line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{line:?}");

    // The request id is shown on purpose, and times contain digits.
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
