//! Setting and reading what a work number X can do.

use chrono::NaiveTime;
use serde::Deserialize;

use super::request::work_number_request;
use super::settings::{Ability, GnFlag, ReachRule, SequenceCall, SequenceMode, SmsSignMode};
use crate::aliyun::check::{check_not_empty, check_optional_phone, check_virtual, within};
use crate::aliyun::response::{DataResult, newer_response};
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;

work_number_request! {
    /// Sets the voice, SMS and sequential-ring options of a work number X: `ConfigX`.
    ///
    /// Idempotent (inferred): it writes absolute values. No document says whether an option that is left out keeps its
    /// value: set all that matter. No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. The platform answers the result a second time inside `Data`, and both must be a
    /// success. Refused before sending: an empty pool key or X, a number to ring that is no
    /// [`PhoneNumber`](crate::PhoneNumber), a `ReqId` that is empty or over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{ConfigX, SequenceCall, SequenceMode};
    ///
    /// let config = ConfigX::builder()
    ///     .customer_pool_key(pool_key)
    ///     .tel_x("16500000001")
    ///     .call_ability(true)
    ///     .sms_ability(false)
    ///     .sequence_mode(SequenceMode::CalledFirst)
    ///     .sequence_calls([SequenceCall::builder().sequence_called_no("15000000005").build()])
    ///     .build();
    /// client.send(&config).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "配置工作号")]
    ConfigX -> ConfigXResponse, Idempotent, data_success_codes: &["0000"],
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The work number X.
        tel_x: VirtualNumber,
        /// Whether X can call and be called.
        #[builder(into)]
        call_ability: Option<Ability>,
        /// Whether X can send and receive SMS.
        #[builder(into)]
        sms_ability: Option<Ability>,
        /// Which number B sees when a customer calls; the work number by default.
        #[serde(rename = "GNFlag")]
        gn_flag: Option<GnFlag>,
        /// Whether the sender of an SMS is passed through; not by default.
        sms_sign_mode: Option<SmsSignMode>,
        /// Whether numbers are rung one after the other; not by default.
        sequence_mode: Option<SequenceMode>,
        /// The numbers to ring, in this order. Sent as one JSON text.
        #[builder(default, with = |calls: impl IntoIterator<Item = SequenceCall>| calls.into_iter().collect())]
        #[serde(skip_serializing_if = "Vec::is_empty")]
        sequence_calls: Vec<SequenceCall>,
    }
}

impl ConfigX {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_virtual("tel_x", &self.tel_x)?;
        self.sequence_calls.iter().enumerate().try_for_each(|(index, call)| {
            let checked = check_optional_phone("sequence_called_no", call.sequence_called_no.as_ref());
            within(format!("sequence_calls[{index}]"), checked)
        })
    }
}

newer_response! {
    /// That the options were set.
    ConfigXResponse {
        /// The result once more.
        data: DataResult,
    }
}

work_number_request! {
    /// Reads the options of a work number X: `GetXConfig`.
    ///
    /// Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty field, a `ReqId` over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{Ability, GetXConfig};
    ///
    /// let get = GetXConfig::builder().customer_pool_key(pool_key).tel_x("16500000001").build();
    /// assert_eq!(client.send(&get).await?.data.call_ability, Some(Ability::Enabled));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "查询工作号配置")]
    GetXConfig -> GetXConfigResponse, Safe,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The work number X.
        tel_x: VirtualNumber,
    }
}

impl GetXConfig {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_virtual("tel_x", &self.tel_x)
    }
}

newer_response! {
    /// The options of X.
    GetXConfigResponse {
        /// The options.
        data: XConfig,
    }
}

work_number_request! {
    /// Reads the default options of a work number X: `GetXDefaultConfig`.
    ///
    /// Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No document lists the codes. Refused before sending: an empty field, a `ReqId` over 20 characters.
    ///
    /// Source: the official SDK and API metadata of Dyplsapi.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{GetXDefaultConfig, GnFlag};
    ///
    /// let get = GetXDefaultConfig::builder().customer_pool_key(pool_key).tel_x("16500000001").build();
    /// assert_eq!(client.send(&get).await?.data.gn_flag, Some(GnFlag::WorkNumber));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "查询工作号默认配置")]
    GetXDefaultConfig -> GetXDefaultConfigResponse, Safe,
    {
        /// The number pool's key.
        #[doc(alias = "号码池Key")]
        customer_pool_key: String,
        /// The work number X.
        tel_x: VirtualNumber,
    }
}

impl GetXDefaultConfig {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("customer_pool_key", &self.customer_pool_key)?;
        check_virtual("tel_x", &self.tel_x)
    }
}

newer_response! {
    /// The default options of X.
    GetXDefaultConfigResponse {
        /// The options.
        data: XConfig,
    }
}

/// The options of a work number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct XConfig {
    /// Whether X can call and be called.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub call_ability: Option<Ability>,
    /// Whether X can send and receive SMS.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sms_ability: Option<Ability>,
    /// Which number B sees when a customer calls.
    #[serde(default, rename = "GNFlag", deserialize_with = "lenient::optional")]
    pub gn_flag: Option<GnFlag>,
    /// Whether the sender of an SMS is passed through, as the platform writes it: the documents of this answer describe
    /// `00` and `10`, their sample is `0`, and [`ConfigX`] takes `0` and `1`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sms_sign_mode: Option<String>,
    /// What is sent to a party of a call. `ReachJsons` in the answer of [`GetXConfig`], `ReachJson` in that of
    /// [`GetXDefaultConfig`].
    #[serde(default, alias = "ReachJson", deserialize_with = "lenient::list")]
    pub reach_jsons: Vec<ReachRule>,
    /// The numbers to ring, in this order. `SequenceCalls` in the answer of [`GetXConfig`], `SequenceCall` in that of
    /// [`GetXDefaultConfig`].
    #[serde(default, alias = "SequenceCall", deserialize_with = "lenient::list")]
    pub sequence_calls: Vec<SequenceCall>,
    /// When sequential ringing begins every day, in China time.
    #[serde(default, deserialize_with = "lenient::optional_time_of_day")]
    pub sequence_start_time: Option<NaiveTime>,
    /// When sequential ringing ends every day, in China time.
    #[serde(default, deserialize_with = "lenient::optional_time_of_day")]
    pub sequence_end_time: Option<NaiveTime>,
}
