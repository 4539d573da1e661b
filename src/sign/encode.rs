//! Percent-encoding as both gateways read it: RFC 3986, over UTF-8, upper-case hexadecimal.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but `A-Z a-z 0-9 - _ . ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes every byte but the unreserved characters of RFC 3986: a space is `%20`, `*` is `%2A`, `~` stays.
///
/// Source: Dyplsapi reference, chapter 3.3 (signature), step 1b.
///
/// ```
/// use privacy_number::sign::encode::percent_encode;
///
/// assert_eq!(percent_encode("a*b~c+d/e f"), "a%2Ab~c%2Bd%2Fe%20f");
/// assert_eq!(percent_encode("北京"), "%E5%8C%97%E4%BA%AC");
/// ```
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_encoded(&mut encoded, text);
    encoded
}

/// Appends the encoded text to a buffer.
pub(crate) fn push_encoded(buffer: &mut String, text: &str) {
    buffer.extend(utf8_percent_encode(text, RESERVED));
}
