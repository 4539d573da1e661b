//! The flat, ordered parameters of a request, made from a request struct.

pub(crate) mod encode;
mod serializer;
mod sorted;

use std::borrow::Cow;
use std::fmt;

use encode::{Encoded, Encoder};
pub(crate) use serializer::comma_separated;
pub(crate) use sorted::SortedParams;

/// The parameters of one request: names and values as text, in insertion order.
///
/// `Debug` shows only the names.
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
pub struct Params {
    /// Each name, with the end of its value in `texts`.
    names: Vec<(Cow<'static, str>, usize)>,
    /// All values, concatenated.
    texts: String,
}

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter at the end.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl AsRef<str>) {
        self.texts.push_str(value.as_ref());
        self.names.push((name.into(), self.texts.len()));
    }

    /// All parameters, in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.names.iter().map(move |(name, end)| {
            let text = self.texts.get(start..*end).unwrap_or_default();
            start = *end;
            (name.as_ref(), text)
        })
    }

    /// All parameters, sorted by the bytes of their names: upper case before `_` before lower case.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&str, &str)> {
        self.iter().collect::<SortedParams<'_>>().iter().collect()
    }

    /// `name=value&name=value`, percent-encoded for a form body or a query.
    #[must_use]
    pub fn form_encoded(&self) -> String {
        let mut encoder = Encoded::with_capacity(self.texts.len());
        encoder.push_pairs(self.iter());
        encoder.into_text()
    }
}

impl<N: Into<Cow<'static, str>>, V: AsRef<str>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut params = Self::new();
        pairs.into_iter().for_each(|(name, value)| params.push(name, value));
        params
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests;
