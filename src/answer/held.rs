//! A member that two are interested in: the judge of the answer, and the type that it is read into.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::tree::{MAX_VALUES, TreeSeed};

/// Any value; scalars without a copy.
pub(super) enum Held<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// An array or an object.
    Tree(Value),
}

impl<'de> Held<'de> {
    /// The scalar's text; `None` for an array or an object that holds anything.
    pub(super) fn text(&self) -> Option<Cow<'de, str>> {
        Some(match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Unsigned(value) => Cow::Owned(value.to_string()),
            Self::Signed(value) => Cow::Owned(value.to_string()),
            Self::Float(value) => Cow::Owned(value.to_string()),
            Self::Text(text) => text.clone(),
            Self::Tree(Value::Array(elements)) if elements.is_empty() => Cow::Borrowed(""),
            Self::Tree(Value::Object(members)) if members.is_empty() => Cow::Borrowed(""),
            Self::Tree(_) => return None,
        })
    }

    /// Reads it once more.
    pub(super) fn deserializer<E>(self) -> HeldDeserializer<'de, E> {
        HeldDeserializer { held: self, error: PhantomData }
    }
}

impl<'de> Deserialize<'de> for Held<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }
}

struct HeldVisitor;

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Held<'de>, E> {
        Ok(Held::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Held<'de>, E> {
        Ok(Held::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Held<'de>, E> {
        Ok(Held::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Held<'de>, E> {
        Ok(Held::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Held<'de>, E> {
        Ok(Held::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Held<'de>, E> {
        Ok(Held::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Held<'de>, E> {
        Ok(Held::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Held<'de>, E> {
        Ok(Held::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Held<'de>, A::Error> {
        TreeSeed { left: &mut MAX_VALUES.clone() }.visit_seq(elements).map(Held::Tree)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Held<'de>, A::Error> {
        Ok(match (TreeSeed { left: &mut MAX_VALUES.clone() }).visit_map(map)? {
            // What came as an object and is none was a number.
            Value::String(text) => Held::Text(Cow::Owned(text)),
            Value::Number(number) => number.as_f64().map_or(Held::Null, Held::Float),
            tree => Held::Tree(tree),
        })
    }
}

/// Reads a held value. An error is of the kind of the reader that it came from.
pub(super) struct HeldDeserializer<'de, E> {
    held: Held<'de>,
    error: PhantomData<E>,
}

impl<'de, E: Error> Deserializer<'de> for HeldDeserializer<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.held {
            Held::Null => visitor.visit_unit(),
            Held::Bool(value) => visitor.visit_bool(value),
            Held::Unsigned(value) => visitor.visit_u64(value),
            Held::Signed(value) => visitor.visit_i64(value),
            Held::Float(value) => visitor.visit_f64(value),
            Held::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Held::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Held::Tree(tree) => tree.deserialize_any(visitor).map_err(E::custom),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.held {
            Held::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.held {
            Held::Text(text) => {
                let text: StrDeserializer<'_, E> = text.as_ref().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            Held::Tree(tree) => tree.deserialize_enum(name, variants, visitor).map_err(E::custom),
            held => HeldDeserializer { held, error: PhantomData }.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
