//! Why the gateway accepts or refuses a signature: what it signs, what came, and which mistake of the client explains
//! the difference.
//!
//! The client's text does not come with a request. So the usual mistakes are tried one after the other: if one of them
//! gives exactly the signature that came, the client made it, and its text is known.

mod acs3;
mod mistake;
mod mns;
mod pop;
mod sent;
mod top;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde_json::{Value, json};

use crate::emulator::accounts::Accounts;
use crate::emulator::request_kind::GatewayKind;
use crate::emulator::store::State;
use mistake::Mistake;
pub(super) use sent::is_open;

/// The names of the mistakes.
#[cfg(test)]
pub(crate) fn mistake_names() -> impl Iterator<Item = &'static str> {
    Mistake::ALL.into_iter().map(Mistake::as_str)
}

/// An explained signature.
pub(super) struct Explanation {
    /// Such as `HMAC-SHA1`.
    scheme: &'static str,
    verdict: Verdict,
    /// The signature that came.
    sent: Option<String>,
    expected: Option<String>,
    /// What the gateway signs.
    text: Option<Text>,
    mistake: Option<Mistake>,
    /// The names of the parameters or headers in which the mistake shows.
    affected: Vec<String>,
    /// What the client signed, if that is known and not the same.
    client_text: Option<Text>,
}

/// A text with all values, and with the values that can be personal masked.
pub(super) struct Text {
    pub(super) whole: String,
    pub(super) masked: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Matches,
    Differs,
    /// The request has no signature, or not everything that belongs to it.
    Missing,
    UnknownKey,
    UnknownMethod,
}

/// `None` if what the path addresses has no such signature, or the parameters are malformed.
pub(super) fn explain(
    request: &Request<Bytes>,
    accounts: &Accounts,
    state: &State,
    now: DateTime<Utc>,
) -> Option<Explanation> {
    match GatewayKind::from_path(request.uri().path())? {
        GatewayKind::Top => top::explain(request, accounts),
        GatewayKind::Aliyun if acs3::is_used(request) => acs3::explain(request, accounts),
        GatewayKind::Aliyun => pop::explain(request, accounts),
        GatewayKind::Mns => mns::explain(request, state, now),
        GatewayKind::Recordings | GatewayKind::Uploads => None,
    }
}

impl Explanation {
    fn new(scheme: &'static str, verdict: Verdict) -> Self {
        Self {
            scheme,
            verdict,
            sent: None,
            expected: None,
            text: None,
            mistake: None,
            affected: Vec::new(),
            client_text: None,
        }
    }

    /// Compares the signature that came with the expected one.
    fn compared(scheme: &'static str, sent: Option<&str>, expected: Option<String>, text: Text) -> Self {
        let verdict = match (sent, &expected) {
            (None, _) => Verdict::Missing,
            (Some(_), None) => Verdict::UnknownMethod,
            (Some(sent), Some(expected)) if sent == expected => Verdict::Matches,
            _ => Verdict::Differs,
        };
        Self { sent: sent.map(str::to_owned), expected, text: Some(text), ..Self::new(scheme, verdict) }
    }

    /// `whole` decides whether the texts contain all values.
    pub(super) fn to_json(&self, whole: bool) -> Value {
        let write = |text: &Text| if whole { text.whole.clone() } else { text.masked.clone() };
        let verdict = match self.verdict {
            Verdict::Matches => "matches",
            Verdict::Differs => "differs",
            Verdict::Missing => "missing",
            Verdict::UnknownKey => "unknown_key",
            Verdict::UnknownMethod => "unknown_method",
        };
        json!({
            "scheme": self.scheme,
            "verdict": verdict,
            "sent": self.sent,
            "expected": self.expected,
            "text": self.text.as_ref().map(write),
            "mistake": self.mistake.map(Mistake::as_str),
            "affected": self.affected,
            "client_text": self.client_text.as_ref().map(write),
        })
    }
}
