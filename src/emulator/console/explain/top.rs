//! TOP's signature: MD5, HMAC-MD5 or HMAC-SHA256 of the sorted parameters.

use bytes::Bytes;
use http::Request;
use md5::{Digest, Md5};

use super::explanation::{Explanation, Verdict};
use super::mistake::Mistake;
use super::sent::{Pairs, Sent, WrongText, refs};
use crate::emulator::accounts::Accounts;
use crate::emulator::signature;

const METHODS: [(&str, &str); 3] = [("md5", "MD5"), ("hmac", "HMAC-MD5"), ("hmac-sha256", "HMAC-SHA256")];

const WRONG_TEXTS: [WrongText; 5] = [
    WrongText {
        mistake: Mistake::EmptyParameters,
        write: |sent| joined(&sent.sorted),
        shows_in: |_, value| value.is_empty(),
    },
    WrongText {
        mistake: Mistake::Unsorted,
        write: |sent| signature::top_text(refs(&sent.in_order)),
        shows_in: |_, _| false,
    },
    WrongText {
        mistake: Mistake::CaseInsensitiveOrder,
        write: |sent| signature::top_text(refs(&sent.sorted_without_case())),
        shows_in: |name, _| name.starts_with(|first: char| first.is_ascii_uppercase()),
    },
    WrongText {
        mistake: Mistake::EncodedValues,
        write: |sent| signature::top_text(refs(&encoded(&sent.sorted))),
        shows_in: |_, value| encode(value) != value,
    },
    WrongText {
        mistake: Mistake::QueryOnly,
        write: |sent| signature::top_text(refs(&sent.of_query)),
        shows_in: |_, _| false,
    },
];

pub(super) fn explain(request: &Request<Bytes>, accounts: &Accounts) -> Option<Explanation> {
    let sent = Sent::new(request)?;
    let method = sent.get("sign_method").unwrap_or_default();
    let scheme = METHODS.iter().find(|(name, _)| *name == method).map_or("TOP", |(_, scheme)| scheme);
    let signature = sent.get("sign");
    if sent.get("app_key").is_some_and(|key| key != accounts.app_key) {
        let explained = Explanation::new(scheme, Verdict::UnknownKey);
        return Some(Explanation { sent: signature.map(str::to_owned), ..explained });
    }
    let write = |sent: &Sent| signature::top_text(refs(&sent.sorted));
    let text = write(&sent);
    let sign = signature::top_of_text;
    let expected = sign(method, &accounts.app_secret, &text);
    let mut explained = Explanation::compared(scheme, signature, expected, sent.text(write));
    let Some(came) = signature.filter(|_| explained.verdict == Verdict::Differs) else { return Some(explained) };

    let is = |signature: Option<String>| signature.as_deref() == Some(came);
    let other_method = || METHODS.iter().any(|(other, _)| is(sign(other, &accounts.app_secret, &text)));
    explained.mistake = if explained.expected.as_deref().is_some_and(|expected| expected.eq_ignore_ascii_case(came)) {
        Some(Mistake::LowerCase)
    } else if other_method() {
        explained.affected = vec!["sign_method".to_owned()];
        Some(Mistake::OtherAlgorithm)
    } else if is(sign(method, &accounts.access_key.secret, &text)) {
        Some(Mistake::OtherSecret)
    } else if method == "md5" && is(Some(md5_with_secret_once(&accounts.app_secret, &text))) {
        Some(Mistake::SecretOnce)
    } else {
        let wrong = WRONG_TEXTS.iter().find(|wrong| is(sign(method, &accounts.app_secret, &(wrong.write)(&sent))));
        if let Some(wrong) = wrong {
            explained.client_text = Some(sent.text(wrong.write));
            explained.affected = sent.names(wrong.shows_in);
        }
        wrong.map(|wrong| wrong.mistake)
    };
    Some(explained)
}

fn joined(pairs: &Pairs) -> String {
    pairs.iter().filter(|(name, _)| name != "sign").flat_map(|(name, value)| [name.as_str(), value]).collect()
}

fn encoded(pairs: &Pairs) -> Pairs {
    pairs.iter().map(|(name, value)| (name.clone(), encode(value))).collect()
}

fn encode(value: &str) -> String {
    let mut encoded = String::new();
    signature::percent_encode(value, &mut encoded);
    encoded
}

fn md5_with_secret_once(secret: &str, text: &str) -> String {
    signature::upper_hex(&Md5::new().chain_update(secret).chain_update(text).finalize())
}
