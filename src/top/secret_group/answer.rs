//! Both responses, in each documented shape: members in the root or one level below it, in each spelling.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use crate::answer::lenient;
use crate::redact::Private;

/// Confirms that the callers were reported or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretGroupUpdateResponse {
    /// Always `true`: a failure is an [`Error`](crate::Error).
    pub success: bool,
    /// `errorCode`, for a failure.
    pub error_code: Option<String>,
    /// `errorMsg`, for a failure.
    pub error_msg: Option<Private>,
    /// The gateway's id of the request.
    pub request_id: Option<String>,
}

/// The callers of a 700 number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretGroupQueryResponse {
    /// The numbers, as TOP sends them; masked in the guide's sample.
    pub call_mobile: Vec<Private>,
    /// Always `true`: a failure is an [`Error`](crate::Error).
    pub success: bool,
    /// `errorCode`, for a failure.
    pub error_code: Option<String>,
    /// `errorMsg`, for a failure.
    pub error_msg: Option<Private>,
    /// The gateway's id of the request.
    pub request_id: Option<String>,
}

impl<'de> Deserialize<'de> for SecretGroupUpdateResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        let success = members.success()?;
        let Members { error_code, error_msg, request_id, .. } = members;
        Ok(Self { success, error_code, error_msg, request_id })
    }
}

impl<'de> Deserialize<'de> for SecretGroupQueryResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        let success = members.success()?;
        let Members { call_mobile, error_code, error_msg, request_id, .. } = members;
        let call_mobile = call_mobile.unwrap_or_default();
        Ok(Self { call_mobile, success, error_code, error_msg, request_id })
    }
}

/// The members of both responses, found in the root or one level below it, in each spelling.
#[derive(Default)]
struct Members {
    call_mobile: Option<Vec<Private>>,
    success: Option<bool>,
    error_code: Option<String>,
    error_msg: Option<Private>,
    request_id: Option<String>,
}

impl Members {
    /// A response without `success` is an error.
    fn success<E: de::Error>(&self) -> Result<bool, E> {
        self.success.ok_or_else(|| E::missing_field("success"))
    }

    fn fill_from(&mut self, nested: Self) {
        self.call_mobile = self.call_mobile.take().or(nested.call_mobile);
        self.success = self.success.or(nested.success);
        self.error_code = self.error_code.take().or(nested.error_code);
        self.error_msg = self.error_msg.take().or(nested.error_msg);
        self.request_id = self.request_id.take().or(nested.request_id);
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor { may_nest: true })
    }
}

struct MembersVisitor {
    may_nest: bool,
}

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "call_mobile" => {
                    let callers = map.next_value::<Texts>()?.0.into_iter().map(Private::from).collect();
                    if members.call_mobile.replace(callers).is_some() {
                        return Err(A::Error::duplicate_field("call_mobile"));
                    }
                }
                "success" => members.success = map.next_value::<Flag>()?.0,
                "errorCode" | "error_code" | "err_code" => members.error_code = map.next_value::<Text<String>>()?.0,
                "errorMsg" | "error_msg" | "err_msg" => members.error_msg = map.next_value::<Text<Private>>()?.0,
                "request_id" => members.request_id = map.next_value::<Text<String>>()?.0,
                _ if self.may_nest => {
                    if let Some(nested) = map.next_value::<Nested>()?.0 {
                        members.fill_from(nested);
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(members)
    }
}

#[derive(Deserialize)]
struct Texts(#[serde(deserialize_with = "lenient::text_list")] Vec<String>);

#[derive(Deserialize)]
struct Flag(#[serde(deserialize_with = "lenient::optional_boolean")] Option<bool>);

#[derive(Deserialize)]
#[serde(bound = "T: From<String>")]
struct Text<T>(#[serde(deserialize_with = "lenient::optional")] Option<T>);

/// The members one level below the root, if the value is an object.
struct Nested(Option<Members>);

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NestedVisitor;
        impl<'de> Visitor<'de> for NestedVisitor {
            type Value = Nested;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Nested, A::Error> {
                MembersVisitor { may_nest: false }.visit_map(map).map(|members| Nested(Some(members)))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Nested, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Nested(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<Nested, E> {
                Ok(Nested(None))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Nested, E> {
                Ok(Nested(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Nested, E> {
                Ok(Nested(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Nested, E> {
                Ok(Nested(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Nested, E> {
                Ok(Nested(None))
            }

            fn visit_unit<E>(self) -> Result<Nested, E> {
                Ok(Nested(None))
            }
        }
        deserializer.deserialize_any(NestedVisitor)
    }
}
