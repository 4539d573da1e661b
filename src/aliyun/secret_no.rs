//! Numbers X: buying and releasing them (in [`stock`]), locking them, and reading their attributes.

mod number_request;
mod stock;

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::check::{check_not_empty, check_virtual};
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::Operation;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;
use number_request::number_request;
pub use stock::*;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        BuySecretNo, BuySecretNoResponse, CertifyStatus, CityRemain, LockSecretNo, LockSecretNoResponse,
        QuerySecretNoDetail, QuerySecretNoDetailResponse, QuerySecretNoRemain, QuerySecretNoRemainResponse,
        ReleaseSecretNo, ReleaseSecretNoResponse, SecretBuyInfo, SecretNoInfo, SecretRemain, SecretStatus, SpecId,
        UnlockSecretNo, UnlockSecretNoResponse, Vendor,
    };
}

number_request! {
    /// Locks a number X, so that no new binding gets it: `LockSecretNo`.
    ///
    /// Idempotent: it sets a flag. Documented limit: 500 calls per second. Not charged.
    ///
    /// # Errors
    /// `isv.NO_NOT_EXIST` (the number is not this account's). Refused before sending: an empty number.
    ///
    /// Source: Dyplsapi reference, chapter 8.5.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::LockSecretNo;
    ///
    /// client.send(&LockSecretNo::builder().pool_key(pool_key).secret_no("17000000001").build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "锁定号码")]
    LockSecretNo,
    /// Confirms that the number is locked.
    LockSecretNoResponse,
    {
        const QPS: Option<u32> = Some(500);
    }
}

number_request! {
    /// Unlocks a number X, so that new bindings may get it again: `UnlockSecretNo`.
    ///
    /// Idempotent: it sets a flag. Documented limit: 500 calls per second. Not charged.
    ///
    /// # Errors
    /// `isv.NO_NOT_EXIST` (the number is not this account's). Refused before sending: an empty number.
    ///
    /// Source: Dyplsapi reference, chapter 8.6.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::UnlockSecretNo;
    ///
    /// client.send(&UnlockSecretNo::builder().pool_key(pool_key).secret_no("17000000001").build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "解锁号码")]
    UnlockSecretNo,
    /// Confirms that the number is unlocked.
    UnlockSecretNoResponse,
    {
        const QPS: Option<u32> = Some(500);
    }
}

/// Reads the attributes of a number X: `QuerySecretNoDetail`.
///
/// Safe. Documented limit: 1000 calls per second. Not charged.
///
/// # Errors
/// `FlowLimited` (flow control). Refused before sending: an empty number.
///
/// Source: Dyplsapi reference, chapter 5.3.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::QuerySecretNoDetail;
///
/// let query = QuerySecretNoDetail::builder().pool_key(pool_key).secret_no("17000000001").build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询隐私号码属性")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(VirtualNumber, into))]
#[non_exhaustive]
pub struct QuerySecretNoDetail {
    /// The number.
    pub secret_no: VirtualNumber,
    /// The number pool's key.
    pub pool_key: String,
}

impl Operation for QuerySecretNoDetail {
    type Gateway = Dyplsapi;
    type Output = QuerySecretNoDetailResponse;
    const NAME: &'static str = "QuerySecretNoDetail";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(1000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_virtual("secret_no", &self.secret_no)?;
        check_not_empty("pool_key", &self.pool_key)
    }
}

response! {
    /// The current attributes of a number X.
    QuerySecretNoDetailResponse {
        /// The number's attributes.
        #[serde(rename = "SecretNoInfoDTO")]
        secret_no_info: SecretNoInfo,
    }
}

/// The attributes of a number X.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretNoInfo {
    /// When it was bought, in China time.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub purchase_time: Option<DateTime<FixedOffset>>,
    /// The carrier whose network it is on.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub vendor: Option<Vendor>,
    /// The province it belongs to.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub province: Option<String>,
    /// The city it belongs to.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub city: Option<String>,
    /// Whether it is bound.
    pub secret_status: SecretStatus,
    /// Whether it is certified.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub certify_status: Option<CertifyStatus>,
}

wire_enum! {
    /// Whether a number X is bound.
    SecretStatus {
        /// `0`: it is not (未绑定).
        Unbound = "0",
        /// `1`: it is (已绑定).
        Bound = "1",
        /// `2`: it is locked (已锁定).
        Locked = "2",
        /// `3`: it is frozen (已冻结).
        Frozen = "3",
    }
}

wire_enum! {
    /// Whether a number X is certified.
    CertifyStatus {
        /// `0`: it is not (未认证).
        NotCertified = "0",
        /// `1`: it is (已认证).
        Certified = "1",
    }
}

#[cfg(test)]
mod tests;
