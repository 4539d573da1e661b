//! An object that may be absent.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::super::known_field::{RequireKnownField, WithFirstKey};
use crate::scalar::Key;

/// An object that may be absent, `null`, empty or empty text; all are `None`.
pub(crate) fn optional_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// An object that may be absent, `null`, empty or empty text; all are the default value.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    optional_object(deserializer).map(Option::unwrap_or_default)
}

/// As [`optional_object`], and also the JSON text of an object.
pub(crate) fn json_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(JsonObjectVisitor(PhantomData))
}

struct JsonObjectVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for JsonObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or its JSON text")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let mut json = serde_json::Deserializer::from_str(text);
        // The parser's message may quote the text.
        let unreadable = |_: serde_json::Error| E::custom("the text is no JSON object of this type");
        let object = optional_object(&mut json).map_err(unreadable)?;
        json.end().map_err(unreadable)?;
        Ok(object)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        ObjectVisitor(PhantomData).visit_map(map)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.trim().is_empty() { Ok(None) } else { Err(E::custom("text for an object")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let Some(Key(first)) = map.next_key()? else { return Ok(None) };
        T::deserialize(RequireKnownField(MapAccessDeserializer::new(WithFirstKey::new(first, map)))).map(Some)
    }
}
