//! Reads a content into its type, and collects on the way what the answer says of its own success.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::CowStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::held::Held;
use super::key::Key;
use super::known::none_known;
use super::said::{Member, Said};
use super::struct_fields::Fields;

/// Where an object stands in an answer. Objects further down are business data alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The content itself.
    Content,
    /// The value of one of its members.
    Part,
}

/// Reads a content.
pub(super) struct Content<'s, 'de, T> {
    said: &'s mut Said<'de>,
    content: PhantomData<T>,
}

impl<'s, 'de, T> Content<'s, 'de, T> {
    pub(super) fn new(said: &'s mut Said<'de>) -> Self {
        Self { said, content: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Content<'_, 'de, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        self.said.has_content = true;
        T::deserialize(Watched { inner: deserializer, said: self.said, level: Level::Content })
    }
}

/// A value that is watched while it is read.
struct Watched<'s, 'de, D> {
    inner: D,
    said: &'s mut Said<'de>,
    level: Level,
}

impl<'s, 'de, D> Watched<'s, 'de, D> {
    fn split<V>(self, visitor: V) -> (D, WatchedVisitor<'s, 'de, V>) {
        let Self { inner, said, level } = self;
        (inner, WatchedVisitor { visitor, said, level, fields: None })
    }
}

macro_rules! watched {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let (inner, visitor) = self.split(visitor);
            inner.$method(visitor)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let (inner, mut visitor) = self.split(visitor);
        visitor.fields = Some(fields);
        if visitor.level == Level::Content {
            visitor.said.fields = Some(fields);
        }
        inner.deserialize_struct(name, fields, visitor)
    }

    /// What the type ignores may still say that the call failed.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.said.is_coarse && self.level == Level::Part {
            return self.inner.deserialize_ignored_any(visitor);
        }
        self.deserialize_any(visitor)
    }

    watched! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.split(visitor);
        inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.split(visitor);
        inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.split(visitor);
        inner.deserialize_tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.split(visitor);
        inner.deserialize_tuple_struct(name, len, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let (inner, visitor) = self.split(visitor);
        inner.deserialize_enum(name, variants, visitor)
    }
}

struct WatchedVisitor<'s, 'de, V> {
    visitor: V,
    said: &'s mut Said<'de>,
    level: Level,
    /// The fields of the struct that is read here, if it is one.
    fields: Fields,
}

macro_rules! visits {
    ($($method:ident($type:ty))*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WatchedVisitor<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, said, level, fields } = self;
        let mut members = Members { map, said, level, fields, member: None, object: Object::default() };
        let value = visitor.visit_map(&mut members)?;
        members.conclude();
        let is_known = members.object.is_known || fields.is_none_or(<[_]>::is_empty);
        if is_known { Ok(value) } else { Err(none_known()) }
    }

    /// A struct may not be read from an array: its elements have no names.
    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        if self.fields.is_some() {
            Err(A::Error::custom("an array for an object"))
        } else {
            self.visitor.visit_seq(elements)
        }
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Watched { inner, said: self.said, level: self.level })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Watched { inner, said: self.said, level: self.level })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(data)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    visits! {
        visit_bool(bool) visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128) visit_u8(u8)
        visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128) visit_f32(f32) visit_f64(f64) visit_char(char)
        visit_str(&str) visit_borrowed_str(&'de str) visit_string(String) visit_bytes(&[u8])
        visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }
}

/// What one object has said so far.
#[derive(Default)]
struct Object<'de> {
    /// Whether it has a member that its type knows.
    is_known: bool,
    has_success: bool,
    has_usual_code: bool,
    /// A plain `code` one level down: that of a result if `success` stands beside it, else business data.
    code: Option<Cow<'de, str>>,
}

struct Members<'s, 'de, A> {
    map: A,
    said: &'s mut Said<'de>,
    level: Level,
    fields: Fields,
    /// What the name means that was read last.
    member: Option<Member>,
    object: Object<'de>,
}

impl<'de, A> Members<'_, 'de, A> {
    /// Looks at a name.
    fn see(&mut self, name: &str) {
        let is_content = self.level == Level::Content;
        let fields = if is_content { self.said.fields } else { self.fields };
        let is_field = || fields.is_none_or(|fields| fields.contains(&name));
        self.member = Member::of(name);
        if is_content && self.said.code_may_be_content && matches!(self.member, Some(Member::Code { .. })) {
            self.member = self.member.filter(|_| fields.is_none() || !is_field());
        }
        let is_own = self.member.is_none();
        self.member = self.member.filter(|member| !self.said.is_coarse || member.decides());
        if (!self.object.is_known || is_content && is_own && !self.said.has_members) && is_field() {
            self.object.is_known = true;
            self.said.is_known |= is_content;
            self.said.has_members |= is_content && is_own;
        }
    }

    /// Hears what the member says that was looked at last.
    fn hear(&mut self, member: Member, value: &Held<'de>) {
        let words = match self.level {
            Level::Content => &mut self.said.outer,
            Level::Part => &mut self.said.inner,
        };
        match member {
            Member::Code { .. } if self.level == Level::Part => self.object.code = value.text(),
            Member::Success => {
                // Even if both say the same: which of them would count is not known.
                words.is_unclear |= std::mem::replace(&mut self.object.has_success, true);
                words.hear(member, value);
            }
            Member::Code { is_usual: true } => {
                words.is_unclear |= std::mem::replace(&mut self.object.has_usual_code, true);
                words.hear(member, value);
            }
            _ => words.hear(member, value),
        }
    }

    fn conclude(&mut self) {
        if let Some(code) = self.object.code.take().filter(|_| self.object.has_success) {
            self.said.inner.hear(Member::ErrorCode, &Held::Text(code));
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(Key(name)) = self.map.next_key()? else { return Ok(None) };
        self.see(&name);
        seed.deserialize(CowStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if let Some(member) = self.member.take() {
            let value = self.map.next_value()?;
            self.hear(member, &value);
            return seed.deserialize(value.deserializer());
        }
        match self.level {
            Level::Content => self.map.next_value_seed(Part { seed, said: self.said }),
            Level::Part => self.map.next_value_seed(seed),
        }
    }
}

/// The value of a content's member.
struct Part<'s, 'de, S> {
    seed: S,
    said: &'s mut Said<'de>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Part<'_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(Watched { inner, said: self.said, level: Level::Part })
    }
}
