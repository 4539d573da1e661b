//! The field names of a struct, asked of its `Deserialize` without any input.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// The fields of a struct that derives `Deserialize`; `None` for any other type.
pub(super) type Fields = Option<&'static [&'static str]>;

/// The fields of a type.
pub(super) fn fields_of<T: DeserializeOwned>() -> Fields {
    let mut fields = None;
    let _ = T::deserialize(FieldNames(&mut fields));
    fields
}

/// A deserializer that records the field names and then fails.
struct FieldNames<'a>(&'a mut Fields);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = NoInput;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoInput> {
        Err(NoInput)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoInput> {
        *self.0 = Some(fields);
        Err(NoInput)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The error of [`FieldNames`]. Unlike serde's own errors it allocates nothing.
#[derive(Debug)]
struct NoInput;

impl fmt::Display for NoInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no input")
    }
}

impl std::error::Error for NoInput {}

impl Error for NoInput {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}
