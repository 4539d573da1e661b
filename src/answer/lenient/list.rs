//! Lists in every form that the gateways send.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::super::known_field::{RequireKnownField, WithFirstKey};
use super::super::struct_fields::{Fields, fields_of};
use super::super::tree::{MAX_VALUES, TreeSeed};
use crate::scalar::text;
use crate::scalar::{Key, NUMBER, visit_number};

/// The most elements of one list. The gateways send some dozens. The cap bounds memory: an element of two bytes can
/// take a hundred times as much.
const MAX_ELEMENTS: usize = 100_000;

/// The element of a list that a gateway may wrap in one key, as in `{"receiver_list": {"receiver": [..]}}`.
pub(crate) trait ListItem: DeserializeOwned {
    /// The key that wraps the list. A plural in `s` is found in the singular too: the gateways use both for some lists.
    const WRAPPER: &'static str;
}

/// A list: an array, an object with the list under its wrapping key, a single element in place of an array, empty text,
/// `{}` or `null`.
///
/// Other members beside the wrapping key are ignored. A wrapping key of another name is accepted if only one member can
/// be the list. An element without any member of its type is an error.
pub(crate) fn list<'de, D: Deserializer<'de>, T: ListItem>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(ListVisitor { may_be_wrapped: true, item: PhantomData })
}

/// A list of texts: as [`list`], with `string` as the wrapping key, or one text with commas.
pub(crate) fn text_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let items: Vec<ListedText> = list(deserializer)?;
    let texts = items.iter().flat_map(|ListedText(text)| text.split(','));
    let texts = texts.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let texts: Vec<_> = texts.take(MAX_ELEMENTS.saturating_add(1)).collect();
    if texts.len() > MAX_ELEMENTS { Err(too_many()) } else { Ok(texts) }
}

fn too_many<E: Error>() -> E {
    E::custom("too many elements for a list")
}

fn is_wrapper<T: ListItem>(key: &str) -> bool {
    key == T::WRAPPER || T::WRAPPER.strip_suffix('s') == Some(key)
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

struct ListVisitor<T> {
    /// Whether the list may be wrapped in its key. The list under the key may not be wrapped again.
    may_be_wrapped: bool,
    item: PhantomData<T>,
}

impl<T: ListItem> ListVisitor<T> {
    fn single<'de, E: Error>(value: impl IntoDeserializer<'de, E>) -> Result<Vec<T>, E> {
        T::deserialize(value.into_deserializer()).map(|item| vec![item])
    }
}

impl<'de, T: ListItem> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_none<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        if text.trim().is_empty() { Ok(Vec::new()) } else { Self::single(text) }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Vec<T>, E> {
        Self::single(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Vec<T>, E> {
        Self::single(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Vec<T>, E> {
        Self::single(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(ItemSeed(PhantomData))? {
            if list.len() >= MAX_ELEMENTS {
                return Err(too_many());
            }
            list.push(item);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        let Some(Key(first)) = map.next_key()? else { return Ok(Vec::new()) };
        if first == NUMBER {
            let Key(number) = map.next_value()?;
            return visit_number(&number, self);
        }
        if !self.may_be_wrapped {
            let object = MapAccessDeserializer::new(WithFirstKey::new(first, map));
            return T::deserialize(RequireKnownField(object)).map(|item| vec![item]);
        }
        unwrap_list(first, map)
    }
}

/// The list in an object: the value of the wrapping key; without that key, the one member that can be the list; without
/// such a member, the object as the only element.
fn unwrap_list<'de, T: ListItem, A: MapAccess<'de>>(first: Cow<'de, str>, mut map: A) -> Result<Vec<T>, A::Error> {
    let mut list = None;
    let mut others = Vec::new();
    let mut remaining = MAX_VALUES;
    let mut next = Some(Key(first));
    while let Some(Key(key)) = next {
        if is_wrapper::<T>(&key) {
            if list.replace(map.next_value_seed(WrappedListSeed(PhantomData))?).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        } else if list.is_some() {
            map.next_value::<IgnoredAny>()?;
        } else {
            others.push((key.into_owned(), map.next_value_seed(TreeSeed { remaining: &mut remaining })?));
        }
        next = map.next_key()?;
    }
    match list {
        Some(list) => Ok(list),
        None => list_without_wrapper(others).map_err(A::Error::custom),
    }
}

/// The list in an object that lacks the wrapping key.
fn list_without_wrapper<T: ListItem>(members: Vec<(String, Value)>) -> Result<Vec<T>, serde_json::Error> {
    let fields = fields_of::<T>();
    let is_field = |name: &str| fields.is_some_and(|fields| fields.contains(&name));
    let may_be_list = |(name, value): &&(String, Value)| !is_field(name) && may_be_list_value(fields, value);
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let lists: Vec<_> = members.iter().filter(may_be_list).collect();
    let filled: Vec<_> = lists.iter().filter(|(_, value)| !is_empty(value)).collect();
    let is_element = members.iter().any(|(name, _)| is_field(name));
    match (filled.as_slice(), lists.as_slice()) {
        ([], _) if is_element => {
            T::deserialize(RequireKnownField(MapDeserializer::new(members.into_iter()))).map(|item| vec![item])
        }
        ([(_, list)], _) | ([], [(_, list)]) if !is_element => WrappedListSeed(PhantomData).deserialize(list),
        _ => Err(Error::custom("no member can be the list, or more than one")),
    }
}

/// Whether a value can be the list: an object with a field of the element type, or an array of such objects; for a list
/// of texts, an array of scalars.
fn may_be_list_value(fields: Fields, value: &Value) -> bool {
    let is_element = |value: &Value| match (fields, value) {
        (Some(fields), Value::Object(members)) => fields.iter().any(|field| members.contains_key(*field)),
        (None, value) => value.is_string() || value.is_number(),
        (Some(_), _) => false,
    };
    match value {
        Value::Array(elements) => elements.iter().all(is_element),
        Value::Object(_) => is_element(value),
        _ => false,
    }
}

/// Reads the value of the wrapping key.
struct WrappedListSeed<T>(PhantomData<T>);

impl<'de, T: ListItem> DeserializeSeed<'de> for WrappedListSeed<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(ListVisitor { may_be_wrapped: false, item: PhantomData })
    }
}

/// Reads one element.
struct ItemSeed<T>(PhantomData<T>);

impl<'de, T: ListItem> DeserializeSeed<'de> for ItemSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(RequireKnownField(deserializer))
    }
}
