//! A search for sentinels in every encoding that a log or an error may use.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::sentinels::Sentinels;
use crate::form::escape;

/// The shortest run of digits that identifies a phone number.
const DIGITS: usize = 8;
/// The shortest part of a key that must not be shown.
const PART: usize = 12;

pub(super) struct Search {
    /// A text to search for, and the sentinel that it reveals.
    signs: Vec<(String, String)>,
}

impl Search {
    pub(super) fn new(sentinels: &Sentinels) -> Self {
        Self::of(&sentinels.all())
    }

    pub(super) fn of(sentinels: &[&str]) -> Self {
        let signs = sentinels.iter().flat_map(|sentinel| {
            let mut signs = encodings(sentinel);
            signs.sort();
            signs.dedup();
            signs.into_iter().map(|sign| (sign, (*sentinel).to_owned()))
        });
        Self { signs: signs.collect() }
    }

    /// The sentinels that a text reveals.
    pub(super) fn found_in(&self, text: &str) -> Vec<&str> {
        let signs = self.signs.iter().filter(|(sign, _)| text.contains(sign.as_str()));
        let mut found: Vec<_> = signs.map(|(_, sentinel)| sentinel.as_str()).collect();
        found.dedup();
        found
    }

    pub(super) fn assert_clean(&self, text: &str, what: &str) {
        let found = self.found_in(text);
        assert!(found.is_empty(), "{what} shows {found:?}:\n{text}");
        // A signature is derived from secrets, and a form holds everything.
        for part in ["Signature=", "sign=", "query_list=", "PhoneNoA="] {
            assert!(!text.contains(part), "{what} shows a request:\n{text}");
        }
    }
}

/// The text, and its encodings in URLs, JSON, XML, Rust, Base64 and dumps of bytes, each shortened to the part that
/// identifies it.
fn encodings(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal: Vec<_> = bytes.iter().map(u8::to_string).collect();
    let json = serde_json::to_string(text).unwrap();
    let json = &json[1..json.len() - 1];
    let mut signs = vec![
        text.to_owned(),
        escape(text),
        escape(text).to_ascii_lowercase(),
        escape(&escape(text)),
        text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
        json.to_owned(),
        json.escape_debug().to_string(),
        escape(json),
        escape(&escape(json)),
        text.replace('&', "&amp;").replace('<', "&lt;"),
        text.escape_debug().to_string(),
        text.escape_default().to_string(),
        bytes.escape_ascii().to_string(),
        hexadecimal.to_ascii_uppercase(),
        hexadecimal,
        decimal.join(", "),
    ];
    for shift in 0..3 {
        let shifted = [&vec![0; shift], bytes].concat();
        for base64 in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            // The first and last characters depend on the adjacent bytes.
            let (first, last) = ([0, 2, 3][shift], shifted.len() * 8 / 6);
            signs.push(base64[first..last].to_owned());
        }
    }
    let digits = text.split(|character: char| !character.is_ascii_digit());
    signs.extend(digits.filter(|run| run.len() >= DIGITS).map(|run| run[run.len() - DIGITS..].to_owned()));
    if text.is_ascii() && text.len() > PART && !text.starts_with("http") {
        signs.extend([text[..PART].to_owned(), text[text.len() - PART..].to_owned()]);
    }
    signs
}

#[test]
fn every_encoding_of_a_sentinel_is_found() {
    let (name, key) = ("金丝\"雀", "canary+/=canary-key-4711");
    let search = Search::of(&[name, key, "13988877011"]);
    let dumped = |text: &str| format!("{:?} {:x?}", text.as_bytes(), text.as_bytes());
    for (leak, sentinel) in [
        (format!("Some({name:?})"), name),
        (serde_json::json!({ "name": name }).to_string(), name),
        (format!("{:?}", serde_json::json!({ "name": name }).to_string()), name),
        (escape(name), name),
        (escape(&escape(name)), name),
        (STANDARD_NO_PAD.encode(format!("name={name}&")), name),
        (URL_SAFE_NO_PAD.encode(format!("me={name}&")), name),
        (dumped(name), name),
        (name.as_bytes().escape_ascii().to_string(), name),
        (escape(key).to_ascii_lowercase(), key),
        ("key canary+/=can...".to_owned(), key),
        ("...ary-key-4711".to_owned(), key),
        (STANDARD_NO_PAD.encode(key), key),
        ("+86 139-88877011".to_owned(), "13988877011"),
        ("3133393838383737303131".to_owned(), "13988877011"),
    ] {
        assert_eq!(search.found_in(&leak), [sentinel], "{leak}");
    }
    assert!(search.found_in("1398887 canary 金丝").is_empty());
}
