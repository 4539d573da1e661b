//! AXG: a number X over which A and a group of numbers reach each other.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;

use super::SecretBind;
use crate::aliyun::check::{
    check_expiration, check_not_empty, check_optional_phone, check_optional_virtual, check_phone,
};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::response;
use crate::aliyun::ring_config::AxgRingConfig;
use crate::aliyun::subscription::CallRestrict;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// Binds A to a group of numbers G through X, so that only those numbers reach A: `BindAxg`.
///
/// Once: without `phone_no_x` a second run may take a second X. Documented limit: 5000 calls per second. Not charged by
/// itself; calls over the binding are, and recording and speech recognition by the minute.
///
/// # Errors
/// `isv.NO_AVAILABLE_NUMBER` (no number left in the pool), `isv.BIND_CONFLICT` (X is already bound),
/// `isv.FORBIDDEN_ACTION` (the pool is not of the kind AXG). Refused before sending: an expiration less than a minute
/// ahead, numbers that are no [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.4.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::BindAxg;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let group = privacy_number::aliyun::CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
/// # let group_id = client.send(&group).await?.group_id;
/// let bind = BindAxg::builder()
///     .pool_key(pool_key)
///     .phone_no_a("15000000000")
///     .group_id(group_id)
///     .expiration(in_a_week)
///     .build();
/// let bound = client.send(&bind).await?.secret_bind;
/// assert!(!bound.subs_id.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "添加AXG号码的绑定关系")]
#[doc(alias = "绑定AXG")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct BindAxg {
    /// The number pool's key, `FC123456`.
    #[doc(alias = "号码池Key")]
    pub pool_key: String,
    /// A: a mobile number, or a landline with its area code.
    pub phone_no_a: PhoneNumber,
    /// The G group; it must hold at least one number.
    #[doc(alias = "G组ID")]
    pub group_id: String,
    /// B: whom A reaches by calling X.
    pub phone_no_b: Option<PhoneNumber>,
    /// A number X of the pool; left out, the platform picks one by `expect_city`.
    pub phone_no_x: Option<VirtualNumber>,
    /// When the binding ends; more than a minute ahead. Sent as China time, to the second.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub expiration: DateTime<FixedOffset>,
    /// The city to pick X from, in Chinese (`北京`). If the pool has none there, another city is taken, or the call
    /// fails if the pool is in strict mode.
    pub expect_city: Option<String>,
    /// Whether calls are recorded. Charged by the minute.
    pub is_recording_enabled: Option<bool>,
    /// A text of your own, given back in call receipts.
    pub out_id: Option<Private>,
    /// An order number of your own.
    pub out_order_id: Option<String>,
    /// 1, the only value in effect: X is shown to the called.
    pub call_display_type: Option<u32>,
    /// Ring tones.
    #[builder(into)]
    pub ring_config: Option<AxgRingConfig>,
    /// Whether calls are transcribed. Charged by the minute; off by default.
    #[serde(rename = "ASRStatus")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(rename = "ASRModelId")]
    pub asr_model_id: Option<String>,
    /// Who may not call.
    pub call_restrict: Option<CallRestrict>,
}

impl Operation for BindAxg {
    type Gateway = Dyplsapi;
    type Output = BindAxgResponse;
    const NAME: &'static str = "BindAxg";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_phone("phone_no_a", &self.phone_no_a)?;
        check_not_empty("group_id", &self.group_id)?;
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())?;
        check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
        check_expiration(self.expiration, now)
    }
}

response! {
    /// The binding, as it was made.
    BindAxgResponse {
        /// The binding.
        #[serde(rename = "SecretBindDTO")]
        secret_bind: SecretBind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, refused_field};

    #[test]
    fn the_documented_answer_is_read() {
        let bound = answer_of::<BindAxg>().secret_bind;
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("100000076389****", "171****0000"));
    }

    #[test]
    fn a_group_is_required() {
        let now = at("2026-01-06 10:00:00");
        let bind = BindAxg::builder()
            .pool_key("FC123456")
            .phone_no_a("15000000000")
            .group_id("")
            .expiration(at("2026-01-07 10:00:00"))
            .build();
        assert_eq!(refused_field(&bind, now), "group_id");
    }
}
