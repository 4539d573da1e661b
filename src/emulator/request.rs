//! A request, and its parameters as the emulator parses them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request};

/// All parameters of the query and of the form body, sorted by the bytes of their names.
#[derive(Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

/// A request, and its parameters, which are parsed once.
pub(crate) struct Received<'a> {
    pub(crate) request: &'a Request<Bytes>,
    pub(crate) parameters: Result<Parameters, Malformed>,
}

/// The reason why the parameters cannot be parsed.
pub(crate) enum Malformed {
    /// An incomplete percent escape, or bytes that are not UTF-8.
    Encoding,
    /// A name that occurs twice. Gateways disagree about which value is valid, so the emulator refuses both.
    Duplicate(String),
}

impl Received<'_> {
    pub(crate) fn new(request: &Request<Bytes>) -> Received<'_> {
        Received { request, parameters: Parameters::parse(request) }
    }

    /// Returns `None` if they are malformed.
    pub(crate) fn parameters(&self) -> Option<&Parameters> {
        self.parameters.as_ref().ok()
    }
}

impl Parameters {
    fn parse(request: &Request<Bytes>) -> Result<Self, Malformed> {
        let mut parameters = Self::of_query(request)?;
        if request.method() == Method::POST && has_form_body(request) {
            parameters.add(request.body())?;
        }
        Ok(parameters)
    }

    /// The parameters of the query alone, which some signatures cover apart from the body.
    pub(crate) fn of_query(request: &Request<Bytes>) -> Result<Self, Malformed> {
        let mut parameters = Self(BTreeMap::new());
        parameters.add(request.uri().query().unwrap_or_default().as_bytes())?;
        Ok(parameters)
    }

    /// All parameters of a request in the order in which they were sent: those of the query, then those of the body.
    /// `None` if they are malformed.
    pub(crate) fn as_sent(request: &Request<Bytes>) -> Option<Vec<(String, String)>> {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        let body = if has_form_body(request) { request.body() } else { &Bytes::new() };
        let pairs = query.split(|byte| *byte == b'&').chain(body.split(|byte| *byte == b'&'));
        let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default()).ok()?;
            Some((name, decode(halves.next().unwrap_or_default()).ok()?))
        });
        pairs.collect()
    }

    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The value of a parameter. An empty value counts as missing, as it does at both gateways.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All parameters, including empty ones, sorted by the bytes of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn add(&mut self, form: &[u8]) -> Result<(), Malformed> {
        for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            if self.0.contains_key(&name) {
                return Err(Malformed::Duplicate(name));
            }
            self.0.insert(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Parameters {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn has_form_body(request: &Request<Bytes>) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn decode(text: &[u8]) -> Result<String, Malformed> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => match (hex_digit(bytes.next()), hex_digit(bytes.next())) {
                (Some(high), Some(low)) => (high << 4) | low,
                _ => return Err(Malformed::Encoding),
            },
            other => *other,
        });
    }
    String::from_utf8(decoded).map_err(|_| Malformed::Encoding)
}

fn hex_digit(byte: Option<&u8>) -> Option<u8> {
    char::from(*byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
