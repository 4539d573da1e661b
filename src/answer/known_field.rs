//! Refuses an object without any field of its type: it is some other object.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::forward::forward_deserializer;
use crate::scalar::Key;

/// Reads a struct, and refuses an object without any of its fields. Passes everything else on unchanged.
pub(super) struct RequireKnownField<D>(pub(super) D);

impl<D> RequireKnownField<D> {
    fn split<V>(self, visitor: V) -> (D, V) {
        (self.0, visitor)
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for RequireKnownField<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, StructVisitor { fields, visitor })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    forward_deserializer!();
}

/// Visits objects only: a struct may not be read from an array, whose elements have no names.
struct StructVisitor<V> {
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for StructVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let mut members = CheckedMap { map, fields: self.fields, has_known_member: false };
        let value = self.visitor.visit_map(&mut members)?;
        if members.has_known_member || self.fields.is_empty() { Ok(value) } else { Err(no_known_member()) }
    }
}

/// The error for an object without any field of its type.
pub(super) fn no_known_member<E: Error>() -> E {
    E::custom("an object without any known member")
}

/// Checks the names until one is a field; mostly the first one is.
struct CheckedMap<A> {
    map: A,
    fields: &'static [&'static str],
    has_known_member: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for CheckedMap<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if self.has_known_member {
            return self.map.next_key_seed(seed);
        }
        let Some(Key(key)) = self.map.next_key()? else { return Ok(None) };
        self.has_known_member = self.fields.contains(&key.as_ref());
        seed.deserialize(CowStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A map whose first key was read before, to find out what the object is. It yields that key first.
pub(super) struct WithFirstKey<'de, A> {
    first: Option<Cow<'de, str>>,
    rest: A,
}

impl<'de, A> WithFirstKey<'de, A> {
    pub(super) fn new(first: Cow<'de, str>, rest: A) -> Self {
        Self { first: Some(first), rest }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WithFirstKey<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(CowStrDeserializer::new(first)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
