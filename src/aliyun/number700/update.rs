//! Changing one property of a binding of a 700 number.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::audio::Audio700;
use super::check::{check_number_x, check_order, check_subs_id};
use super::settings::{AsrModel, CallRestrict700};
use crate::aliyun::check::{check_expiration, check_not_empty, check_phone};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::newer_response;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::china_text;

/// Changes one property of a binding of a 700 number: `UpdateSubs700`.
///
/// Idempotent (inferred): it writes an absolute value. No limit of calls per second is documented. Not charged;
/// recording and speech recognition are, by the minute.
///
/// # Errors
/// No document lists codes; families are told by their prefix. Refused before sending: an X that is no 700 number, a
/// `subs_id` that is no number of 64 bits, neither `order_id` nor `industrial_id`, an expiration less than a minute
/// ahead, numbers that are no [`PhoneNumber`].
///
/// Source: the official API metadata of 2025-12.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{SubsUpdate700, UpdateSubs700};
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb700::builder().pool_key(pool_key).tel_a("15000000000");
/// # let bind = bind.tel_b("15000000001").expiration(in_a_week).order_id("00000001").build();
/// # let bound = client.send(&bind).await?.data;
/// let update = UpdateSubs700::builder()
///     .pool_key(pool_key)
///     .subs_id(bound.subs_id)
///     .tel_x(bound.secret_no)
///     .order_id("00000001")
///     .update(SubsUpdate700::TelB("15000000002".into()))
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
pub struct UpdateSubs700 {
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's id.
    pub subs_id: String,
    /// The binding's X.
    pub tel_x: VirtualNumber,
    /// The order of the bind. The schema does not require it, the text does: this or `industrial_id` must be given.
    pub order_id: Option<String>,
    /// The identifier of the industrial internet, if you made it yourself.
    pub industrial_id: Option<String>,
    /// What changes, and to what.
    #[serde(flatten)]
    pub update: SubsUpdate700,
}

/// What changes in a binding of a 700 number: `OperateType` and the parameter that goes with it. Which parameter goes
/// with which type is inferred from the names; no document says it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SubsUpdate700 {
    /// `updateNoA`: A's number, of an AXB binding.
    TelA(PhoneNumber),
    /// `updateNoB`: B's number.
    TelB(PhoneNumber),
    /// `updateExpire`: when the binding ends; more than a minute ahead (as for a bind; inferred).
    Expiration(DateTime<FixedOffset>),
    /// `updateGroup`: the group of callers, of a GXB binding.
    GroupId(String),
    /// `updateNoDefaultA`: whom B reaches by calling X, of a GXB binding.
    DefaultA(PhoneNumber),
    /// `updateCallRestrict`: who may not call.
    CallRestrict(CallRestrict700),
    /// `updateOutId`: the text of your own in call receipts.
    OutId(Private),
    /// `updateIsRecordingEnabled`: whether calls are recorded.
    NeedRecord(bool),
    /// `updateAsr`: whether calls are transcribed, and by which model.
    Asr {
        /// Whether calls are transcribed.
        need_asr: bool,
        /// The model that transcribes.
        model_id: Option<AsrModel>,
    },
    /// `updateAudio`: ring tones.
    Audio(Audio700),
    /// Another `OperateType`, which this crate does not know, with the parameter that goes with it.
    Other {
        /// The value of `OperateType`.
        operate_type: String,
        /// The parameter's name on the wire.
        parameter: String,
        /// The parameter's value.
        value: Private,
    },
}

impl Serialize for SubsUpdate700 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut write = |operate_type: &str, name: &str, value: &str| {
            map.serialize_entry("OperateType", operate_type)?;
            map.serialize_entry(name, value)
        };
        match self {
            Self::TelA(number) => write("updateNoA", "TelA", number.expose())?,
            Self::TelB(number) => write("updateNoB", "TelB", number.expose())?,
            Self::Expiration(time) => write("updateExpire", "Expiration", &china_text(time))?,
            Self::GroupId(id) => write("updateGroup", "GroupId", id)?,
            Self::DefaultA(number) => write("updateNoDefaultA", "DefaultA", number.expose())?,
            Self::CallRestrict(restrict) => write("updateCallRestrict", "CallRestrict", restrict.as_str())?,
            Self::OutId(id) => write("updateOutId", "OutId", id.expose())?,
            Self::NeedRecord(on) => write("updateIsRecordingEnabled", "NeedRecord", &on.to_string())?,
            Self::Asr { need_asr, model_id } => {
                write("updateAsr", "NeedAsr", &need_asr.to_string())?;
                if let Some(model_id) = model_id {
                    map.serialize_entry("AsrModelId", model_id)?;
                }
            }
            Self::Audio(audio) => {
                map.serialize_entry("OperateType", "updateAudio")?;
                map.serialize_entry("Audio", audio)?;
            }
            Self::Other { operate_type, parameter, value } => write(operate_type, parameter, value.expose())?,
        }
        map.end()
    }
}

impl Operation for UpdateSubs700 {
    type Gateway = Dyplsapi;
    type Output = UpdateSubs700Response;
    const NAME: &'static str = "UpdateSubs700";
    const SAFETY: Safety = Safety::Idempotent;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_subs_id(&self.subs_id)?;
        check_number_x(&self.tel_x)?;
        check_order(self.order_id.as_deref(), self.industrial_id.as_deref())?;
        match &self.update {
            SubsUpdate700::TelA(number) => check_phone("tel_a", number),
            SubsUpdate700::TelB(number) => check_phone("tel_b", number),
            SubsUpdate700::DefaultA(number) => check_phone("default_a", number),
            SubsUpdate700::Expiration(time) => check_expiration(*time, now),
            SubsUpdate700::GroupId(id) => check_not_empty("group_id", id),
            _ => Ok(()),
        }
    }
}

newer_response! {
    /// That the binding was changed. `Data` is an empty object in the documents and not read.
    UpdateSubs700Response {
    }
}
