//! The quick way to an answer that says what it should, as nearly all do. Whatever is unusual about one is left to the
//! careful way: there the answer is read again, and it is told what is wrong with it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::struct_fields::fields_of;

/// A JSON answer of which the envelope says that it is a success.
pub(crate) enum Success<'a> {
    /// The content is the whole object, of which this member says that it is a success. Only a type that names the
    /// member reads it here: such a type refuses the member when it comes again, and says something else.
    Whole(&'static str, &'a str),
    /// The content is the value of this member, the only one of the object that matters.
    Under(String, &'a str),
}

impl Success<'_> {
    /// The content, unless there is anything unusual about it.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Option<T> {
        match self {
            Self::Whole(member, _) if !fields_of::<T>().is_some_and(|fields| fields.contains(&member)) => None,
            Self::Whole(_, json) => serde_json::from_str(json).ok(),
            Self::Under(member, json) => {
                let mut deserializer = serde_json::Deserializer::from_str(json);
                let content = Under { member: &member, content: PhantomData }.deserialize(&mut deserializer).ok()?;
                deserializer.end().ok()?;
                Some(content)
            }
        }
    }
}

/// Whether the first member of this name in a JSON object is just this text. What follows it is not looked at.
pub(crate) fn says(json: &str, member: &str, text: &str) -> bool {
    let mut is_said = false;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    // That the object has more members is an error here, and none of importance.
    let _ = Says { member, text, is_said: &mut is_said }.deserialize(&mut deserializer);
    is_said
}

struct Under<'a, T> {
    member: &'a str,
    content: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Under<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Under<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one member")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        if map.next_key::<&str>()? != Some(self.member) {
            return Err(A::Error::custom("another member"));
        }
        let content = map.next_value()?;
        match map.next_key::<IgnoredAny>()? {
            None => Ok(content),
            Some(_) => Err(A::Error::custom("another member")),
        }
    }
}

struct Says<'a> {
    member: &'a str,
    text: &'a str,
    is_said: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Says<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Says<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<&str>()? {
            if key == self.member {
                *self.is_said = map.next_value::<&str>()? == self.text;
                break;
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
