//! Existing bindings: reading and removing them, and changing them in [`update`].

mod update;

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::check::{check_not_empty, check_pool, check_virtual};
use super::product::Dyplsapi;
use super::product_type::ProductType;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;
pub use update::*;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        BindingStatus, CallRestrict, QuerySubsId, QuerySubsIdResponse, QuerySubscriptionDetail,
        QuerySubscriptionDetailResponse, SecretBindDetail, SubscriptionUpdate, UnbindSubscription,
        UnbindSubscriptionResponse, UpdateSubscription, UpdateSubscriptionResponse,
    };
}

/// Removes a binding, so that its X is free again: `UnbindSubscription`.
///
/// Idempotent: a second run finds no binding (`isv.SUBS_NOT_EXIST`). If a retry gets this code after an attempt whose
/// response was lost, the call is a success, because the first attempt removed the binding. Documented limit (official
/// metadata): 5000 calls per second. Not charged.
///
/// # Errors
/// `isv.SUBS_NOT_EXIST`, `isv.SUBS_NOT_BELONG`. Refused before sending: neither pool key nor product type.
///
/// Source: Dyplsapi reference, chapter 4.8.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::UnbindSubscription;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bind = bind.phone_no_b("15000000001").expiration(in_a_week).build();
/// # let bound = client.send(&bind).await?.secret_bind;
/// let unbind =
///     UnbindSubscription::builder().pool_key(pool_key).subs_id(bound.subs_id).secret_no(bound.secret_no).build();
/// client.send(&unbind).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "解除号码的绑定关系")]
#[doc(alias = "解绑")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct UnbindSubscription {
    /// The number pool's key. This or `product_type` is required.
    pub pool_key: Option<String>,
    /// The kind of binding, for former Alidayu customers.
    #[builder(into)]
    pub product_type: Option<ProductType>,
    /// The binding's id.
    pub subs_id: String,
    /// The binding's X.
    pub secret_no: VirtualNumber,
}

impl Operation for UnbindSubscription {
    type Gateway = Dyplsapi;
    type Output = UnbindSubscriptionResponse;
    const NAME: &'static str = "UnbindSubscription";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_pool(self.pool_key.as_deref(), self.product_type.as_ref())?;
        check_not_empty("subs_id", &self.subs_id)?;
        check_not_empty("secret_no", self.secret_no.expose())
    }

    fn output_if_already_done(code: &str, request_id: Option<&str>) -> Option<UnbindSubscriptionResponse> {
        let is_gone = code == "isv.SUBS_NOT_EXIST";
        is_gone.then(|| UnbindSubscriptionResponse {
            code: "OK".to_owned(),
            message: None,
            request_id: request_id.map(ToOwned::to_owned),
            charge_id: None,
        })
    }
}

response! {
    /// Confirms that the binding was removed.
    UnbindSubscriptionResponse {
        /// Deprecated by the platform.
        #[serde(default, deserialize_with = "lenient::optional")]
        charge_id: Option<String>,
    }
}

/// Reads one binding: `QuerySubscriptionDetail`.
///
/// Safe. Documented limit: 1000 calls per second (official metadata; the reference of 2022 says 5000). Not charged.
///
/// # Errors
/// `isv.SUBS_NOT_EXIST`. Refused before sending: neither pool key nor product type.
///
/// Source: Dyplsapi reference, chapter 5.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{BindingStatus, QuerySubscriptionDetail};
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bind = bind.phone_no_b("15000000001").expiration(in_a_week).build();
/// # let bound = client.send(&bind).await?.secret_bind;
/// let query =
///     QuerySubscriptionDetail::builder().pool_key(pool_key).subs_id(bound.subs_id).phone_no_x(bound.secret_no).build();
/// let detail = client.send(&query).await?.secret_bind_detail;
/// assert_eq!(detail.status, BindingStatus::InForce);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询号码的绑定关系")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct QuerySubscriptionDetail {
    /// The number pool's key. This or `product_type` is required.
    pub pool_key: Option<String>,
    /// The kind of binding, for former Alidayu customers.
    #[builder(into)]
    pub product_type: Option<ProductType>,
    /// The binding's id.
    pub subs_id: String,
    /// The binding's X.
    pub phone_no_x: VirtualNumber,
}

impl Operation for QuerySubscriptionDetail {
    type Gateway = Dyplsapi;
    type Output = QuerySubscriptionDetailResponse;
    const NAME: &'static str = "QuerySubscriptionDetail";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(1000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_pool(self.pool_key.as_deref(), self.product_type.as_ref())?;
        check_not_empty("subs_id", &self.subs_id)?;
        check_not_empty("phone_no_x", self.phone_no_x.expose())
    }
}

response! {
    /// The current state of a binding.
    QuerySubscriptionDetailResponse {
        /// The binding.
        #[serde(rename = "SecretBindDetailDTO")]
        secret_bind_detail: SecretBindDetail,
    }
}

/// A binding with all its attributes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretBindDetail {
    /// Whether the binding is in force.
    pub status: BindingStatus,
    /// The extension of an AXN extension binding.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub extension: Option<Private>,
    /// A's number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone_no_a: Option<PhoneNumber>,
    /// B's number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone_no_b: Option<PhoneNumber>,
    /// X.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone_no_x: Option<VirtualNumber>,
    /// The G group of an AXG binding.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub group_id: Option<String>,
    /// Whether calls are recorded.
    #[serde(default, deserialize_with = "lenient::optional_boolean")]
    pub need_record: Option<bool>,
    /// Whether calls are transcribed.
    #[serde(default, rename = "ASRStatus", deserialize_with = "lenient::optional_boolean")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(default, rename = "ASRModelId", deserialize_with = "lenient::optional")]
    pub asr_model_id: Option<String>,
    /// When the binding was created, in China time.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub gmt_create: Option<DateTime<FixedOffset>>,
    /// When the binding expires, in China time.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub expire_date: Option<DateTime<FixedOffset>>,
    /// The binding's id.
    #[serde(deserialize_with = "lenient::text")]
    pub subs_id: String,
    /// The call restriction; `None` if there is none.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub call_restrict: Option<CallRestrict>,
}

/// Looks up the bindings of a number X: `QuerySubsId`.
///
/// An X of AXB or AXN extension bindings may have many. Safe. Documented limit (official metadata): 1000 calls per
/// second. Not charged.
///
/// # Errors
/// `POOLKEY_NOT_EXIST` (no such number pool). Refused before sending: an empty number.
///
/// Source: Dyplsapi reference, chapter 5.2.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::QuerySubsId;
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let bind = privacy_number::aliyun::BindAxb::builder().pool_key(pool_key).phone_no_a("15000000000");
/// # let bind = bind.phone_no_b("15000000001").expiration(in_a_week).build();
/// # let bound = client.send(&bind).await?.secret_bind;
/// let query = QuerySubsId::builder().pool_key(pool_key).phone_no_x(bound.secret_no).build();
/// assert_eq!(client.send(&query).await?.subs_ids, [bound.subs_id]);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询绑定唯一标识SubsId")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct QuerySubsId {
    /// The number X.
    pub phone_no_x: VirtualNumber,
    /// The number pool's key. The API page requires it; the official SDK marks it as optional, and what the platform
    /// does without it is not known.
    pub pool_key: String,
}

impl Operation for QuerySubsId {
    type Gateway = Dyplsapi;
    type Output = QuerySubsIdResponse;
    const NAME: &'static str = "QuerySubsId";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(1000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_virtual("phone_no_x", &self.phone_no_x)?;
        check_not_empty("pool_key", &self.pool_key)
    }
}

response! {
    /// The bindings of a number X.
    QuerySubsIdResponse {
        /// Their ids; empty if there is no binding. On the wire they are one text with commas.
        #[doc(alias = "SubsId")]
        #[serde(default, rename = "SubsId", deserialize_with = "lenient::text_list")]
        subs_ids: Vec<String>,
    }
}

wire_enum! {
    /// Whether a binding is in force.
    BindingStatus {
        /// `0`: it has ended (已失效).
        Expired = "0",
        /// `1`: it is in force (生效中).
        InForce = "1",
    }
}

wire_enum! {
    /// The call restriction of a binding.
    CallRestrict {
        /// A cannot call X.
        A = "CONTROL_AX_DISABLE",
        /// B cannot call X.
        B = "CONTROL_BX_DISABLE",
        /// Clears the restriction.
        Clear = "CONTROL_CLEAR_DISABLE",
    }
}

#[cfg(test)]
mod tests;
