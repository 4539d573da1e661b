//! What stands around a content, and how it is found.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::held::Held;
use super::key::Key;
use super::said::{Member, Said};
use super::watch::Content;

/// How a gateway wraps the answer to one operation.
pub(crate) struct Envelope<'a> {
    /// The root of a good answer, without [`root_suffix`](Self::root_suffix).
    pub(crate) root: Cow<'a, str>,
    pub(crate) root_suffix: &'static str,
    /// The root that errors have in place of it.
    pub(crate) error_root: &'static str,
    /// Whether JSON has the roots too; else its top level is the content.
    pub(crate) has_root_in_json: bool,
}

impl Envelope<'_> {
    pub(super) fn is_root(&self, name: &str) -> bool {
        name.strip_suffix(self.root_suffix) == Some(self.root.as_ref())
    }
}

/// The top level of a JSON answer that has a root.
pub(super) struct UnderRoot<'s, 'e, 'de, T> {
    pub(super) envelope: &'e Envelope<'e>,
    pub(super) said: &'s mut Said<'de>,
    pub(super) content: PhantomData<T>,
}

/// What stands there.
pub(super) enum Found<T> {
    Content(T),
    /// An error's root, or that of another method.
    OtherRoot,
    /// No root at all.
    NoRoot,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for UnderRoot<'_, '_, 'de, T> {
    type Value = Found<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for UnderRoot<'_, '_, 'de, T> {
    type Value = Found<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<T>, A::Error> {
        let Self { envelope, said, .. } = self;
        let mut found = Found::NoRoot;
        while let Some(Key(key)) = map.next_key()? {
            if envelope.is_root(&key) {
                if said.has_content {
                    return Err(A::Error::custom("two answers in one"));
                }
                found = Found::Content(map.next_value_seed(Content::new(said))?);
            } else if key == envelope.error_root {
                let mut inside = Said::default();
                let is_there = map.next_value_seed(Content::<IsThere>::new(&mut inside))?.0;
                if is_there && said.error.replace(inside.outer).is_some() {
                    return Err(A::Error::custom("two errors in one"));
                }
            } else if let Some(member) = Member::of(&key) {
                let value: Held<'de> = map.next_value()?;
                said.outer.hear(member, &value);
            } else {
                map.next_value::<IgnoredAny>()?;
                if key.ends_with("_response") && matches!(found, Found::NoRoot) {
                    found = Found::OtherRoot;
                }
            }
        }
        if said.error.is_some() && matches!(found, Found::NoRoot) {
            found = Found::OtherRoot;
        }
        Ok(found)
    }
}

/// Whether a value is anything but `null`.
pub(super) struct IsThere(pub(super) bool);

impl<'de> Deserialize<'de> for IsThere {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IsThereVisitor)
    }
}

struct IsThereVisitor;

macro_rules! there {
    ($($method:ident($type:ty))*) => {
        $(fn $method<E>(self, _: $type) -> Result<IsThere, E> {
            Ok(IsThere(true))
        })*
    };
}

impl<'de> Visitor<'de> for IsThereVisitor {
    type Value = IsThere;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<IsThere, E> {
        Ok(IsThere(false))
    }

    there! { visit_bool(bool) visit_u64(u64) visit_i64(i64) visit_f64(f64) visit_str(&str) }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<IsThere, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(IsThere(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<IsThere, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(IsThere(true))
    }
}
