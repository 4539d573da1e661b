//! Why a signature was refused: what was signed, and where the gateway's text first differs from it.
//!
//! Aliyun's `SignatureDoesNotMatch` error contains the text that the gateway computed; with ACS3 this text is a hash, and
//! what was hashed comes only sometimes. TOP's error contains no text. The clients attach an [`Explanation`] to the error of a refused signature:
//! [`ServiceError::explanation`](crate::ServiceError::explanation).

mod acs3;

use std::fmt;

use percent_encoding::percent_decode_str;

use super::pop::{self, HttpMethod, text_to_sign};
use super::top::{self, concatenated};
use crate::params::{Params, SortedParams};
use crate::redact::Private;

pub use acs3::explain_acs3;

/// Explains an Aliyun signature. `gateway_text` is the string to sign that the gateway computed, or the whole error
/// message that contains it.
///
/// ```
/// use privacy_number::Params;
/// use privacy_number::sign::explain::{Cause, explain_pop};
/// use privacy_number::sign::pop::HttpMethod;
///
/// let params: Params = [("Action", "BindAxb"), ("OutId", "a b")].into_iter().collect();
/// let gateway = "server string to sign is:POST&%2F&Action%3DBindAxb%26OutId%3Da%252Bb";
/// let explanation = explain_pop(HttpMethod::Post, &params, Some(gateway));
/// let difference = explanation.difference().unwrap();
/// assert_eq!(difference.parameter(), Some("OutId"));
/// assert_eq!(difference.cause(), Cause::Encoding);
/// ```
#[must_use]
pub fn explain_pop(method: HttpMethod, params: &Params, gateway_text: Option<&str>) -> Explanation {
    explain_signed_pop(method, &pop::signed(params), gateway_text)
}

pub(crate) fn explain_signed_pop(
    method: HttpMethod,
    params: &SortedParams<'_>,
    gateway_text: Option<&str>,
) -> Explanation {
    let text = text_to_sign(method, params).into_text();
    let difference = gateway_text.map(|gateway| compare_pop(&text, gateway_string(gateway)));
    Explanation::new(params, text, difference)
}

/// Explains a TOP signature. `other_text` is a text to compare with, from another client for instance: TOP returns
/// none.
#[must_use]
pub fn explain_top(params: &Params, other_text: Option<&str>) -> Explanation {
    explain_signed_top(&top::signed(params.iter()), other_text)
}

pub(crate) fn explain_signed_top(params: &SortedParams<'_>, other_text: Option<&str>) -> Explanation {
    let text = concatenated(params);
    let difference = other_text.map(|other| match first_difference(&text, other) {
        None => Difference { position: None, parameter: None, cause: Cause::Secret },
        position => Difference { position, parameter: None, cause: Cause::Value },
    });
    Explanation::new(params, text, difference)
}

/// What was signed. `Display` and `Debug` show the names of the parameters and mask the values;
/// [`revealed`](Self::revealed) shows everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    parameters: Vec<(String, Private)>,
    canonical_request: Option<Private>,
    text: Private,
    difference: Option<Difference>,
}

impl Explanation {
    fn new(parameters: &SortedParams<'_>, text: String, difference: Option<Difference>) -> Self {
        let parameters = parameters.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { parameters, canonical_request: None, text: text.into(), difference }
    }

    /// The signed parameters in signing order, without the signature. For ACS3: the parameters of the query and the
    /// signed headers; it signs a body by its hash only.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &Private)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The string to sign (Aliyun) or the sorted text (TOP). It contains every value that was sent.
    #[must_use]
    pub fn text(&self) -> &Private {
        &self.text
    }

    /// The canonical request (ACS3), whose hash is in the [`text`](Self::text); `None` for the other signatures. It
    /// contains the query and the signed headers, with the token of a temporary key.
    #[must_use]
    pub fn canonical_request(&self) -> Option<&Private> {
        self.canonical_request.as_ref()
    }

    /// Where the two texts differ; `None` if there was no text to compare with.
    #[must_use]
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// Everything in plain text, with sessions, phone numbers and names. Never log it.
    #[must_use]
    pub fn revealed(&self) -> String {
        let lines: Vec<String> =
            self.parameters().map(|(name, value)| format!("{name} = {}", value.expose())).collect();
        let canonical = self.canonical_request.as_ref().map(|text| format!("canonical request: {}\n", text.expose()));
        let (lines, canonical) = (lines.join("\n"), canonical.unwrap_or_default());
        format!("{lines}\n{canonical}text signed: {}\n{}", self.text.expose(), self.conclusion())
    }

    fn conclusion(&self) -> String {
        self.difference.as_ref().map_or_else(
            || {
                "the gateway does not return its text: check the secret first, then that no proxy changes the request"
                    .into()
            },
            ToString::to_string,
        )
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters().map(|(name, _)| name).collect();
        write!(f, "signed {}; {}", names.join(", "), self.conclusion())
    }
}

/// The first difference between the signed text and the gateway's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    position: Option<usize>,
    parameter: Option<String>,
    cause: Cause,
}

impl Difference {
    /// The byte offset in the signed text; `None` if the texts are equal.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        self.position
    }

    /// The parameter, or the header of ACS3, whose name or value differs, if it can be determined.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }

    /// The probable cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parameter {
            Some(parameter) => write!(f, "the texts differ at `{parameter}`: {}", self.cause),
            None => write!(f, "{}", self.cause),
        }
    }
}

/// The probable cause of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The texts are equal: the secret is wrong.
    Secret,
    /// The request arrived with another HTTP method than it was signed for.
    Method,
    /// The value is the same, but the two sides encode it differently.
    Encoding,
    /// The timestamps differ: a proxy changes or repeats requests, or the client read its clock twice.
    Clock,
    /// The gateway received another value than the one that was signed.
    Value,
    /// The parameter was signed, but did not arrive.
    Lost,
    /// The parameter arrived, but was not signed.
    Added,
    /// The request arrived at another path than `/` (ACS3).
    Path,
    /// The body that arrived is not the one that was signed (ACS3).
    Body,
    /// The canonical requests differ, and the gateway returned only the hash of its own (ACS3).
    Request,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "the texts are equal, so the secret does not belong to this key",
            Self::Method => "the request arrived with another HTTP method than it was signed for",
            Self::Encoding => "the value is the same, but encoded differently",
            Self::Clock => "the timestamp differs from the signed one",
            Self::Value => "the value differs from the signed one",
            Self::Lost => "it was signed, but did not arrive",
            Self::Added => "it arrived, but was not signed",
            Self::Path => "the request arrived at another path than `/`, which is signed",
            Self::Body => "the body that arrived is not the one that was signed",
            Self::Request => {
                "the hashes differ, and the gateway does not return what it hashed: check that no proxy changes the \
                 method, the host, the query, the headers or the body"
            }
        })
    }
}

/// The gateway's text in its error message.
fn gateway_string(message: &str) -> &str {
    message.split_once("string to sign is:").map_or(message, |(_, text)| text).trim()
}

fn compare_pop(ours: &str, theirs: &str) -> Difference {
    let position = first_difference(ours, theirs);
    let found = |parameter: Option<&str>, cause| Difference { position, parameter: parameter.map(Into::into), cause };
    if position.is_none() {
        return found(None, Cause::Secret);
    }
    let (our_method, our_query) = split_pop(ours);
    let (their_method, their_query) = split_pop(theirs);
    if our_method != their_method {
        return found(None, Cause::Method);
    }
    match different_pair(&pairs(&our_query), &pairs(&their_query)) {
        Some((parameter, cause)) => found(parameter, cause),
        None => found(None, Cause::Encoding),
    }
}

/// The first of the pairs that differs, and how. Both sides are sorted by name.
fn different_pair<'a>(ours: &[(&'a str, &'a str)], theirs: &[(&'a str, &'a str)]) -> Option<(Option<&'a str>, Cause)> {
    for index in 0..ours.len().max(theirs.len()) {
        match (ours.get(index), theirs.get(index)) {
            (ours, theirs) if ours == theirs => {}
            (Some((name, our_value)), Some((their_name, their_value))) if name == their_name => {
                let cause = match () {
                    () if decoded_loosely(our_value) == decoded_loosely(their_value) => Cause::Encoding,
                    () if ["Timestamp", "x-acs-date"].contains(name) => Cause::Clock,
                    () => Cause::Value,
                };
                return Some((Some(*name), cause));
            }
            (Some((name, _)), Some((their_name, _))) if name > their_name => {
                return Some((likely_name(their_name), Cause::Added));
            }
            (Some((name, _)), _) => return Some((Some(*name), Cause::Lost)),
            (None, Some((name, _))) => return Some((likely_name(name), Cause::Added)),
            (None, None) => {}
        }
    }
    None
}

/// A name that only the gateway's text contains, if it looks like the name of a parameter or a header. A part of a value
/// that was split at an `&`, such as a phone number or a person's name, must not be shown.
fn likely_name(text: &str) -> Option<&str> {
    let letters_and_digits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let looks_like_a_name =
        letters_and_digits && digits <= 4 && text.starts_with(|first: char| first.is_ascii_alphabetic());
    (looks_like_a_name && text.len() <= 64).then_some(text)
}

/// The method, and the query with one level of encoding removed.
fn split_pop(text: &str) -> (&str, String) {
    let (method, rest) = text.split_once('&').unwrap_or((text, ""));
    let (_, query) = rest.split_once('&').unwrap_or((rest, ""));
    (method, percent_decode_str(query).decode_utf8_lossy().into_owned())
}

fn pairs(query: &str) -> Vec<(&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

/// A decoded value; every form of a space becomes a space.
fn decoded_loosely(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ").replace("%2B", " ")).decode_utf8_lossy().into_owned()
}

fn first_difference(ours: &str, theirs: &str) -> Option<usize> {
    if ours == theirs {
        return None;
    }
    let common = ours.bytes().zip(theirs.bytes()).take_while(|(ours, theirs)| ours == theirs).count();
    Some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &'static str)]) -> Params {
        pairs.iter().copied().collect()
    }

    fn difference(ours: &[(&'static str, &'static str)], theirs: &str) -> (Option<String>, Cause) {
        let explanation = explain_pop(HttpMethod::Post, &params(ours), Some(theirs));
        let difference = explanation.difference().unwrap().clone();
        (difference.parameter.clone(), difference.cause())
    }

    #[test]
    fn each_cause_is_found_from_the_gateways_text() {
        let ours = [("Action", "BindAxb"), ("OutId", "a*b"), ("Timestamp", "2026-01-15T06:07:08Z")];
        let action = "Action%3DBindAxb%26";
        let out_id = "OutId%3Da%252Ab%26";
        let time = "Timestamp%3D2026-01-15T06%253A07%253A08Z";
        let name = |text: &str| Some(text.to_owned());
        for (theirs, expected) in [
            (format!("POST&%2F&{action}{out_id}{time}"), (None, Cause::Secret)),
            (format!("GET&%2F&{action}{out_id}{time}"), (None, Cause::Method)),
            (format!("POST&%2F&{action}OutId%3Da*b%26{time}"), (name("OutId"), Cause::Encoding)),
            (format!("POST&%2F&{action}OutId%3Dother%26{time}"), (name("OutId"), Cause::Value)),
            (format!("POST&%2F&{action}{time}"), (name("OutId"), Cause::Lost)),
            (format!("POST&%2F&{action}Extra%3D1%26{out_id}{time}"), (name("Extra"), Cause::Added)),
            (format!("POST&%2F&{action}{out_id}{time}%26Version%3D1"), (name("Version"), Cause::Added)),
            (
                format!("POST&%2F&{action}{out_id}Timestamp%3D2026-01-15T07%253A07%253A08Z"),
                (name("Timestamp"), Cause::Clock),
            ),
        ] {
            assert_eq!(difference(&ours, &theirs), expected, "{theirs}");
            let message =
                format!("Specified signature is not matched with our calculation. server string to sign is:{theirs}");
            assert_eq!(difference(&ours, &message), expected, "{message}");
        }
    }

    #[test]
    fn values_are_shown_only_on_request() {
        let params = params(&[("session", "sentinel-session"), ("mobile", "13100000000")]);
        let explanation = explain_top(&params, Some("mobile13100000000sessionother"));
        let shown = format!("{explanation} {explanation:?} {explanation:#?}");
        assert!(!shown.contains("sentinel") && !shown.contains("131"), "{shown}");
        assert!(shown.contains("session"));
        assert!(explanation.revealed().contains("session = sentinel-session"));
        assert_eq!(explanation.difference().unwrap().position(), Some(24));
    }
}
