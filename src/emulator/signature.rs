//! The expected signature of a request, written from the gateways' documents alone.
//!
//! It shares only the digest crates with the client, so that one mistake cannot be in both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// TOP's signature. Returns `None` for an unknown `sign_method`.
///
/// `parameters` are sorted by name. The signature does not cover `sign` and empty parameters.
pub(crate) fn top<'a>(
    sign_method: &str,
    secret: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<String> {
    top_of_text(sign_method, secret, &top_text(parameters))
}

/// TOP's signature of a text.
pub(crate) fn top_of_text(sign_method: &str, secret: &str, text: &str) -> Option<String> {
    match sign_method {
        "md5" => {
            let digest = Md5::new().chain_update(secret).chain_update(text).chain_update(secret).finalize();
            Some(upper_hex(&digest))
        }
        "hmac" => keyed::<Hmac<Md5>>(secret, text).map(|digest| upper_hex(&digest)),
        "hmac-sha256" => keyed::<Hmac<Sha256>>(secret, text).map(|digest| upper_hex(&digest)),
        _ => None,
    }
}

/// The text that Alibaba Cloud's RPC signature 1.0 covers. `parameters` are sorted by name.
pub(crate) fn pop_string_to_sign<'a>(
    http_method: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let query = canonical_query(parameters.filter(|(name, _)| *name != "Signature"));
    let mut text = format!("{http_method}&%2F&");
    percent_encode(&query, &mut text);
    text
}

/// Parameters as Alibaba Cloud's signatures cover them: percent-encoded and joined. They are sorted by name.
pub(crate) fn canonical_query<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        percent_encode(name, &mut query);
        query.push('=');
        percent_encode(value, &mut query);
    }
    query
}

/// Alibaba Cloud's signature ACS3-HMAC-SHA256 of a string to sign.
pub(crate) fn acs3(secret: &str, string_to_sign: &str) -> Option<String> {
    keyed::<Hmac<Sha256>>(secret, string_to_sign).map(|digest| upper_hex(&digest).to_ascii_lowercase())
}

/// Alibaba Cloud's RPC signature 1.0 of a string to sign.
pub(crate) fn pop(secret: &str, string_to_sign: &str) -> Option<String> {
    keyed::<Hmac<Sha1>>(&format!("{secret}&"), string_to_sign).map(|digest| STANDARD.encode(digest))
}

/// The signature of a form that uploads to the object store.
pub(crate) fn oss(secret: &str, policy: &str) -> Option<String> {
    keyed::<Hmac<Sha1>>(secret, policy).map(|digest| STANDARD.encode(digest))
}

/// The SHA-256 of a file, in lower-case hexadecimal.
pub(crate) fn sha256_hex(file: &[u8]) -> String {
    upper_hex(&Sha256::digest(file)).to_ascii_lowercase()
}

/// The text that the signature of MNS covers. `resource` is the path with the query, as it was sent.
pub(crate) fn mns_string_to_sign(http_method: &str, headers: &HeaderMap, resource: &str) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let date = if headers.contains_key("x-mns-date") { header("x-mns-date") } else { header("date") };
    let mut text = format!("{http_method}\n{}\n{}\n{date}\n", header("content-md5"), header("content-type"));
    let mut names: Vec<&str> =
        headers.keys().map(HeaderName::as_str).filter(|name| name.starts_with("x-mns-")).collect();
    names.sort_unstable();
    for name in names {
        text.push_str(name);
        text.push(':');
        text.push_str(header(name));
        text.push('\n');
    }
    text.push_str(resource);
    text
}

/// The signature of MNS of a string to sign.
pub(crate) fn mns(secret: &str, string_to_sign: &str) -> Option<String> {
    keyed::<Hmac<Sha1>>(secret, string_to_sign).map(|digest| STANDARD.encode(digest))
}

/// The text that TOP's signature covers. `parameters` are sorted by name.
pub(crate) fn top_text<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        if name != "sign" && !name.is_empty() && !value.is_empty() {
            text.push_str(name);
            text.push_str(value);
        }
    }
    text
}

/// HMAC accepts keys of every length, so it never returns `None`.
fn keyed<M: Mac + KeyInit>(key: &str, text: &str) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

/// POP's percent-encoding: it keeps only the unreserved characters of RFC 3986.
pub(crate) fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => into.push(char::from(byte)),
            _ => {
                into.push('%');
                push_upper_hex(byte, into);
            }
        }
    }
}

pub(crate) fn upper_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        push_upper_hex(*byte, &mut text);
    }
    text
}

fn push_upper_hex(byte: u8, into: &mut String) {
    for digit in [byte >> 4, byte & 0x0F] {
        let digit = char::from_digit(u32::from(digit), 16).unwrap_or_default();
        into.push(digit.to_ascii_uppercase());
    }
}
