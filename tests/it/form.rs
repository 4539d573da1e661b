//! Decodes form bodies and queries as a gateway does, without the crate's own code.

use std::collections::BTreeMap;

/// The parameters of a body or query. Panics if a name comes twice.
pub(crate) fn decode(form: &str) -> BTreeMap<String, String> {
    let mut params = BTreeMap::new();
    for pair in form.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').expect("every pair has a `=`");
        let repeated = params.insert(unescape(name), unescape(value));
        assert!(repeated.is_none(), "{name} comes twice");
    }
    params
}

/// Decodes `%41` and `+` in a form.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'%' => {
                let digits = std::str::from_utf8(&tail[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &tail[2..];
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("a form is UTF-8")
}

/// RFC 3986: everything but letters, digits and `-_.~` is `%XX`.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// The parameters as text, to compare with what a test expects.
pub(crate) fn pairs(params: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
