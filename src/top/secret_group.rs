//! The callers (主叫, G group) that a 700 number lets through: reporting, removing, listing.

mod answer;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use answer::{SecretGroupQueryResponse, SecretGroupUpdateResponse};

use super::Top;
use super::oaid::check_oaid;
use crate::error::ServiceError;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::{Operation, SessionUse};
use crate::params::comma_separated;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::answer::{SecretGroupQueryResponse, SecretGroupUpdateResponse};
    pub use super::{OperateType, SecretGroupQuery, SecretGroupUpdate, WireShape};
}

/// Reports callers of an order's 700 number, or removes them: `taobao.top.secret.group.update`.
///
/// At most 20 callers in a call, and at most 80 for an OAID, shop-level callers (up to 40) included. The limit counts
/// each caller once, so a caller that was reported before does not count again. A call that would exceed the limit is
/// refused as a whole and changes nothing. Removing a caller that was not reported succeeds. An 11+4 number takes no
/// callers. Idempotent; needs a session.
///
/// # Errors
/// `gxb-group-update-failed` if the group refuses the change. Refused before sending: no caller or more than 20, a
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
/// let emulator = Emulator::start().await?;
/// let report = top::SecretGroupUpdate::builder()
///     .oaid("oaid-2001")
///     .operate_type(top::OperateType::Add)
///     .mobile_list(["01012345678", "13100000000"])
///     .build();
/// assert!(emulator.shop()?.send(&report).await?.success);
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
    /// Whether to report or remove the callers.
    pub operate_type: OperateType,
    /// 1 to 20 callers; landlines with area code and without hyphen. Duplicates are sent once.
    #[builder(with = |callers: impl IntoIterator<Item = impl Into<PhoneNumber>>| without_duplicates(callers))]
    pub mobile_list: Vec<PhoneNumber>,
    /// How the parameters are encoded; the default is the shape that production systems send.
    #[builder(default)]
    pub wire_shape: WireShape,
}

impl SecretGroupUpdate {
    /// The maximum number of callers of one call.
    pub const MAX_CALLERS: usize = 20;
    /// The maximum number of callers of one OAID, shop-level callers included.
    pub const MAX_CALLERS_OF_AN_OAID: usize = 80;
}

wire_enum! {
    /// What to do with the callers.
    OperateType {
        /// `ADD_GXB_GROUP`: report them.
        Add = "ADD_GXB_GROUP",
        /// `DELETE_GXB_GROUP`: remove them from this order; shop-level callers stay in the shop's list.
        Delete = "DELETE_GXB_GROUP",
    }
}

/// Removes duplicates and keeps the order. It is not known whether TOP counts a duplicate twice.
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

/// How the two methods encode their parameters. The guide shows flat parameters; a production ERP sends one wrapped
/// parameter. The client never sends both, and never switches from one to the other: if TOP answers that a parameter is
/// missing, choose the other shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum WireShape {
    /// One JSON object: `secret_order_g_group_update_external_request`, `secret_order_g_group_query_external_request`.
    #[default]
    Wrapped,
    /// Separate parameters: `oaid`, `operate_type`, and `mobile_list` as one comma-separated text.
    Flat,
}

impl WireShape {
    /// The hint for an argument that is missing (40) or invalid (41).
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
    const SESSION: SessionUse = SessionUse::Required;

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

/// Lists the callers of an order's 700 number: `taobao.top.secret.group.query`.
///
/// Safe; needs a session. Shop-level callers are in the list (inferred). The console and other systems change the group
/// too: do not keep the list.
///
/// # Errors
/// `gxb-group-query-error`: the OAID is not the order's current one, or its number is no 700 number; it is not retried,
/// and its advice is [`Advice::RefreshOaid`](crate::Advice::RefreshOaid). Refused before sending: an OAID over 128
/// characters.
///
/// Source: chapter 3.2 of TOP's guide to the 700 numbers (API page docId 73785).
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::SecretGroupQuery;
///
/// let answer = emulator.shop()?.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await?;
/// assert!(answer.call_mobile.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询G组号码列表")]
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[non_exhaustive]
pub struct SecretGroupQuery {
    /// The order's OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// How the parameters are encoded; the default is the shape that production systems send.
    #[builder(default)]
    pub wire_shape: WireShape,
}

impl Operation for SecretGroupQuery {
    type Gateway = Top;
    type Output = SecretGroupQueryResponse;
    const NAME: &'static str = "taobao.top.secret.group.query";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_oaid("oaid", &self.oaid)
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
