//! AXB: two numbers that reach each other over a third.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;

use super::SecretBind;
use crate::aliyun::check::{check_expiration, check_not_empty, check_optional_virtual, check_phone};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::response;
use crate::aliyun::ring_config::AxbRingConfig;
use crate::aliyun::subscription::CallRestrict;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// Binds A and B to a shared number X, on which each reaches the other: `BindAxb`.
///
/// Once: without `phone_no_x` a second run may bind a second X. Documented limit: 5000 calls per second. Not charged by
/// itself; calls over the binding are, and recording and speech recognition by the minute.
///
/// # Errors
/// `isv.NO_AVAILABLE_NUMBER` (no number left for these parties), `isv.BIND_CONFLICT` (A or B is already bound to this
/// X). Refused before sending: an expiration less than a minute ahead, numbers that are no [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use chrono::{TimeDelta, Utc};
/// use privacy_number::{aliyun, emulator::Emulator};
///
/// let emulator = Emulator::start().await?;
/// let bound = emulator
///     .aliyun()?
///     .send(
///         &aliyun::BindAxb::builder()
///             .pool_key(emulator.pool_key())
///             .phone_no_a("15000000000")
///             .phone_no_b("15000000001")
///             .expiration(Utc::now() + TimeDelta::days(7))
///             .build(),
///     )
///     .await?;
/// assert!(!bound.secret_bind.subs_id.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "添加AXB号码的绑定关系")]
#[doc(alias = "绑定AXB")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct BindAxb {
    /// The number pool's key, `FC123456`.
    #[doc(alias = "号码池Key")]
    pub pool_key: String,
    /// A: a mobile number, or a landline with its area code.
    pub phone_no_a: PhoneNumber,
    /// B: a mobile number, or a landline with its area code.
    pub phone_no_b: PhoneNumber,
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
    /// Who may not call.
    pub call_restrict: Option<CallRestrict>,
    /// 1, the only value in effect: X is shown to the called.
    pub call_display_type: Option<u32>,
    /// Ring tones.
    #[builder(into)]
    pub ring_config: Option<AxbRingConfig>,
    /// Whether calls are transcribed. Charged by the minute; off by default.
    #[serde(rename = "ASRStatus")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(rename = "ASRModelId")]
    pub asr_model_id: Option<String>,
    /// How long the first called number rings before the next is tried, in seconds; 5 to 20.
    pub call_timeout: Option<u32>,
    /// What keys do at the end of a call. Known from the official SDK only.
    pub dtmf_config: Option<DtmfConfig>,
}

/// What keys do at the end of a call. Known from the official SDK only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct DtmfConfig {
    /// Which side hears the menu when the call ends: `A` or `B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_call_ivr_phone_no: Option<String>,
    /// How long a key is waited for, in seconds; at most 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_dtmf_time: Option<u32>,
    /// How often the menu is played; at most 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_loop: Option<u32>,
    /// The file of the first step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step1_file: Option<String>,
    /// The file of the second step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step2_file: Option<String>,
    /// Two keys, joined by a comma.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_key: Option<String>,
    /// How long to wait before hanging up, in seconds; at most 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_end_call: Option<u32>,
}

impl Operation for BindAxb {
    type Gateway = Dyplsapi;
    type Output = BindAxbResponse;
    const NAME: &'static str = "BindAxb";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_phone("phone_no_a", &self.phone_no_a)?;
        check_phone("phone_no_b", &self.phone_no_b)?;
        check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
        check_expiration(self.expiration, now)
    }
}

response! {
    /// The binding, as it was made.
    BindAxbResponse {
        /// The binding.
        #[serde(rename = "SecretBindDTO")]
        secret_bind: SecretBind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::answer_of;

    #[test]
    fn the_documented_answer_is_read() {
        let bound = answer_of::<BindAxb>().secret_bind;
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("10000007683*****", "170****0000"));
    }
}
