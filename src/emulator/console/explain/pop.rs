//! Alibaba Cloud's RPC signature 1.0: HMAC-SHA1 of the sorted, encoded parameters.

use bytes::Bytes;
use http::Request;

use super::explanation::{Explanation, Verdict};
use super::mistake::Mistake;
use super::sent::{Pairs, Sent, WrongText, refs};
use crate::emulator::accounts::Accounts;
use crate::emulator::signature;

const SCHEME: &str = "HMAC-SHA1";

const WRONG_TEXTS: [WrongText; 7] = [
    WrongText {
        mistake: Mistake::OtherHttpMethod,
        write: |sent| {
            let other = if sent.http_method == "GET" { "POST" } else { "GET" };
            signature::pop_string_to_sign(other, refs(&sent.sorted))
        },
        shows_in: |_, _| false,
    },
    WrongText {
        mistake: Mistake::FormEncoding,
        write: |sent| text_of_query(&sent.http_method, &form(&sent.sorted)),
        shows_in: |name, value| form_encode(name) != encode(name) || form_encode(value) != encode(value),
    },
    WrongText {
        mistake: Mistake::EncodedOnce,
        write: |sent| format!("{}&%2F&{}", sent.http_method, canonical(&sent.sorted)),
        shows_in: |_, _| false,
    },
    WrongText {
        mistake: Mistake::EmptyParameters,
        write: |sent| {
            let filled: Pairs = sent.sorted.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
            signature::pop_string_to_sign(&sent.http_method, refs(&filled))
        },
        shows_in: |_, value| value.is_empty(),
    },
    WrongText {
        mistake: Mistake::Unsorted,
        write: |sent| signature::pop_string_to_sign(&sent.http_method, refs(&sent.in_order)),
        shows_in: |_, _| false,
    },
    WrongText {
        mistake: Mistake::CaseInsensitiveOrder,
        write: |sent| signature::pop_string_to_sign(&sent.http_method, refs(&sent.sorted_without_case())),
        shows_in: |name, _| name.starts_with(|first: char| first.is_ascii_lowercase()),
    },
    WrongText {
        mistake: Mistake::QueryOnly,
        write: |sent| signature::pop_string_to_sign(&sent.http_method, refs(&sent.of_query)),
        shows_in: |_, _| false,
    },
];

/// `None` if the parameters are malformed.
pub(super) fn explain(request: &Request<Bytes>, accounts: &Accounts) -> Option<Explanation> {
    let sent = Sent::new(request)?;
    let came = sent.get("Signature");
    let Some(key) = sent.get("AccessKeyId").and_then(|id| accounts.access_key(id)) else {
        let verdict = if sent.get("AccessKeyId").is_some() { Verdict::UnknownKey } else { Verdict::Missing };
        let explained = Explanation::new(SCHEME, verdict);
        return Some(Explanation { sent: came.map(str::to_owned), ..explained });
    };
    let write = |sent: &Sent| signature::pop_string_to_sign(&sent.http_method, refs(&sent.sorted));
    let text = write(&sent);
    let expected = signature::pop(&key.secret, &text);
    let mut explained = Explanation::compared(SCHEME, came, expected, sent.text(write));
    let Some(came) = came.filter(|_| explained.verdict == Verdict::Differs) else { return Some(explained) };

    let is = |signature: Option<String>| signature.as_deref() == Some(came);
    let other_keys = std::iter::once(&accounts.access_key).chain(&accounts.temporary_access_keys);
    let mut other_secrets = other_keys.map(|key| &key.secret).chain([&accounts.app_secret]);
    explained.mistake = if other_secrets.any(|secret| is(signature::pop(secret, &text))) {
        Some(Mistake::OtherSecret)
    } else if is(signature::oss(&key.secret, &text)) {
        Some(Mistake::NoAmpersand)
    } else {
        let wrong = WRONG_TEXTS.iter().find(|wrong| is(signature::pop(&key.secret, &(wrong.write)(&sent))));
        if let Some(wrong) = wrong {
            explained.client_text = Some(sent.text(wrong.write));
            explained.affected = sent.names(wrong.shows_in);
        }
        wrong.map(|wrong| wrong.mistake)
    };
    Some(explained)
}

fn canonical(pairs: &Pairs) -> String {
    signature::canonical_query(refs(pairs).filter(|(name, _)| *name != "Signature"))
}

fn text_of_query(http_method: &str, query: &str) -> String {
    format!("{http_method}&%2F&{}", encode(query))
}

/// The query as forms encode it.
fn form(pairs: &Pairs) -> String {
    let signed = pairs.iter().filter(|(name, _)| name != "Signature");
    let pairs: Vec<String> =
        signed.map(|(name, value)| format!("{}={}", form_encode(name), form_encode(value))).collect();
    pairs.join("&")
}

fn form_encode(text: &str) -> String {
    encode(text).replace("%20", "+").replace("%2A", "*").replace('~', "%7E")
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    signature::percent_encode(text, &mut encoded);
    encoded
}
