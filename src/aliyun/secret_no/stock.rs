//! The stock of numbers X: the numbers on sale, buying and releasing numbers.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::number_request::number_request;
use crate::aliyun::check::{check_length, check_not_empty, check_virtual};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The one city that 95 numbers have.
const CITY_OF_95_NUMBERS: &str = "全国通用";

/// The longest prefix of a number that a request can have.
const MAX_PREFIX: usize = 18;

/// Counts the numbers on sale: `QuerySecretNoRemain`.
///
/// Safe. No limit documented. Not charged.
///
/// # Errors
/// Refused before sending: a prefix over 18 characters, a city other than `全国通用` for 95 numbers.
///
/// Source: Dyplsapi reference, chapter 8.1.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{QuerySecretNoRemain, SpecId};
///
/// let query = QuerySecretNoRemain::builder().spec_id(SpecId::Carrier).city("武汉").build();
/// client.send(&query).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "查询线上可购号码余量")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(Private, into))]
#[non_exhaustive]
pub struct QuerySecretNoRemain {
    /// One city of mainland China (`杭州`), `全国` for the sum of all, or `全国列表` for a list of the cities that have
    /// any. For 95 numbers only `全国通用`.
    pub city: String,
    /// The kind of number.
    #[builder(into)]
    pub spec_id: SpecId,
    /// The prefix of the numbers (`130`), at most 18 digits.
    #[doc(alias = "号码前缀")]
    pub secret_no: Option<Private>,
}

impl Operation for QuerySecretNoRemain {
    type Gateway = Dyplsapi;
    type Output = QuerySecretNoRemainResponse;
    const NAME: &'static str = "QuerySecretNoRemain";
    const SAFETY: Safety = Safety::Safe;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_number_wanted(&self.city, &self.spec_id, self.secret_no.as_ref().map(Private::expose))
    }
}

response! {
    /// How many numbers are on sale.
    QuerySecretNoRemainResponse {
        /// The count.
        #[serde(rename = "SecretRemainDTO")]
        secret_remain: SecretRemain,
    }
}

/// How many numbers are on sale, in one place or city by city.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretRemain {
    /// The count.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub amount: Option<u64>,
    /// The city of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub city: Option<String>,
    /// The count of each city, if the request has `全国列表`.
    #[serde(default, rename = "RemainDTOList", deserialize_with = "lenient::list")]
    pub remain_list: Vec<CityRemain>,
}

/// How many numbers a city has on sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CityRemain {
    /// The count.
    #[serde(deserialize_with = "lenient::number")]
    pub amount: u64,
    /// The city.
    #[serde(deserialize_with = "lenient::text")]
    pub city: String,
}

impl lenient::ListItem for CityRemain {
    const WRAPPER: &'static str = "remainDTO";
}

/// Buys one number X into a pool: `BuySecretNo`.
///
/// Ask [`QuerySecretNoRemain`] first; the account must be verified as an enterprise. Once: each run buys another
/// number. No limit documented. Charged: a monthly rent.
///
/// # Errors
/// `isv.BUY_NUM_OVER_LIMIT`, `isv.NO_AVAILABLE_NUMBER` (none on sale there). Refused before sending: a prefix over 18
/// characters, a city other than `全国通用` for 95 numbers.
///
/// Source: Dyplsapi reference, chapter 8.2.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{BuySecretNo, SpecId};
///
/// let buy = BuySecretNo::builder().pool_key(pool_key).spec_id(SpecId::VirtualOperator).city("武汉").build();
/// client.send(&buy).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "购买号码")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(Private, into))]
#[non_exhaustive]
pub struct BuySecretNo {
    /// A city of mainland China (`杭州`); for 95 numbers `全国通用`.
    pub city: String,
    /// The number pool's key.
    pub pool_key: String,
    /// The kind of number.
    #[builder(into)]
    pub spec_id: SpecId,
    /// The prefix of the number (`130`), at most 18 digits.
    #[doc(alias = "号码前缀")]
    pub secret_no: Option<Private>,
    /// Whether the number goes to the display pool (显号池); only for customers who have that feature.
    pub display_pool: Option<bool>,
}

impl Operation for BuySecretNo {
    type Gateway = Dyplsapi;
    type Output = BuySecretNoResponse;
    const NAME: &'static str = "BuySecretNo";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_number_wanted(&self.city, &self.spec_id, self.secret_no.as_ref().map(Private::expose))
    }
}

response! {
    /// The bought number.
    BuySecretNoResponse {
        /// The number.
        #[serde(rename = "SecretBuyInfoDTO")]
        secret_buy_info: SecretBuyInfo,
    }
}

/// The bought number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretBuyInfo {
    /// The number X.
    pub secret_no: VirtualNumber,
}

number_request! {
    /// Releases a number X: `ReleaseSecretNo`. This cannot be undone.
    ///
    /// The number cannot be bought again. It must have no bindings. Its rent ends with the month. Idempotent: a
    /// released number cannot be released again. No limit documented. Not charged.
    ///
    /// # Errors
    /// `isv.NO_NOT_EXIST` (the number does not belong to this account). If a retry gets this code after an attempt
    /// whose response was lost, the call is a success. Refused before sending: an empty number.
    ///
    /// Source: Dyplsapi reference, chapter 8.3. (It speaks of a prefix; the official metadata has the whole number.)
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::ReleaseSecretNo;
    ///
    /// client.send(&ReleaseSecretNo::builder().pool_key(pool_key).secret_no("17000000001").build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "释放号码")]
    ReleaseSecretNo,
    /// Confirms that the number was released.
    ReleaseSecretNoResponse,
    {
        fn output_if_already_done(code: &str, request_id: Option<&str>) -> Option<ReleaseSecretNoResponse> {
            let is_gone = code == "isv.NO_NOT_EXIST";
            let request_id = request_id.map(ToOwned::to_owned);
            is_gone.then(|| ReleaseSecretNoResponse { code: "OK".to_owned(), message: None, request_id })
        }
    }
}

wire_enum! {
    /// The kind of number X.
    SpecId {
        /// `1`: of a virtual operator, 170 or 171 (虚商号码).
        VirtualOperator = "1",
        /// `2`: of a carrier (运营商号码).
        Carrier = "2",
        /// `3`: a 95 number (95号码), which belongs to no city.
        Range95 = "3",
    }
}

wire_enum! {
    /// The carrier of a number.
    Vendor {
        /// `1`: 中国移动.
        ChinaMobile = "1",
        /// `2`: 中国联通.
        ChinaUnicom = "2",
        /// `3`: 中国电信.
        ChinaTelecom = "3",
    }
}

fn check_number_wanted(city: &str, spec_id: &SpecId, prefix: Option<&str>) -> Result<(), InvalidRequest> {
    check_not_empty("city", city)?;
    if *spec_id == SpecId::Range95 && city != CITY_OF_95_NUMBERS {
        return Err(InvalidRequest::new("city", "must be 全国通用 for 95 numbers, which belong to no city"));
    }
    check_length("secret_no", prefix, MAX_PREFIX)
}
