use std::cmp::Ordering;

use super::encode::{Encoded, Encoder};

/// Borrowed parameters, sorted by the bytes of their names: upper case before `_` before lower case. Equal names keep their
/// order.
pub(crate) struct SortedParams<'a>(Vec<Pair<'a>>);

struct Pair<'a> {
    /// The first bytes of the name as a number that sorts as they do: most comparisons need no more.
    beginning: u64,
    name: &'a str,
    value: &'a str,
}

impl<'a> SortedParams<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().map(|pair| (pair.name, pair.value))
    }

    /// The length of all names and values in bytes, without separators.
    pub(crate) fn plain_length(&self) -> usize {
        self.0.iter().map(|pair| pair.name.len().saturating_add(pair.value.len())).sum()
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
        pairs.extend(given.map(|(name, value)| Pair { beginning: beginning(name), name, value }));
        pairs.sort_by(|a: &Pair<'_>, b| match a.beginning.cmp(&b.beginning) {
            Ordering::Equal => a.name.cmp(b.name),
            order => order,
        });
        Self(pairs)
    }
}

/// Shorter names are filled up with zeros, which sort before every other byte.
fn beginning(name: &str) -> u64 {
    let name = name.as_bytes();
    name.first_chunk().map_or_else(
        || name.iter().chain(std::iter::repeat(&0)).take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)),
        |first| u64::from_be_bytes(*first),
    )
}
