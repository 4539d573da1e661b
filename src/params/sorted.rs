use super::encode::{Encoded, Encoder};

/// Borrowed parameters, sorted by the bytes of their names: upper case before `_` before lower case. Equal names keep
/// their order.
pub(crate) struct SortedParams<'a>(Vec<(&'a str, &'a str)>);

impl<'a> SortedParams<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }

    /// The length of all names and values in bytes, without separators.
    pub(crate) fn plain_length(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len().saturating_add(value.len())).sum()
    }

    /// `name=value&name=value`, percent-encoded for a form body or a query, with room for `extra` bytes more.
    pub(crate) fn form_encoded(&self, extra: usize) -> Encoded {
        let mut encoder = Encoded::with_capacity(self.plain_length().saturating_add(extra));
        encoder.push_pairs(self.iter());
        encoder
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for SortedParams<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let given = pairs.into_iter();
        // The lower bound of a filter is zero, but most pairs pass: reserve the upper bound.
        let mut pairs = Vec::with_capacity(given.size_hint().1.unwrap_or_default());
        pairs.extend(given);
        pairs.sort_by_key(|(name, _)| *name);
        Self(pairs)
    }
}
