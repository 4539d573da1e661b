//! Alibaba Cloud's signature ACS3-HMAC-SHA256, in the header `Authorization`.

use bytes::Bytes;
use http::Request;

use super::explanation::{Explanation, Text, Verdict};
use super::mistake::Mistake;
use super::sent::{Pairs, Sent, refs};
use crate::emulator::accounts::Accounts;
use crate::emulator::aliyun::acs3::{self, Signed};
use crate::emulator::signature;

const SCHEME: &str = "ACS3-HMAC-SHA256";

/// The headers whose values are never personal.
const OPEN_HEADERS: [&str; 8] = [
    "accept",
    "content-type",
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

pub(super) fn is_used(request: &Request<Bytes>) -> bool {
    acs3::is_used(request.headers())
}

/// `None` if the parameters are malformed.
pub(super) fn explain(request: &Request<Bytes>, accounts: &Accounts) -> Option<Explanation> {
    let sent = Sent::new(request)?;
    let Some(signed) = Signed::of(request) else { return Some(Explanation::new(SCHEME, Verdict::Missing)) };
    let Some(key) = accounts.access_key(signed.credential) else {
        let explained = Explanation::new(SCHEME, Verdict::UnknownKey);
        return Some(Explanation { sent: Some(signed.signature.to_owned()), ..explained });
    };
    let canonical = |query: &str| signed.canonical(request, query);
    let write = |sent: &Sent| canonical(&signature::canonical_query(refs(&sent.of_query))).unwrap_or_default();
    let sign = |secret: &str, canonical: &str| signature::acs3(secret, &acs3::string_to_sign(canonical));
    let text = write(&sent);
    let expected = sign(&key.secret, &text);
    let mut explained = Explanation::compared(SCHEME, Some(signed.signature), expected, text_of(&sent, write));
    if let Some(header) = signed.unsigned_header() {
        explained.verdict = Verdict::Differs;
        explained.mistake = Some(Mistake::UnsignedHeader);
        explained.affected = vec![header.to_owned()];
        return Some(explained);
    }
    if !Signed::has_hash_of_body(request) {
        explained.verdict = Verdict::Differs;
        explained.mistake = Some(Mistake::HashOfBody);
        explained.affected = vec!["x-acs-content-sha256".to_owned()];
        return Some(explained);
    }
    if explained.verdict != Verdict::Differs {
        return Some(explained);
    }
    let is = |signature: Option<String>| signature.as_deref() == Some(signed.signature);
    let other_keys = std::iter::once(&accounts.access_key).chain(&accounts.temporary_access_keys);
    let mut other_secrets = other_keys.map(|key| &key.secret).chain([&accounts.app_secret]);
    let form = |sent: &Sent| write_form(&sent.of_query, &canonical);
    if other_secrets.any(|secret| is(sign(secret, &text))) {
        explained.mistake = Some(Mistake::OtherSecret);
    } else if is(sign(&key.secret, &form(&sent))) {
        explained.mistake = Some(Mistake::FormEncoding);
        explained.client_text = Some(text_of(&sent, form));
    }
    Some(explained)
}

/// The canonical request. The masked one has only the values of headers that are never personal.
fn text_of(sent: &Sent, write: impl Fn(&Sent) -> String) -> Text {
    let text = sent.text(write);
    let mut headers = true;
    let lines = text.masked.split('\n').enumerate().map(|(number, line)| {
        headers &= number < 3 || !line.is_empty();
        match line.split_once(':') {
            Some((name, _)) if headers && number >= 3 && !OPEN_HEADERS.contains(&name) => format!("{name}:..."),
            _ => line.to_owned(),
        }
    });
    let masked = lines.collect::<Vec<_>>().join("\n");
    Text { masked, ..text }
}

fn write_form(query: &Pairs, canonical: &impl Fn(&str) -> Option<String>) -> String {
    let query = signature::canonical_query(refs(query)).replace("%20", "+").replace("%2A", "*");
    canonical(&query).unwrap_or_default()
}
