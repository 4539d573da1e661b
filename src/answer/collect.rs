//! Reads the content into its type, and collects the result members of the response in the same pass.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::CowStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::buffered::Buffered;
use super::forward::forward_deserializer;
use super::known_field::no_known_member;
use super::struct_fields::Fields;
use super::summary::{ResultMember, Summary};
use crate::scalar::Key;

/// The level of an object in a response. Objects further down hold only business data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The content itself.
    Content,
    /// The value of a member of the content.
    Inner,
}

/// Reads the content.
pub(super) struct ContentSeed<'s, 'de, T> {
    summary: &'s mut Summary<'de>,
    content: PhantomData<T>,
}

impl<'s, 'de, T> ContentSeed<'s, 'de, T> {
    pub(super) fn new(summary: &'s mut Summary<'de>) -> Self {
        Self { summary, content: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ContentSeed<'_, 'de, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        self.summary.has_content = true;
        T::deserialize(CollectingDeserializer { inner: deserializer, summary: self.summary, level: Level::Content })
    }
}

/// Passes a value on to its type, and collects the result members in it.
struct CollectingDeserializer<'s, 'de, D> {
    inner: D,
    summary: &'s mut Summary<'de>,
    level: Level,
}

impl<'s, 'de, D> CollectingDeserializer<'s, 'de, D> {
    fn split<V>(self, visitor: V) -> (D, CollectingVisitor<'s, 'de, V>) {
        let Self { inner, summary, level } = self;
        (inner, CollectingVisitor { visitor, summary, level, fields: None })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CollectingDeserializer<'_, 'de, D> {
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
            visitor.summary.fields = Some(fields);
        }
        inner.deserialize_struct(name, fields, visitor)
    }

    /// A value that the type ignores may still tell that the call failed.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.summary.only_deciding && self.level == Level::Inner {
            return self.inner.deserialize_ignored_any(visitor);
        }
        self.deserialize_any(visitor)
    }

    forward_deserializer!();
}

struct CollectingVisitor<'s, 'de, V> {
    visitor: V,
    summary: &'s mut Summary<'de>,
    level: Level,
    /// The fields of the struct that is read here, if the type is a struct.
    fields: Fields,
}

macro_rules! visits {
    ($($method:ident($type:ty))*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CollectingVisitor<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, summary, level, fields } = self;
        let mut members = CollectingMap { map, summary, level, fields, member: None, object: ObjectState::default() };
        let value = visitor.visit_map(&mut members)?;
        members.finish();
        let is_known = members.object.has_known_member || fields.is_none_or(<[_]>::is_empty);
        if is_known { Ok(value) } else { Err(no_known_member()) }
    }

    /// Refuses to read a struct from an array: its elements have no names.
    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        if self.fields.is_some() {
            Err(A::Error::custom("an array in place of an object"))
        } else {
            self.visitor.visit_seq(elements)
        }
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(CollectingDeserializer { inner, summary: self.summary, level: self.level })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(CollectingDeserializer { inner, summary: self.summary, level: self.level })
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

/// The state of the object that is being read.
#[derive(Default)]
struct ObjectState<'de> {
    /// Whether the object has a field of its type.
    has_known_member: bool,
    has_success: bool,
    has_usual_code: bool,
    /// A plain `code` one level down: the code of a result if `success` is beside it, else business data.
    code: Option<Cow<'de, str>>,
}

/// The members of an object, passed on to its type.
struct CollectingMap<'s, 'de, A> {
    map: A,
    summary: &'s mut Summary<'de>,
    level: Level,
    fields: Fields,
    /// The kind of the member whose name was read last.
    member: Option<ResultMember>,
    object: ObjectState<'de>,
}

impl<'de, A> CollectingMap<'_, 'de, A> {
    /// Records the name of the next member.
    fn record_name(&mut self, name: &str) {
        let is_content = self.level == Level::Content;
        let fields = if is_content { self.summary.fields } else { self.fields };
        let is_field = || fields.is_none_or(|fields| fields.contains(&name));
        self.member = ResultMember::of(name);
        if is_content && self.summary.code_may_be_content && matches!(self.member, Some(ResultMember::Code { .. })) {
            self.member = self.member.filter(|_| fields.is_none() || !is_field());
        }
        let is_business = self.member.is_none();
        self.member = self.member.filter(|member| !self.summary.only_deciding || member.decides_success());
        if (!self.object.has_known_member || is_content && is_business && !self.summary.has_content_members)
            && is_field()
        {
            self.object.has_known_member = true;
            self.summary.has_known_member |= is_content;
            self.summary.has_content_members |= is_content && is_business;
        }
    }

    /// Records the value of a result member.
    fn record_value(&mut self, member: ResultMember, value: &Buffered<'de>) {
        let result_members = match self.level {
            Level::Content => &mut self.summary.outer,
            Level::Inner => &mut self.summary.inner,
        };
        match member {
            ResultMember::Code { .. } if self.level == Level::Inner => self.object.code = value.text(),
            ResultMember::Success => {
                // Even two equal values are unclear: parsers differ in which of the two counts.
                result_members.is_unclear |= std::mem::replace(&mut self.object.has_success, true);
                result_members.add(member, value);
            }
            ResultMember::Code { is_usual: true } => {
                result_members.is_unclear |= std::mem::replace(&mut self.object.has_usual_code, true);
                result_members.add(member, value);
            }
            _ => result_members.add(member, value),
        }
    }

    /// Records what is known only at the end of the object.
    fn finish(&mut self) {
        if let Some(code) = self.object.code.take().filter(|_| self.object.has_success) {
            self.summary.inner.add_result_code(code);
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for CollectingMap<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(Key(name)) = self.map.next_key()? else { return Ok(None) };
        self.record_name(&name);
        seed.deserialize(CowStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if let Some(member) = self.member.take() {
            let value = self.map.next_value()?;
            self.record_value(member, &value);
            return seed.deserialize(value.deserializer());
        }
        match self.level {
            Level::Content => self.map.next_value_seed(InnerSeed { seed, summary: self.summary }),
            Level::Inner => self.map.next_value_seed(seed),
        }
    }
}

/// Reads the value of a member of the content.
struct InnerSeed<'s, 'de, S> {
    seed: S,
    summary: &'s mut Summary<'de>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for InnerSeed<'_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(CollectingDeserializer { inner, summary: self.summary, level: Level::Inner })
    }
}
