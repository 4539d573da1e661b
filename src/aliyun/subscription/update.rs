//! Changes one property of a binding.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::CallRestrict;
use crate::aliyun::check::{check_expiration, check_not_empty, check_phone, check_pool};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::product_type::ProductType;
use crate::aliyun::response::response;
use crate::aliyun::ring_config::RingConfig;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::china_text;

/// Changes one property of a binding: `UpdateSubscription`.
///
/// Idempotent: it writes an absolute value. Documented limit: 10000 calls per second. Not charged; switching recording
/// or speech recognition on is, by the minute.
///
/// # Errors
/// `isv.SUBS_NOT_EXIST`, `isv.UPDATE_CONFLICT`, `isv.FORBIDDEN_ACTION` (the binding has expired). Refused before
/// sending: neither pool key nor product type, an expiration less than a minute from now, a number that is not a
/// valid [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.7.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{SubscriptionUpdate, UpdateSubscription};
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bind = bind.phone_no_b("15000000001").expiration(in_a_week).build();
/// # let bound = client.send(&bind).await?.secret_bind;
/// let update = UpdateSubscription::builder()
///     .pool_key(pool_key)
///     .subs_id(bound.subs_id)
///     .phone_no_x(bound.secret_no)
///     .update(SubscriptionUpdate::PhoneNoB("15000000002".into()))
///     .build();
/// client.send(&update).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "修改绑定关系")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct UpdateSubscription {
    /// The number pool's key. This or `product_type` is required.
    pub pool_key: Option<String>,
    /// The kind of binding, for former Alidayu customers.
    #[builder(into)]
    pub product_type: Option<ProductType>,
    /// The binding's id.
    pub subs_id: String,
    /// The binding's X.
    pub phone_no_x: VirtualNumber,
    /// The property to change, with its new value.
    #[serde(flatten)]
    pub update: SubscriptionUpdate,
    /// Ring tones.
    #[builder(into)]
    pub ring_config: Option<RingConfig>,
}

/// A change of a binding: `OperateType` and the parameter that belongs to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SubscriptionUpdate {
    /// `updateNoA`: A's number.
    PhoneNoA(PhoneNumber),
    /// `updateNoB`: B's number.
    PhoneNoB(PhoneNumber),
    /// `updateExpire`: when the binding expires; more than a minute from now.
    Expiration(DateTime<FixedOffset>),
    /// `updateAxgGroup`: the G group of an AXG binding.
    GroupId(String),
    /// `updateCallRestrict`: the call restriction.
    CallRestrict(CallRestrict),
    /// `updateCallDisplayType`: the only effective value is 1, which shows X to the called party.
    CallDisplayType(u32),
    /// `updateOutId`: your own text in call receipts.
    OutId(Private),
    /// `updateIsRecordingEnabled`: whether calls are recorded.
    IsRecordingEnabled(bool),
    /// `updateAsr`: whether calls are transcribed, and by which model. Known from the official metadata only.
    Asr {
        /// Whether calls are transcribed.
        status: bool,
        /// The model that transcribes.
        model_id: Option<String>,
    },
    /// An `OperateType` that this crate does not know, with the parameter that belongs to it.
    Other {
        /// The value of `OperateType`.
        operate_type: String,
        /// The parameter's name on the wire.
        parameter: String,
        /// The parameter's value.
        value: Private,
    },
}

impl Serialize for SubscriptionUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut write = |operate_type: &str, name: &str, value: &str| {
            map.serialize_entry("OperateType", operate_type)?;
            map.serialize_entry(name, value)
        };
        match self {
            Self::PhoneNoA(number) => write("updateNoA", "PhoneNoA", number.expose())?,
            Self::PhoneNoB(number) => write("updateNoB", "PhoneNoB", number.expose())?,
            Self::Expiration(time) => write("updateExpire", "Expiration", &china_text(time))?,
            Self::GroupId(id) => write("updateAxgGroup", "GroupId", id)?,
            Self::CallRestrict(restrict) => write("updateCallRestrict", "CallRestrict", restrict.as_str())?,
            Self::CallDisplayType(kind) => write("updateCallDisplayType", "CallDisplayType", &kind.to_string())?,
            Self::OutId(id) => write("updateOutId", "OutId", id.expose())?,
            Self::Other { operate_type, parameter, value } => write(operate_type, parameter, value.expose())?,
            Self::IsRecordingEnabled(on) => write("updateIsRecordingEnabled", "IsRecordingEnabled", &on.to_string())?,
            Self::Asr { status, model_id } => {
                write("updateAsr", "ASRStatus", &status.to_string())?;
                if let Some(model_id) = model_id {
                    map.serialize_entry("ASRModelId", model_id)?;
                }
            }
        }
        map.end()
    }
}

impl Operation for UpdateSubscription {
    type Gateway = Dyplsapi;
    type Output = UpdateSubscriptionResponse;
    const NAME: &'static str = "UpdateSubscription";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(10_000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_pool(self.pool_key.as_deref(), self.product_type.as_ref())?;
        check_not_empty("subs_id", &self.subs_id)?;
        check_not_empty("phone_no_x", self.phone_no_x.expose())?;
        match &self.update {
            SubscriptionUpdate::PhoneNoA(number) => check_phone("phone_no_a", number),
            SubscriptionUpdate::PhoneNoB(number) => check_phone("phone_no_b", number),
            SubscriptionUpdate::Expiration(time) => check_expiration(*time, now),
            SubscriptionUpdate::GroupId(id) => check_not_empty("group_id", id),
            _ => Ok(()),
        }
    }
}

response! {
    /// Confirms that the binding was changed.
    UpdateSubscriptionResponse {
    }
}
