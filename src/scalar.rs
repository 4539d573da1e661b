//! Scalars as the gateways send them: numbers as text, text as numbers, booleans as text.
//!
//! For `#[serde(deserialize_with = "...")]`. Users never see the messages of these readers, only the path of the field.

mod key;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::time::{china, parse_china_text};
pub(crate) use key::{Key, NUMBER, visit_number};

/// From this value on, a JSON number with a fraction or an exponent does not hold every digit of an identifier.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// Text, from any scalar. A number keeps every digit: never `1.3e10`.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    parsed(deserializer, |text| Some(text.to_owned()))
}

/// Text that may be absent, `null` or empty; all three are `None`.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    optional_parsed(deserializer, |text| Some(T::from(text.to_owned())))
}

/// Text that may be absent, `null` or empty; all three are the empty text.
pub(crate) fn or_empty<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<T, D::Error> {
    optional(deserializer).map(|text: Option<T>| text.unwrap_or_else(|| T::from(String::new())))
}

/// Text that must not be empty.
pub(crate) fn required<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<T, D::Error> {
    parsed(deserializer, |text| if text.trim().is_empty() { None } else { Some(T::from(text.to_owned())) })
}

/// A number, also from text.
pub(crate) fn number<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error> {
    parsed(deserializer, |text| text.trim().parse().ok())
}

/// A number that may be absent, `null` or empty.
pub(crate) fn optional_number<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    optional_parsed(deserializer, |text| text.trim().parse().ok())
}

/// `true` or `false`, also from text of any case.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    parsed(deserializer, parse_boolean)
}

/// A boolean that may be absent, `null` or empty.
pub(crate) fn optional_boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    optional_parsed(deserializer, parse_boolean)
}

fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A China time, `yyyy-MM-dd HH:mm:ss` or a date alone; `None` if absent, `null`, empty or in another format: one bad
/// time must not make the other nineteen receivers unreadable.
pub(crate) fn optional_china_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let time = |text: &str| {
        parse_china_text(text).or_else(|| {
            let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
            day.and_time(NaiveTime::MIN).and_local_timezone(china()).single()
        })
    };
    optional_parsed(deserializer, |text| Some(time(text))).map(Option::flatten)
}

/// A time of day, `HH:mm:ss`; `None` if absent, `null`, empty or in another format.
pub(crate) fn optional_time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
    optional_parsed(deserializer, |text| Some(NaiveTime::parse_from_str(text.trim(), "%H:%M:%S").ok()))
        .map(Option::flatten)
}

/// A scalar, parsed from its text without a copy.
fn parsed<'de, D: Deserializer<'de>, T>(deserializer: D, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, D::Error> {
    deserializer.deserialize_any(Scalar(parse))
}

fn optional_parsed<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let parse = |text: &str| if text.is_empty() { Some(None) } else { parse(text).map(Some) };
    deserializer.deserialize_any(Nullable(Scalar(parse))).map(Option::flatten)
}

/// Visits any scalar as text.
struct Scalar<F>(F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> Visitor<'de> for Scalar<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number or a boolean")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).ok_or_else(|| E::custom("the text cannot be parsed"))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        // `Display` of a float never uses an exponent.
        if value.abs() < EXACT_FLOAT {
            self.visit_str(&value.to_string())
        } else {
            Err(E::custom("too many digits for a number"))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let number = number_in(map)?;
        visit_number(&number, self)
    }
}

/// The text of a number that `serde_json` passes as an object (see [`NUMBER`]); any other object is an error.
fn number_in<'de, A: MapAccess<'de>>(mut map: A) -> Result<Cow<'de, str>, A::Error> {
    match map.next_key()? {
        Some(Key(key)) if key == NUMBER => map.next_value().map(|Key(number)| number),
        _ => Err(de::Error::custom("an object for a scalar")),
    }
}

/// Also accepts `null`.
struct Nullable<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Nullable<V> {
    type Value = Option<V::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.0.visit_str(text).map(Some)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        self.0.visit_string(text).map(Some)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        self.0.visit_bool(value).map(Some)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        self.0.visit_u64(value).map(Some)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        self.0.visit_i64(value).map(Some)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        self.0.visit_f64(value).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.visit_map(map).map(Some)
    }
}
