//! Extending the time for which a virtual number is bound.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::Top;
use super::oaid::{Scene, check_oaid};
use super::order_id::OrderId;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::{Operation, SessionUse};
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::parse_china_text;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{ExtendDays, ExtendedNumber, SecretExtend, SecretExtendResponse, SecretNoExtendRequest};
}

/// Extends the time for which an order's virtual number is bound: `taobao.top.secret.extend`.
///
/// [`Shop::extend`](super::Shop::extend) sends it, and
/// [`compare_end`](super::Shop::compare_end) helps after a lost response.
///
/// Charged: each day of rent is billed ([`SecretBillDetail`](super::SecretBillDetail)); the price is not documented.
///
/// Once: it is not documented whether a second call adds the days again, renews to the same end, or is refused. After a
/// lost response decrypt the order again and compare
/// [`secret_no_expire_time`](super::Receiver::secret_no_expire_time), or read the bill of the day.
///
/// Not documented either: whether the days count from now or from the present end, whether an expired number can be
/// extended, and whether the number stays the same. So take both the number and its end from the answer. Needs a session
/// (inferred from the sibling methods).
///
/// # Errors
/// `isv.lack-of-balance` if the account is empty (documented for decryption only). Refused before sending: other days
/// than 7, 15 or 30 for a scene of shipping, no days, an OAID over 128 characters, an order number that is no number.
///
/// Source: the metadata of TOP's API 61510. Its table of errors is not known: codes are classified by their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::{emulator::Emulator, top::{ExtendDays, Scene, SecretExtend, SecretNoExtendRequest}};
///
/// let emulator = Emulator::start().await?;
/// let request = SecretNoExtendRequest::builder()
///     .oaid("oaid-2001")
///     .order_id("2001")
///     .scene(Scene::StoreShipping)
///     .extend_days(ExtendDays::Fifteen)
///     .build();
/// let extended = emulator.shop()?.send(&SecretExtend::new(request)).await?.result;
/// assert!(extended.secret_no.needs_caller_report());
/// assert!(extended.expires().is_some());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "延期")]
#[doc(alias = "隐私号延期")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SecretExtend {
    /// The one parameter of the method.
    pub extend_request: SecretNoExtendRequest,
}

impl SecretExtend {
    /// A call for one order.
    #[must_use]
    pub fn new(extend_request: SecretNoExtendRequest) -> Self {
        Self { extend_request }
    }
}

/// Which number to extend, and by how long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Builder)]
#[non_exhaustive]
pub struct SecretNoExtendRequest {
    /// The order's current OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number, which this method takes as a number.
    #[builder(into)]
    #[serde(serialize_with = "OrderId::serialize_as_number")]
    pub order_id: OrderId,
    /// What the number is needed for. `1008`, `1009` and `3001` are not on the page of this method.
    pub scene: Scene,
    /// By how many days.
    #[builder(into)]
    pub extend_days: ExtendDays,
}

/// By how many days a number is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExtendDays {
    /// 7 days.
    Seven,
    /// 15 days.
    Fifteen,
    /// 30 days.
    Thirty,
    /// Another number of days. The scenes of shipping (`1001` to `1007`) do not take it; for the other scenes the limits
    /// are not documented.
    Other(u32),
}

impl ExtendDays {
    /// The number of days.
    #[must_use]
    pub fn days(self) -> u32 {
        match self {
            Self::Seven => 7,
            Self::Fifteen => 15,
            Self::Thirty => 30,
            Self::Other(days) => days,
        }
    }
}

impl From<u32> for ExtendDays {
    fn from(days: u32) -> Self {
        match days {
            7 => Self::Seven,
            15 => Self::Fifteen,
            30 => Self::Thirty,
            other => Self::Other(other),
        }
    }
}

impl Serialize for ExtendDays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.days())
    }
}

impl Operation for SecretExtend {
    type Gateway = Top;
    type Output = SecretExtendResponse;
    const NAME: &'static str = "taobao.top.secret.extend";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;
    const SESSION: SessionUse = SessionUse::Required;

    /// The days: rent is charged by the day.
    fn charged_units(&self) -> u32 {
        self.extend_request.extend_days.days()
    }

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let SecretNoExtendRequest { oaid, order_id, scene, extend_days } = &self.extend_request;
        let check = check_oaid("oaid", oaid).and_then(|()| order_id.check_number("order_id")).and_then(|()| {
            let is_shipping = matches!(scene.as_str(), "1001" | "1002" | "1003" | "1004" | "1005" | "1006" | "1007");
            match extend_days.days() {
                0 => Err(InvalidRequest::new("extend_days", "must not be zero")),
                7 | 15 | 30 => Ok(()),
                _ if is_shipping => {
                    Err(InvalidRequest::new("extend_days", "must be 7, 15 or 30 for a scene of shipping"))
                }
                _ => Ok(()),
            }
        });
        check.map_err(|error| error.within("extend_request"))
    }
}

/// The number after the extension.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SecretExtendResponse {
    /// The number and its new end. A response without it is an error: read the end before extending again.
    pub result: ExtendedNumber,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// A virtual number and its end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ExtendedNumber {
    /// The virtual number. It is not documented whether it is always the same as before.
    #[serde(deserialize_with = "lenient::required")]
    pub secret_no: VirtualNumber,
    /// The new end as the gateway sent it. The documents type it as text, without a format.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub expire_time: Option<String>,
}

impl ExtendedNumber {
    /// The new end, if [`expire_time`](Self::expire_time) has the format of TOP's other times, `yyyy-MM-dd HH:mm:ss` in
    /// China time (inferred). `None` for any other text: then decrypt the order to learn the end.
    #[must_use]
    pub fn expires(&self) -> Option<DateTime<FixedOffset>> {
        parse_china_text(self.expire_time.as_deref()?)
    }
}
