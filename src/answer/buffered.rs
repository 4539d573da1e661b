//! A buffered value: it is read once, and then used both for the summary and for the content's type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::tree::{MAX_VALUES, TreeSeed};

/// Any value. Text is borrowed where possible.
pub(super) enum Buffered<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// An array or an object.
    Tree(Value),
}

impl<'de> Buffered<'de> {
    /// The text of a scalar; empty for `null`, `[]` and `{}`; `None` for any other array or object.
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

    /// Reads the value again, into a type.
    pub(super) fn deserializer<E>(self) -> BufferedDeserializer<'de, E> {
        BufferedDeserializer { value: self, error: PhantomData }
    }
}

impl<'de> Deserialize<'de> for Buffered<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BufferedVisitor)
    }
}

struct BufferedVisitor;

impl<'de> Visitor<'de> for BufferedVisitor {
    type Value = Buffered<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Buffered<'de>, E> {
        Ok(Buffered::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Buffered<'de>, A::Error> {
        TreeSeed { remaining: &mut MAX_VALUES.clone() }.visit_seq(elements).map(Buffered::Tree)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Buffered<'de>, A::Error> {
        Ok(match (TreeSeed { remaining: &mut MAX_VALUES.clone() }).visit_map(map)? {
            // `serde_json` passed a number as an object.
            Value::String(text) => Buffered::Text(Cow::Owned(text)),
            Value::Number(number) => number.as_f64().map_or(Buffered::Null, Buffered::Float),
            tree => Buffered::Tree(tree),
        })
    }
}

/// Reads a buffered value. Its error type is that of the deserializer that the value came from.
pub(super) struct BufferedDeserializer<'de, E> {
    value: Buffered<'de>,
    error: PhantomData<E>,
}

impl<'de, E: Error> Deserializer<'de> for BufferedDeserializer<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.value {
            Buffered::Null => visitor.visit_unit(),
            Buffered::Bool(value) => visitor.visit_bool(value),
            Buffered::Unsigned(value) => visitor.visit_u64(value),
            Buffered::Signed(value) => visitor.visit_i64(value),
            Buffered::Float(value) => visitor.visit_f64(value),
            Buffered::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Buffered::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Buffered::Tree(tree) => tree.deserialize_any(visitor).map_err(E::custom),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.value {
            Buffered::Null => visitor.visit_none(),
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
        match self.value {
            Buffered::Text(text) => {
                let text: StrDeserializer<'_, E> = text.as_ref().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            Buffered::Tree(tree) => tree.deserialize_enum(name, variants, visitor).map_err(E::custom),
            value => BufferedDeserializer { value, error: PhantomData }.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
