//! AXN: a number of A's own, with or without an extension, that anybody can call.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;

use super::SecretBind;
use crate::aliyun::check::{
    check_expiration, check_not_empty, check_optional_phone, check_optional_virtual, check_phone,
};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::product_type::ProductType;
use crate::aliyun::response::response;
use crate::aliyun::ring_config::AxnRingConfig;
use crate::aliyun::subscription::CallRestrict;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// Gives A a number X of its own, on which anybody (N) reaches A: `BindAxn`.
///
/// Once: without `phone_no_x` a second run may take a second X. Documented limit (official metadata): 5000 calls per
/// second. Not charged by itself; calls over the binding are, and recording and speech recognition by the minute.
///
/// # Errors
/// `isv.NO_AVAILABLE_NUMBER` (no number left in the pool), `isv.BIND_CONFLICT` (X is already bound). Refused before
/// sending: an expiration less than a minute ahead, numbers that are no [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.2.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::BindAxn;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// let bind = BindAxn::builder().pool_key(pool_key).phone_no_a("15000000000").expiration(in_a_week).build();
/// let bound = client.send(&bind).await?.secret_bind;
/// assert!(!bound.subs_id.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "添加AXN号码的绑定关系")]
#[doc(alias = "绑定AXN")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct BindAxn {
    /// The number pool's key, `FC123456`.
    #[doc(alias = "号码池Key")]
    pub pool_key: String,
    /// A: a mobile number, or a landline with its area code.
    pub phone_no_a: PhoneNumber,
    /// B: whom A reaches by calling X.
    pub phone_no_b: Option<PhoneNumber>,
    /// A number X of the pool; left out, the platform picks one by `expect_city`.
    pub phone_no_x: Option<VirtualNumber>,
    /// When the binding ends; more than a minute ahead. Sent as China time, to the second.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub expiration: DateTime<FixedOffset>,
    /// The city to pick X from, in Chinese (`上海`). If the pool has none there, another city is taken, or the call
    /// fails if the pool is in strict mode.
    pub expect_city: Option<String>,
    /// Whether calls are recorded. Charged by the minute.
    pub is_recording_enabled: Option<bool>,
    /// The kind of number, for former Alidayu customers.
    #[builder(into)]
    pub no_type: Option<ProductType>,
    /// A text of your own, given back in call receipts.
    pub out_id: Option<Private>,
    /// An order number of your own.
    pub out_order_id: Option<String>,
    /// 1, the only value in effect: X is shown to the called.
    pub call_display_type: Option<u32>,
    /// Ring tones.
    #[builder(into)]
    pub ring_config: Option<AxnRingConfig>,
    /// Whether calls are transcribed. Charged by the minute; off by default.
    #[serde(rename = "ASRStatus")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(rename = "ASRModelId")]
    pub asr_model_id: Option<String>,
    /// How long the called number rings, in seconds; 5 to 20.
    pub call_timeout: Option<u32>,
    /// Who may not call.
    pub call_restrict: Option<CallRestrict>,
    /// Undocumented. Known from the official SDK only.
    pub extend: Option<Private>,
}

impl Operation for BindAxn {
    type Gateway = Dyplsapi;
    type Output = BindAxnResponse;
    const NAME: &'static str = "BindAxn";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_phone("phone_no_a", &self.phone_no_a)?;
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())?;
        check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
        check_expiration(self.expiration, now)
    }
}

response! {
    /// The binding, as it was made.
    BindAxnResponse {
        /// The binding.
        #[serde(rename = "SecretBindDTO")]
        secret_bind: SecretBind,
    }
}

/// Gives A an extension of a number X, on which anybody (N) reaches A: `BindAxnExtension`.
///
/// Once: without `extension` and `phone_no_x` a second run may take a second extension. Documented limit: 5000 calls
/// per second. Not charged by itself; calls over the binding are, and recording and speech recognition by the minute.
///
/// # Errors
/// `isv.NO_AVAILABLE_NUMBER` (no extension left in the pool), `isv.BIND_CONFLICT` (the extension is already bound).
/// Refused before sending: an extension without `phone_no_x` or of other than 1 to 3 digits, an expiration less than a
/// minute ahead, numbers that are no [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.3.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::BindAxnExtension;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// let bind = BindAxnExtension::builder().pool_key(pool_key).phone_no_a("15000000000").expiration(in_a_week).build();
/// let bound = client.send(&bind).await?.secret_bind;
/// assert!(bound.extension.is_some());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "添加AXN分机号码的绑定关系")]
#[doc(alias = "分机号")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct BindAxnExtension {
    /// The number pool's key, `FC123456`.
    #[doc(alias = "号码池Key")]
    pub pool_key: String,
    /// A: a mobile number, or a landline with its area code.
    pub phone_no_a: PhoneNumber,
    /// The extension, 1 to 3 digits; needs `phone_no_x`. Left out, the platform picks one.
    pub extension: Option<Private>,
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
    pub ring_config: Option<AxnRingConfig>,
    /// Whether calls are transcribed. Charged by the minute; off by default.
    #[serde(rename = "ASRStatus")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(rename = "ASRModelId")]
    pub asr_model_id: Option<String>,
    /// Who may not call.
    pub call_restrict: Option<CallRestrict>,
    /// Undocumented. Known from the official SDK only.
    pub extend: Option<Private>,
}

impl Operation for BindAxnExtension {
    type Gateway = Dyplsapi;
    type Output = BindAxnExtensionResponse;
    const NAME: &'static str = "BindAxnExtension";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_phone("phone_no_a", &self.phone_no_a)?;
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())?;
        if let Some(extension) = &self.extension {
            let digits = extension.expose();
            if !(1..=3).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(InvalidRequest::new("extension", "must be 1 to 3 digits"));
            }
            if self.phone_no_x.is_none() {
                return Err(InvalidRequest::new("phone_no_x", "is required when `extension` is given"));
            }
        }
        check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
        check_expiration(self.expiration, now)
    }
}

response! {
    /// The binding, as it was made.
    BindAxnExtensionResponse {
        /// The binding, with its extension.
        #[serde(rename = "SecretBindDTO")]
        secret_bind: SecretBind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, refused_field};

    #[test]
    fn the_documented_answers_are_read() {
        let axn = answer_of::<BindAxn>().secret_bind;
        assert_eq!((axn.subs_id.as_str(), axn.secret_no.expose()), ("100000076879****", "170****0000"));
        let bound = answer_of::<BindAxnExtension>().secret_bind;
        assert_eq!(bound.extension.unwrap().expose(), "130");
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("100000082000****", "150*****0000"));
    }

    #[test]
    fn an_extension_has_1_to_3_digits_and_needs_its_x() {
        let now = at("2026-01-06 10:00:00");
        let bind = |extension: &str, x: Option<&str>| {
            BindAxnExtension::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .extension(extension)
                .maybe_phone_no_x(x)
                .expiration(at("2026-01-07 10:00:00"))
                .build()
        };
        assert_eq!(bind("130", Some("17000000000")).validate(now.into()), Ok(()));
        assert_eq!(refused_field(&bind("130", None), now), "phone_no_x");
        for extension in ["", "1234", "12a", "１"] {
            assert_eq!(refused_field(&bind(extension, Some("17000000000")), now), "extension");
        }
    }

    #[test]
    fn b_is_checked_only_if_it_is_given() {
        let now = at("2026-01-06 10:00:00");
        let bind = |b: Option<&str>, expiration| {
            BindAxn::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .maybe_phone_no_b(b)
                .expiration(at(expiration))
                .build()
        };
        assert_eq!(bind(None, "2026-01-07 10:00:00").validate(now.into()), Ok(()));
        assert_eq!(refused_field(&bind(Some("010-12345678"), "2026-01-07 10:00:00"), now), "phone_no_b");
        assert_eq!(refused_field(&bind(None, "2026-01-06 10:01:00"), now), "expiration");
    }
}
