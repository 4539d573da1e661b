//! What is found out about a signature.

use serde_json::{Value, json};

use super::mistake::Mistake;

/// An explained signature.
pub(crate) struct Explanation {
    /// Such as `HMAC-SHA1`.
    pub(super) scheme: &'static str,
    pub(super) verdict: Verdict,
    /// The signature that came.
    pub(super) sent: Option<String>,
    pub(super) expected: Option<String>,
    /// What the gateway signs.
    pub(super) text: Option<Text>,
    pub(super) mistake: Option<Mistake>,
    /// The names of the parameters or headers in which the mistake shows.
    pub(super) affected: Vec<String>,
    /// What the client signed, if that is known and not the same.
    pub(super) client_text: Option<Text>,
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

impl Explanation {
    pub(super) fn new(scheme: &'static str, verdict: Verdict) -> Self {
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
    pub(super) fn compared(scheme: &'static str, sent: Option<&str>, expected: Option<String>, text: Text) -> Self {
        let verdict = match (sent, &expected) {
            (None, _) => Verdict::Missing,
            (Some(_), None) => Verdict::UnknownMethod,
            (Some(sent), Some(expected)) if sent == expected => Verdict::Matches,
            _ => Verdict::Differs,
        };
        Self { sent: sent.map(str::to_owned), expected, text: Some(text), ..Self::new(scheme, verdict) }
    }

    /// `whole` decides whether the texts contain all values.
    pub(crate) fn to_json(&self, whole: bool) -> Value {
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
