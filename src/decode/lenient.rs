//! Scalars and lists as the gateways really send them: numbers as text and text as numbers, booleans as text, lists
//! bare, wrapped in one key, single, empty or absent.
//!
//! For `#[serde(deserialize_with = "lenient::...")]`. Messages of these readers never reach a user; their paths do.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::time::{china, parse_china_text};

/// Above this a JSON number with a fraction part or exponent no longer holds every digit of an identifier.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// How many elements a list may have. The gateways send some dozens; an element of two bytes may take a hundred times as
/// much memory.
const MAX_ELEMENTS: usize = 100_000;

/// Text, whatever scalar it came as. A number keeps every digit: never `1.3e10`.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    parsed(deserializer, |text| Some(text.to_owned()))
}

/// Text that may be absent, `null` or empty; all three are `None`.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    optional_parsed(deserializer, |text| Some(T::from(text.to_owned())))
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

/// A China time, `yyyy-MM-dd HH:mm:ss` or a bare date; `None` if absent, `null`, empty or written in any other way: one
/// odd time must not cost the other nineteen receivers.
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

/// What a scalar's text says, read where it stands.
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

/// The element of a list that a gateway may wrap in one key, as in `{"receiver_list": {"receiver": [..]}}`.
pub(crate) trait ListItem {
    /// The key that wraps the list.
    const WRAPPER: &'static str;
}

/// A list: bare, wrapped in its key, a single element in place of a list, empty text, `{}`, `null`.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de> + ListItem>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(ListVisitor { wrapped: true, item: PhantomData })
}

/// A list of texts: as [`list`], wrapped in `string`, or one text with commas.
pub(crate) fn text_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let items: Vec<ListedText> = list(deserializer)?;
    let texts = items.iter().flat_map(|ListedText(text)| text.split(','));
    let texts = texts.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let texts: Vec<_> = texts.take(MAX_ELEMENTS.saturating_add(1)).collect();
    if texts.len() > MAX_ELEMENTS { Err(too_many()) } else { Ok(texts) }
}

fn too_many<E: de::Error>() -> E {
    E::custom("too many elements for a list")
}

struct ListedText(String);

impl ListItem for ListedText {
    const WRAPPER: &'static str = "string";
}

impl<'de> Deserialize<'de> for ListedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer).map(Self)
    }
}

/// Takes any scalar as the text that it would have been.
struct Scalar<F>(F);

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for Scalar<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number or a boolean")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).ok_or_else(|| E::custom("another kind of text"))
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
}

/// Adds `null` to what a visitor takes.
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
}

struct ListVisitor<T> {
    /// Whether the wrapping key may still come; it cannot twice.
    wrapped: bool,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de> + ListItem> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_none<E: de::Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
        if text.trim().is_empty() {
            Ok(Vec::new())
        } else {
            T::deserialize(text.into_deserializer()).map(|item| vec![item])
        }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Vec<T>, E> {
        T::deserialize(value.into_deserializer()).map(|item| vec![item])
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Vec<T>, E> {
        T::deserialize(value.into_deserializer()).map(|item| vec![item])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            if list.len() >= MAX_ELEMENTS {
                return Err(too_many());
            }
            list.push(item);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        let Some(first) = map.next_key::<String>()? else { return Ok(Vec::new()) };
        if self.wrapped && first == T::WRAPPER {
            let list = map.next_value_seed(ListSeed(PhantomData))?;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(list);
        }
        T::deserialize(MapAccessDeserializer::new(Replayed { first: Some(first), rest: map })).map(|item| vec![item])
    }
}

/// The value of the wrapping key.
struct ListSeed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + ListItem> DeserializeSeed<'de> for ListSeed<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(ListVisitor { wrapped: false, item: PhantomData })
    }
}

/// A map whose first key was already read to find out what the map is.
struct Replayed<A> {
    first: Option<String>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replayed<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
