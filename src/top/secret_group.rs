//! The callers (主叫, G group) that a 700 number lets through: reporting, removing, listing.

use std::fmt;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::Top;
use super::oaid::check_oaid;
use crate::decode::lenient;
use crate::error::{InvalidRequest, Refusal, ServiceError};
use crate::number::PhoneNumber;
use crate::operation::{Operation, Safety};
use crate::params::comma_separated;
use crate::redact::Private;
use crate::wire_enum::wire_enum;

/// Reports callers of an order's 700 number, or removes them: `taobao.top.secret.group.update`.
///
/// At most 20 callers in a call, at most 80 for an OAID, the shop-level ones (up to 40) included. The limit counts the
/// union, so callers that are already there cost nothing; a call that would pass it is refused whole, and what was
/// there stays. Removing a caller that is not there succeeds. An 11+4 number takes no callers. Idempotent; needs a
/// session.
///
/// # Errors
/// `gxb-group-update-failed` for everything the group refuses. Refused before sending: no caller or more than 20, a
/// caller that is no [`PhoneNumber`], an OAID over 128 characters.
///
/// Source: chapter 3.2 and FAQ 9 to 27 of TOP's guide to the 700 numbers (API page docId 73786).
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::{emulator::Emulator, top};
///
/// let emulator = Emulator::builder().orders([("2001", "oaid-a")]).start().await?;
/// let report = top::SecretGroupUpdate::builder()
///     .oaid("oaid-a")
///     .operate_type(top::OperateType::Add)
///     .mobile_list(["01012345678", "13100000000"])
///     .build();
/// let _ = emulator.shop()?.send(&report).await; // refused if the order has an 11+4 number
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "报备")]
#[doc(alias = "主叫")]
#[doc(alias = "G组号码")]
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[non_exhaustive]
pub struct SecretGroupUpdate {
    /// The order's OAID, 1 to 128 characters. When the order gets a new one, report again.
    #[builder(into)]
    pub oaid: Private,
    /// Report or remove.
    pub operate_type: OperateType,
    /// 1 to 20 callers; landlines with area code and without hyphen. One that comes twice is sent once.
    #[builder(with = |callers: impl IntoIterator<Item = impl Into<PhoneNumber>>| without_duplicates(callers))]
    pub mobile_list: Vec<PhoneNumber>,
    /// How the parameters are written; the default is what production systems send.
    #[builder(default)]
    pub wire_shape: WireShape,
}

impl SecretGroupUpdate {
    /// The most callers one call may hold.
    pub const MAX_CALLERS: usize = 20;
    /// The most callers one OAID may have, shop-level ones included.
    pub const MAX_CALLERS_OF_AN_OAID: usize = 80;
}

wire_enum! {
    /// What to do with the callers.
    OperateType {
        /// `ADD_GXB_GROUP`: report them.
        Add = "ADD_GXB_GROUP",
        /// `DELETE_GXB_GROUP`: remove them from this order; shop-level callers stay with the shop.
        Delete = "DELETE_GXB_GROUP",
    }
}

/// The callers in their order. Whether TOP counts one twice that comes twice is not known.
fn without_duplicates(callers: impl IntoIterator<Item = impl Into<PhoneNumber>>) -> Vec<PhoneNumber> {
    let mut kept = Vec::new();
    for caller in callers {
        let caller = caller.into();
        if !kept.contains(&caller) {
            kept.push(caller);
        }
    }
    kept
}

/// How the two methods write their parameters. The guide shows flat ones; a production ERP sends them wrapped in one.
/// Never both, and never one after the other by itself: if TOP answers that a parameter is missing, choose the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WireShape {
    /// One JSON object: `secret_order_g_group_update_external_request`, `secret_order_g_group_query_external_request`.
    #[default]
    Wrapped,
    /// Parameters of their own: `oaid`, `operate_type`, and `mobile_list` as one text with commas.
    Flat,
}

impl WireShape {
    /// What to say when TOP finds an argument missing (40) or invalid (41).
    fn hint(self, error: &ServiceError) -> Option<&'static str> {
        matches!(error.code(), "40" | "41").then_some(match self {
            Self::Wrapped => "sent in the wrapped shape: try `wire_shape(WireShape::Flat)`",
            Self::Flat => "sent in the flat shape: try `wire_shape(WireShape::Wrapped)`",
        })
    }
}

impl Operation for SecretGroupUpdate {
    type Gateway = Top;
    type Output = SecretGroupUpdateResponse;
    const NAME: &'static str = "taobao.top.secret.group.update";
    const SAFETY: Safety = Safety::Idempotent;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_oaid("oaid", &self.oaid)?;
        if !(1..=Self::MAX_CALLERS).contains(&self.mobile_list.len()) {
            return Err(InvalidRequest::new("mobile_list", "must hold 1 to 20 callers"));
        }
        for (index, caller) in self.mobile_list.iter().enumerate() {
            caller.check().map_err(|why| InvalidRequest::new(format!("mobile_list[{index}]"), why.to_string()))?;
        }
        Ok(())
    }

    fn refusal(answer: &Self::Output) -> Option<Refusal> {
        refusal(answer.success, answer.error_code.as_ref(), answer.error_msg.as_ref(), answer.request_id.as_ref())
    }

    fn hint(&self, error: &ServiceError) -> Option<&'static str> {
        self.wire_shape.hint(error)
    }
}

impl Serialize for SecretGroupUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members<'a> {
            mobile_list: &'a [PhoneNumber],
            operate_type: &'a OperateType,
            oaid: &'a Private,
        }
        #[derive(Serialize)]
        struct Wrapped<'a> {
            secret_order_g_group_update_external_request: Members<'a>,
        }
        #[derive(Serialize)]
        struct Flat<'a> {
            oaid: &'a Private,
            operate_type: &'a OperateType,
            #[serde(serialize_with = "comma_separated")]
            mobile_list: &'a [PhoneNumber],
        }
        let Self { oaid, operate_type, mobile_list, wire_shape } = self;
        match wire_shape {
            WireShape::Wrapped => {
                let members = Members { mobile_list, operate_type, oaid };
                Wrapped { secret_order_g_group_update_external_request: members }.serialize(serializer)
            }
            WireShape::Flat => Flat { oaid, operate_type, mobile_list }.serialize(serializer),
        }
    }
}

/// That the callers were reported or removed.
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

/// Lists the callers of an order's 700 number: `taobao.top.secret.group.query`.
///
/// Safe; needs a session. Shop-level callers are in the list (inferred). The console and other systems change the group
/// too: do not keep the list.
///
/// # Errors
/// `gxb-group-query-error`. Refused before sending: an OAID over 128 characters.
///
/// Source: chapter 3.2 of TOP's guide to the 700 numbers (API page docId 73785).
#[doc(alias = "查询G组号码列表")]
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[non_exhaustive]
pub struct SecretGroupQuery {
    /// The order's OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// How the parameters are written; the default is what production systems send.
    #[builder(default)]
    pub wire_shape: WireShape,
}

impl Operation for SecretGroupQuery {
    type Gateway = Top;
    type Output = SecretGroupQueryResponse;
    const NAME: &'static str = "taobao.top.secret.group.query";
    const SAFETY: Safety = Safety::Safe;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_oaid("oaid", &self.oaid)
    }

    fn refusal(answer: &Self::Output) -> Option<Refusal> {
        refusal(answer.success, answer.error_code.as_ref(), answer.error_msg.as_ref(), answer.request_id.as_ref())
    }

    fn hint(&self, error: &ServiceError) -> Option<&'static str> {
        self.wire_shape.hint(error)
    }
}

impl Serialize for SecretGroupQuery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            oaid: &'a Private,
        }
        #[derive(Serialize)]
        struct Wrapped<'a> {
            secret_order_g_group_query_external_request: Flat<'a>,
        }
        let members = Flat { oaid: &self.oaid };
        match self.wire_shape {
            WireShape::Wrapped => {
                Wrapped { secret_order_g_group_query_external_request: members }.serialize(serializer)
            }
            WireShape::Flat => members.serialize(serializer),
        }
    }
}

/// The callers of a 700 number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretGroupQueryResponse {
    /// The numbers as TOP wrote them; the guide's sample shows them masked.
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

fn refusal(
    success: bool,
    error_code: Option<&String>,
    error_msg: Option<&Private>,
    request_id: Option<&String>,
) -> Option<Refusal> {
    if success {
        return None;
    }
    let code = error_code.map_or("success=false", String::as_str);
    Some(Refusal::new(code).message(error_msg.cloned()).request_id(request_id.cloned()))
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
        Ok(Self { call_mobile, success, error_code, error_msg, request_id })
    }
}

/// The members of both answers, wherever they stand: under the root or one level down, in either spelling.
#[derive(Default)]
struct Members {
    call_mobile: Vec<Private>,
    success: Option<bool>,
    error_code: Option<String>,
    error_msg: Option<Private>,
    request_id: Option<String>,
}

impl Members {
    /// An answer that says neither success nor failure is undecided, and no answer.
    fn success<E: de::Error>(&self) -> Result<bool, E> {
        match (self.success, &self.error_code) {
            (Some(success), _) => Ok(success),
            (None, Some(_)) => Ok(false),
            (None, None) => Err(E::missing_field("success")),
        }
    }

    fn fill_from(&mut self, nested: Self) {
        if self.call_mobile.is_empty() {
            self.call_mobile = nested.call_mobile;
        }
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
                    members.call_mobile = map.next_value::<Texts>()?.0.into_iter().map(Private::from).collect();
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

/// The members one level down, if the value is an object at all.
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
