//! Flat, ordered wire parameters, and how a request struct becomes them.

mod serializer;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::error::InvalidRequest;
use crate::sign::encode::push_encoded;

/// The parameters of one request: names and texts, in the order they were added.
///
/// `Debug` shows the names only.
///
/// ```
/// use privacy_number::Params;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct Request {
///     pool_key: &'static str,
///     expect_city: Option<String>,
///     is_recording_enabled: bool,
///     numbers: Vec<u64>,
/// }
///
/// let request =
///     Request { pool_key: "FC123456", expect_city: None, is_recording_enabled: true, numbers: vec![1, 2] };
/// let params = Params::from_struct(&request)?;
/// let pairs: Vec<_> = params.iter().collect();
/// assert_eq!(pairs, [("PoolKey", "FC123456"), ("IsRecordingEnabled", "true"), ("Numbers", "[1,2]")]);
/// # Ok::<(), privacy_number::InvalidRequest>(())
/// ```
#[derive(Clone, Default)]
pub struct Params(Vec<(Cow<'static, str>, String)>);

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a struct's fields: `None` is left out, booleans become `true` or `false`, a nested struct or list becomes
    /// one JSON text, everything else its plain text.
    ///
    /// # Errors
    /// If the value is no struct or map, or a field cannot be written as text; the field is named.
    pub fn from_struct<T: Serialize + ?Sized>(value: &T) -> Result<Self, InvalidRequest> {
        value.serialize(serializer::ParamsSerializer::default()).map_err(Into::into)
    }

    /// Adds a parameter at the end.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// All parameters in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// All parameters in byte order of their names: upper case before `_` before lower case.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&str, &str)> {
        let mut pairs: Vec<_> = self.iter().collect();
        pairs.sort_by_key(|(name, _)| *name);
        pairs
    }

    /// `name=value&name=value`, percent-encoded for a form body or a query.
    #[must_use]
    pub fn form_encoded(&self) -> String {
        join_encoded(self.iter())
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&str, &str) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }
}

/// `name=value` pairs, percent-encoded and joined by `&`.
pub(crate) fn join_encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        push_encoded(&mut text, name);
        text.push('=');
        push_encoded(&mut text, value);
    }
    text
}

/// For `#[serde(serialize_with)]`: a list as one text with commas, where the wire wants no JSON.
pub(crate) fn comma_separated<T: Serialize, S: serde::Serializer>(
    items: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let texts: Result<Vec<_>, _> = items.iter().map(serializer::scalar_text).collect();
    let texts = texts.map_err(|_| serde::ser::Error::custom("a list of texts can hold scalars only"))?;
    serializer.serialize_str(&texts.join(","))
}

impl<N: Into<Cow<'static, str>>, V: Into<String>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests;
