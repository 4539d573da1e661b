//! AXB: two numbers that call each other over a third number.

use bon::Builder;
use serde::Serialize;

use super::bind_request::bind_request;
use crate::aliyun::check::check_phone;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

bind_request! {
    /// Binds A and B to a shared number X, so that each reaches the other by calling X: `BindAxb`.
    ///
    /// Once: without `phone_no_x` a second run may bind a second X. Documented limit: 5000 calls per second. The bind
    /// is not charged. Calls over the binding, recording and speech recognition are charged by the minute.
    ///
    /// # Errors
    /// `isv.NO_AVAILABLE_NUMBER` (no number left for these parties), `isv.BIND_CONFLICT` (A or B is already bound to
    /// this X). Refused before sending: an expiration less than a minute from now, a number that is not a valid
    /// [`PhoneNumber`].
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
    BindAxb -> BindAxbResponse,
    ring_config: AxbRingConfig,
    {
        /// B: a mobile number, or a landline with its area code. The API page requires it; the official SDK marks it as
        /// optional, and what the platform does without it is not known.
        phone_no_b: PhoneNumber,
        /// How long the first called number rings before the next is tried, in seconds; 5 to 20.
        call_timeout: Option<u32>,
        /// The keypad menu at the end of a call. Known from the official SDK only.
        dtmf_config: Option<DtmfConfig>,
    }
}

/// The keypad menu at the end of a call. Known from the official SDK only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct DtmfConfig {
    /// Which side hears the menu when the call ends: `A` or `B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_call_ivr_phone_no: Option<String>,
    /// How long to wait for a key, in seconds; at most 30.
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

impl BindAxb {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_phone("phone_no_b", &self.phone_no_b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::answer_of;

    #[test]
    fn the_documented_response_is_read() {
        let bound = answer_of::<BindAxb>().secret_bind;
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("10000007683*****", "170****0000"));
    }
}
