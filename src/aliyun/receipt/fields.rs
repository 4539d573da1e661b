//! Reads the fields of a message, whatever their spelling and their JSON type.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::redact::Private;
use crate::scalar::{self, Key};
use crate::time::{china, parse_china_text};

/// The most elements of one array. The size of a push is not documented. The cap bounds memory: an element of two bytes
/// takes a hundred times as much.
pub(super) const MAX_ELEMENTS: usize = 10_000;

/// The first instant that an epoch in milliseconds can mean, in 1973: a smaller number is a placeholder, or not in
/// milliseconds.
const FIRST_MILLISECOND: i64 = 100_000_000_000;

/// An object of the wire.
pub(super) trait Message: Default + PartialEq {
    /// Reads a member by its name in snake case; ignores unknown names.
    ///
    /// # Errors
    /// The name of the field, if its value cannot be read or contradicts another spelling of the same member.
    fn read_field(&mut self, name: &str, value: &RawValue) -> Result<(), &'static str>;
}

/// Defines a message: the type of each field, and its reader in this file. Every field may be absent.
macro_rules! message {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty as $reader:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $crate::aliyun::receipt::fields::Message for $name {
            fn read_field(
                &mut self,
                name: &str,
                value: &serde_json::value::RawValue,
            ) -> Result<(), &'static str> {
                use $crate::aliyun::receipt::fields;
                match name {
                    $(stringify!($field) => {
                        fields::merge(&mut self.$field, fields::$reader(value)).ok_or(stringify!($field))
                    })*
                    _ => Ok(()),
                }
            }
        }
    };
}

pub(super) use message;

/// Sets a field. A member may come in two spellings if one is empty or both have the same value.
pub(super) fn merge<T: Default + PartialEq>(field: &mut T, read: serde_json::Result<T>) -> Option<()> {
    let value = read.ok()?;
    if value == T::default() || value == *field {
        return Some(());
    }
    if *field != T::default() {
        return None;
    }
    *field = value;
    Some(())
}

/// Text from any scalar.
pub(super) fn text<T: From<String>>(value: &RawValue) -> serde_json::Result<Option<T>> {
    scalar::optional(value)
}

/// Text from any scalar, trimmed.
pub(super) fn trimmed<T: for<'a> From<&'a str>>(value: &RawValue) -> serde_json::Result<Option<T>> {
    readable(value, |text| Some(text).filter(|text| !text.is_empty()).map(T::from))
}

/// A text as it is; anything else but `null` as its JSON text.
pub(super) fn raw_text(value: &RawValue) -> serde_json::Result<Option<Private>> {
    match value.get() {
        "null" => Ok(None),
        json if json.starts_with('"') => scalar::optional(value),
        json => Ok(Some(json.into())),
    }
}

/// A number, also from text; `None` if it is not one.
pub(super) fn number<T: FromStr>(value: &RawValue) -> serde_json::Result<Option<T>> {
    readable(value, |text| text.parse().ok())
}

/// A number with a fraction, also from text; `None` if it is not one.
pub(super) fn decimal(value: &RawValue) -> serde_json::Result<Option<f64>> {
    readable(value, |text| text.parse().ok().filter(|number: &f64| number.is_finite()))
}

/// A time; `None` in any other format: an unanswered call with a placeholder for the time of its answer is still a
/// call.
pub(super) fn time(value: &RawValue) -> serde_json::Result<Option<DateTime<FixedOffset>>> {
    readable(value, parse_time)
}

fn readable<T>(value: &RawValue, parse: impl FnOnce(&str) -> Option<T>) -> serde_json::Result<Option<T>> {
    let text: Option<String> = scalar::optional(value)?;
    Ok(text.and_then(|text| parse(text.trim())))
}

/// `yyyy-MM-dd HH:mm:ss` in China time, with or without a fraction, or milliseconds since 1970.
fn parse_time(text: &str) -> Option<DateTime<FixedOffset>> {
    if let Ok(milliseconds) = text.parse() {
        let time = DateTime::from_timestamp_millis(milliseconds).filter(|_| milliseconds >= FIRST_MILLISECOND)?;
        return Some(time.with_timezone(&china()));
    }
    parse_china_text(text).or_else(|| {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
        local.and_local_timezone(china()).single()
    })
}

/// Messages inside a message: an array, a single object, `null` or empty text.
pub(super) fn messages<T: Message>(value: &RawValue) -> serde_json::Result<Vec<T>> {
    if matches!(value.get(), "null" | "\"\"") {
        return Ok(Vec::new());
    }
    let elements = elements(value.get())?;
    let read = |element| read_message(element).map_err(|_| de::Error::custom("an element of another type"));
    elements.into_iter().map(read).collect()
}

/// The elements of an array; anything else is a single element.
///
/// # Errors
/// The text is not JSON; or, with an error of the category `Data`, the array is too long.
pub(super) fn elements(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    if !text.trim_ascii_start().starts_with('[') {
        return serde_json::from_str(text).map(|element| vec![element]);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let elements = deserializer.deserialize_seq(Elements)?;
    deserializer.end()?;
    Ok(elements)
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element()? {
            if elements.len() >= MAX_ELEMENTS {
                return Err(de::Error::custom("too many elements"));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

/// Why a text is no message of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not an object, or no member of the type has a value.
    NotThisType,
    /// The field cannot be read.
    Field(&'static str),
}

/// Reads an object as a message.
pub(super) fn read_message<T: Message>(value: &RawValue) -> Result<T, Unreadable> {
    let mut members = Members { message: T::default(), unreadable: None };
    let read = (&mut members).deserialize(value);
    match members {
        Members { unreadable: Some(field), .. } => Err(Unreadable::Field(field)),
        Members { message, .. } if read.is_ok() && message != T::default() => Ok(message),
        _ => Err(Unreadable::NotThisType),
    }
}

struct Members<T> {
    message: T,
    unreadable: Option<&'static str>,
}

impl<'de, T: Message> DeserializeSeed<'de> for &mut Members<T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Message> Visitor<'de> for &mut Members<T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            if let Err(field) = self.message.read_field(&canonical(&name), value) {
                self.unreadable.get_or_insert(field);
            }
        }
        Ok(())
    }
}

/// The name of a member in snake case: pages and samples spell the same member in several ways.
fn canonical(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    let mut after_small = false;
    for character in name.chars() {
        if after_small && character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
        after_small = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    match snake.as_str() {
        "subs_id" => "sub_id".to_owned(),
        "aliyun_price" => "aliyunprice".to_owned(),
        _ => snake,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_spelling_is_the_same_member() {
        for (name, field) in [
            ("call_id", "call_id"),
            ("callId", "call_id"),
            ("CallId", "call_id"),
            ("ring_Time", "ring_time"),
            ("Vendor", "vendor"),
            ("subs_id", "sub_id"),
            ("subsId", "sub_id"),
            ("aliyunprice", "aliyunprice"),
            ("aliyunPrice", "aliyunprice"),
            ("aNoWhiteGroupId", "a_no_white_group_id"),
            ("SECRET_NO", "secret_no"),
        ] {
            assert_eq!(canonical(name), field, "{name}");
        }
    }

    #[test]
    fn a_time_is_read_in_every_form_and_a_placeholder_is_none() {
        let call = DateTime::parse_from_rfc3339("2021-08-25T20:11:29+08:00").unwrap();
        for text in ["2021-08-25 20:11:29", " 2021-08-25 20:11:29 ", "1629893489000", "2021-08-25 20:11:29.0"] {
            assert_eq!(parse_time(text.trim()), Some(call), "{text}");
        }
        for text in ["", "0", "-1", "1629893489", "0000-00-00 00:00:00", "null", "99999999999999999999", "-"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
