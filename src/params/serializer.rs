//! The serde serializer behind [`Params::from_struct`]: one level of names, with plain text or JSON as values.

use std::borrow::Cow;
use std::fmt::{Display, Write};

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeMap, SerializeStruct};

use super::Params;
use crate::invalid::InvalidRequest;

impl Params {
    /// Makes one parameter of each field of a struct or entry of a map: `None` is left out, a boolean becomes `true` or
    /// `false`, a nested struct or list becomes JSON text, any other value its plain text.
    ///
    /// # Errors
    /// If the value is not a struct or map, or a field cannot be written as text. The error names the field.
    pub fn from_struct<T: Serialize + ?Sized>(value: &T) -> Result<Self, InvalidRequest> {
        value.serialize(ParamsSerializer::default()).map_err(Into::into)
    }
}

/// For `#[serde(serialize_with)]`: a list as one text with commas, for fields that are not JSON on the wire.
pub(crate) fn comma_separated<T: Serialize, S: serde::Serializer>(
    items: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let texts: Result<Vec<_>, _> = items.iter().map(scalar_text).collect();
    let texts = texts.map_err(|_| serde::ser::Error::custom("a list of texts can hold scalars only"))?;
    serializer.serialize_str(&texts.join(","))
}

/// Why a value cannot become parameters.
#[derive(Debug)]
pub(super) enum ParamsError {
    /// Not a scalar: it is written as JSON instead.
    Compound,
    /// The whole value is not a struct or map.
    NotAStruct,
    /// The serializer of a field failed. Its message is dropped, because it may quote the value.
    Unserializable { field: Option<Cow<'static, str>> },
}

impl Display for ParamsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot be written as request parameters")
    }
}

impl std::error::Error for ParamsError {}

impl ser::Error for ParamsError {
    fn custom<T: Display>(_: T) -> Self {
        Self::Unserializable { field: None }
    }
}

impl From<ParamsError> for InvalidRequest {
    fn from(error: ParamsError) -> Self {
        match error {
            ParamsError::Unserializable { field: Some(field) } => Self::new(field, "cannot be written as text or JSON"),
            ParamsError::Compound | ParamsError::NotAStruct | ParamsError::Unserializable { field: None } => {
                Self::new("request", "must be a struct of named parameters")
            }
        }
    }
}

/// The text of a scalar; empty for `None`.
pub(super) fn scalar_text<T: Serialize + ?Sized>(value: &T) -> Result<String, ParamsError> {
    let mut text = String::new();
    value.serialize(ScalarSerializer { text: &mut text })?;
    Ok(text)
}

#[derive(Default)]
pub(super) struct ParamsSerializer {
    params: Params,
    /// The key of the map entry whose value is serialized next.
    name: Option<Cow<'static, str>>,
}

impl ParamsSerializer {
    fn add<T: Serialize + ?Sized>(&mut self, name: Cow<'static, str>, value: &T) -> Result<(), ParamsError> {
        let texts = &mut self.params.texts;
        let written = match value.serialize(ScalarSerializer { text: texts }) {
            Err(ParamsError::Compound) => {
                serde_json::to_string(value).map_err(|_| ParamsError::NotAStruct).map(|json| {
                    texts.push_str(&json);
                    Written::Text
                })
            }
            scalar => scalar,
        };
        match written {
            Ok(Written::Text) => self.params.names.push((name, texts.len())),
            Ok(Written::Nothing) => {}
            Err(_) => return Err(ParamsError::Unserializable { field: Some(name) }),
        }
        Ok(())
    }
}

impl SerializeStruct for ParamsSerializer {
    type Ok = Params;
    type Error = ParamsError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ParamsError> {
        self.add(Cow::Borrowed(name), value)
    }

    fn end(self) -> Result<Params, ParamsError> {
        Ok(self.params)
    }
}

impl SerializeMap for ParamsSerializer {
    type Ok = Params;
    type Error = ParamsError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ParamsError> {
        self.name = Some(Cow::Owned(scalar_text(key)?));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ParamsError> {
        match self.name.take() {
            Some(name) => self.add(name, value),
            None => Err(ParamsError::NotAStruct),
        }
    }

    fn end(self) -> Result<Params, ParamsError> {
        Ok(self.params)
    }
}

macro_rules! refuse {
    ($error:expr => $($method:ident($($argument:ty),*))*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Self::Ok, ParamsError> { Err($error) })*
    };
}

/// The methods that fail in both serializers: lists, and enum variants with data.
macro_rules! refuse_lists_and_variants {
    ($error:expr) => {
        type SerializeSeq = Impossible<Self::Ok, ParamsError>;
        type SerializeTuple = Impossible<Self::Ok, ParamsError>;
        type SerializeTupleStruct = Impossible<Self::Ok, ParamsError>;
        type SerializeTupleVariant = Impossible<Self::Ok, ParamsError>;
        type SerializeStructVariant = Impossible<Self::Ok, ParamsError>;

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, ParamsError> {
            Err($error)
        }

        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, ParamsError> {
            Err($error)
        }

        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, ParamsError> {
            Err($error)
        }

        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, ParamsError> {
            Err($error)
        }

        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, ParamsError> {
            Err($error)
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, ParamsError> {
            Err($error)
        }
    };
}

impl ser::Serializer for ParamsSerializer {
    type Ok = Params;
    type Error = ParamsError;
    type SerializeMap = Self;
    type SerializeStruct = Self;

    refuse_lists_and_variants!(ParamsError::NotAStruct);

    fn serialize_struct(mut self, _: &'static str, fields: usize) -> Result<Self, ParamsError> {
        // The length of a number or an id. A nested value makes the buffer grow once or twice.
        const TYPICAL_LENGTH: usize = 16;
        self.params.names.reserve(fields);
        self.params.texts.reserve(fields.saturating_mul(TYPICAL_LENGTH));
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, ParamsError> {
        Ok(self)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Params, ParamsError> {
        Ok(self.params)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Params, ParamsError> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Params, ParamsError> {
        value.serialize(self)
    }

    refuse! { ParamsError::NotAStruct =>
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
        serialize_none() serialize_unit()
        serialize_unit_variant(&'static str, u32, &'static str)
    }
}

/// Writes the text of one parameter; fails with [`ParamsError::Compound`] for a value that must be JSON.
struct ScalarSerializer<'a> {
    text: &'a mut String,
}

/// What was written: `None` and unit write nothing, not even an empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Text,
    Nothing,
}

impl ScalarSerializer<'_> {
    fn display(self, value: impl Display) -> Result<Written, ParamsError> {
        write!(self.text, "{value}").map_err(ser::Error::custom)?;
        Ok(Written::Text)
    }
}

macro_rules! plain_text {
    ($($method:ident($argument:ty))*) => {
        $(fn $method(self, value: $argument) -> Result<Written, ParamsError> { self.display(value) })*
    };
}

impl ser::Serializer for ScalarSerializer<'_> {
    type Ok = Written;
    type Error = ParamsError;
    type SerializeMap = Impossible<Written, ParamsError>;
    type SerializeStruct = Impossible<Written, ParamsError>;

    plain_text! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_char(char)
    }

    fn serialize_str(self, text: &str) -> Result<Written, ParamsError> {
        self.text.push_str(text);
        Ok(Written::Text)
    }

    fn serialize_none(self) -> Result<Written, ParamsError> {
        Ok(Written::Nothing)
    }

    fn serialize_unit(self) -> Result<Written, ParamsError> {
        Ok(Written::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Written, ParamsError> {
        Ok(Written::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, ParamsError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Written, ParamsError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Written, ParamsError> {
        self.serialize_str(variant)
    }

    refuse_lists_and_variants!(ParamsError::Compound);

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, ParamsError> {
        Err(ParamsError::Compound)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, ParamsError> {
        Err(ParamsError::Compound)
    }

    refuse! { ParamsError::Compound => serialize_bytes(&[u8]) }
}
