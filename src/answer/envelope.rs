//! The envelope around the content of a response, and how the content is found in it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::buffered::Buffered;
use super::collect::ContentSeed;
use super::summary::{ResultMember, Summary};
use crate::scalar::Key;

/// How a gateway wraps the response to one operation.
pub(crate) struct Envelope<'a> {
    /// The root of a successful response, without [`root_suffix`](Self::root_suffix).
    pub(crate) root: Cow<'a, str>,
    pub(crate) root_suffix: &'static str,
    /// The root of an error response.
    pub(crate) error_root: &'static str,
    /// Whether JSON responses have these roots too. If not, the top level of JSON is the content.
    pub(crate) has_root_in_json: bool,
}

impl Envelope<'_> {
    pub(super) fn is_root(&self, name: &str) -> bool {
        name.strip_suffix(self.root_suffix) == Some(self.root.as_ref())
    }
}

/// Reads the top level of a JSON response that has a root.
pub(super) struct TopLevelSeed<'s, 'e, 'de, T> {
    pub(super) envelope: &'e Envelope<'e>,
    pub(super) summary: &'s mut Summary<'de>,
    pub(super) content: PhantomData<T>,
}

/// The root that was found at the top level.
pub(super) enum TopLevel<T> {
    Content(T),
    /// The root of errors, or of another method.
    OtherRoot,
    /// No root.
    NoRoot,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for TopLevelSeed<'_, '_, 'de, T> {
    type Value = TopLevel<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TopLevel<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for TopLevelSeed<'_, '_, 'de, T> {
    type Value = TopLevel<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TopLevel<T>, A::Error> {
        let Self { envelope, summary, .. } = self;
        let mut found = TopLevel::NoRoot;
        while let Some(Key(key)) = map.next_key()? {
            if envelope.is_root(&key) {
                if summary.has_content {
                    return Err(A::Error::custom("duplicate root"));
                }
                found = TopLevel::Content(map.next_value_seed(ContentSeed::new(summary))?);
            } else if key == envelope.error_root {
                let mut inside = Summary::default();
                let is_present = map.next_value_seed(ContentSeed::<IsPresent>::new(&mut inside))?.0;
                if is_present && summary.error.replace(inside.outer).is_some() {
                    return Err(A::Error::custom("duplicate error root"));
                }
            } else if let Some(member) = ResultMember::of(&key) {
                let value: Buffered<'de> = map.next_value()?;
                summary.outer.add(member, &value);
            } else {
                map.next_value::<IgnoredAny>()?;
                if key.ends_with("_response") && matches!(found, TopLevel::NoRoot) {
                    found = TopLevel::OtherRoot;
                }
            }
        }
        if summary.error.is_some() && matches!(found, TopLevel::NoRoot) {
            found = TopLevel::OtherRoot;
        }
        Ok(found)
    }
}

/// Whether a value is present: anything but `null`.
pub(super) struct IsPresent(pub(super) bool);

impl<'de> Deserialize<'de> for IsPresent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IsPresentVisitor)
    }
}

struct IsPresentVisitor;

macro_rules! present {
    ($($method:ident($type:ty))*) => {
        $(fn $method<E>(self, _: $type) -> Result<IsPresent, E> {
            Ok(IsPresent(true))
        })*
    };
}

impl<'de> Visitor<'de> for IsPresentVisitor {
    type Value = IsPresent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<IsPresent, E> {
        Ok(IsPresent(false))
    }

    present! { visit_bool(bool) visit_u64(u64) visit_i64(i64) visit_f64(f64) visit_str(&str) }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<IsPresent, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(IsPresent(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<IsPresent, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(IsPresent(true))
    }
}
