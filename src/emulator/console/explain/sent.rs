//! The parameters of a request, as they came and with masked values.

use std::borrow::Cow;

use bytes::Bytes;
use http::Request;

use super::explanation::Text;
use super::mistake::Mistake;
use crate::emulator::request::Parameters;

/// Stands for a masked value. Percent-encoding does not change it.
const MASK: &str = "...";
const MAX_OPEN_LENGTH: usize = 64;

/// The parameters of the protocols whose values are never personal.
const OPEN: [&str; 14] = [
    "Action",
    "Format",
    "RegionId",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
    "format",
    "method",
    "sign_method",
    "simplify",
    "timestamp",
    "v",
];

pub(super) type Pairs = Vec<(String, String)>;

/// The parameters of a request.
pub(super) struct Sent {
    pub(super) http_method: String,
    /// Sorted by the bytes of their names.
    pub(super) sorted: Pairs,
    /// In the order of sending.
    pub(super) in_order: Pairs,
    /// Those of the query, sorted.
    pub(super) of_query: Pairs,
}

/// A text that a client can sign by mistake.
pub(super) struct WrongText {
    pub(super) mistake: Mistake,
    pub(super) write: fn(&Sent) -> String,
    /// Whether the mistake shows in this parameter.
    pub(super) shows_in: fn(&str, &str) -> bool,
}

/// Whether the value of a parameter needs no mask.
pub(crate) fn is_open(name: &str, value: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b' ');
    OPEN.contains(&name) && value.len() <= MAX_OPEN_LENGTH && value.bytes().all(is_plain)
}

/// The value, or the mask.
pub(crate) fn shown<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    Cow::Borrowed(if value.is_empty() || is_open(name, value) { value } else { MASK })
}

impl Sent {
    /// `None` if the parameters are malformed.
    pub(super) fn new(request: &Request<Bytes>) -> Option<Self> {
        let in_order = Parameters::as_sent(request)?;
        let of_query = Parameters::of_query(request).ok()?;
        let of_query = of_query.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut sorted = in_order.clone();
        sorted.sort_unstable();
        Some(Self { http_method: request.method().as_str().to_owned(), sorted, in_order, of_query })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.sorted.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// A text with and without masks.
    pub(super) fn text(&self, write: impl Fn(&Self) -> String) -> Text {
        Text { whole: write(self), masked: write(&self.masked()) }
    }

    /// The same parameters without regard to case when they are sorted.
    pub(super) fn sorted_without_case(&self) -> Pairs {
        let mut pairs = self.sorted.clone();
        pairs.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        pairs
    }

    pub(super) fn names(&self, shows_in: fn(&str, &str) -> bool) -> Vec<String> {
        let affected = self.sorted.iter().filter(|(name, value)| shows_in(name, value));
        affected.map(|(name, _)| name.clone()).collect()
    }

    fn masked(&self) -> Self {
        let masked = |pairs: &Pairs| {
            pairs.iter().map(|(name, value)| (name.clone(), shown(name, value).into_owned())).collect::<Pairs>()
        };
        Self {
            http_method: self.http_method.clone(),
            sorted: masked(&self.sorted),
            in_order: masked(&self.in_order),
            of_query: masked(&self.of_query),
        }
    }
}

/// The pairs as the functions of the signatures take them.
pub(super) fn refs(pairs: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
