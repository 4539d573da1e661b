//! OAID decryption: turns an order's OAID into its receiver with a virtual number.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::Top;
use crate::answer::lenient::{self, ListItem};
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::{Operation, SessionUse};
use crate::redact::{Private, Secret};
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        ClientReceiverQuery, OaidClientDecrypt, OaidClientDecryptResponse, OaidDecrypt, OaidDecryptResponse, Receiver,
        ReceiverQuery, Scene,
    };
}

/// Decrypts the OAIDs of up to 20 orders of one shop: `taobao.top.oaid.decrypt`.
///
/// Idempotent, but metered: it uses the shop's daily quota of orders and may bind a virtual number that is charged. One
/// refused order fails the whole call; [`Shop::decrypt_all`](crate::top::Shop::decrypt_all) isolates it and takes any
/// number of orders. Needs a session.
///
/// # Errors
/// `isv.oaid-invalid` (read the order again), `isv.decryption-quota-exceeded` (until midnight in China),
/// `isv.decryption-disabled-by-seller` and others, each with its [`Advice`](crate::Advice). Refused before sending:
/// no query or more than 20, and what [`ReceiverQuery`] says.
///
/// Source: TOP API page docId 54714.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::{emulator::Emulator, top};
///
/// let emulator = Emulator::builder().orders([("2001", "oaid-a")]).start().await?;
/// let shop = emulator.shop()?;
/// let query = top::ReceiverQuery::builder().oaid("oaid-a").tid("2001").scene(top::Scene::StoreShipping).build();
/// let answer = shop.send(&top::OaidDecrypt::new([query])).await?;
/// assert_eq!(answer.receivers[0].tid.as_deref(), Some("2001"));
/// assert_eq!(answer.receivers[0].matched, Some(true));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "OAID解密")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OaidDecrypt {
    /// 1 to 20 queries.
    pub query_list: Vec<ReceiverQuery>,
}

impl OaidDecrypt {
    /// The most queries one call may hold.
    pub const MAX_QUERIES: usize = 20;

    /// A call for these queries.
    pub fn new(queries: impl IntoIterator<Item = ReceiverQuery>) -> Self {
        Self { query_list: queries.into_iter().collect() }
    }
}

impl Operation for OaidDecrypt {
    type Gateway = Top;
    type Output = OaidDecryptResponse;
    const NAME: &'static str = "taobao.top.oaid.decrypt";
    const SAFETY: Safety = Safety::Idempotent;
    const SESSION: SessionUse = SessionUse::Required;
    const CHARGED: bool = true;

    fn charged_units(&self) -> u32 {
        self.query_list.len().try_into().unwrap_or(u32::MAX)
    }

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        if !(1..=Self::MAX_QUERIES).contains(&self.query_list.len()) {
            return Err(InvalidRequest::new("query_list", "must hold 1 to 20 queries"));
        }
        for (index, query) in self.query_list.iter().enumerate() {
            check_query(&query.oaid, &query.tid).map_err(|error| error.within(format_args!("query_list[{index}]")))?;
        }
        Ok(())
    }
}

/// One order to decrypt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Builder)]
#[non_exhaustive]
pub struct ReceiverQuery {
    /// The order's OAID, 1 to 128 characters. It belongs to one shop, one application and the week of the order: one
    /// of another application never works.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number, not one of your own. For a re-shipment, that of the original order.
    #[builder(into)]
    #[doc(alias = "订单号")]
    pub tid: String,
    /// What the receiver is needed for; decides which fields come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<Scene>,
    /// How many days the virtual number stays bound, for example 15. The limits are not documented; a longer time costs
    /// more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_no_days: Option<u32>,
}

impl ReceiverQuery {
    /// Checks this query alone, by the rules that [`OaidDecrypt`] checks before sending.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn validate(&self) -> Result<(), InvalidRequest> {
        check_query(&self.oaid, &self.tid).map_err(|error| error.within("query"))
    }
}

/// The receivers of the orders of a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OaidDecryptResponse {
    /// One for each order. Their order is not documented: match them by [`Receiver::tid`].
    #[serde(default, rename = "receiver_list", deserialize_with = "lenient::list")]
    pub receivers: Vec<Receiver>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// The receiver of an order. Which fields are there depends on the [`Scene`].
#[doc(alias = "收件人")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Receiver {
    /// The receiver's name.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub name: Option<Private>,
    /// The number to call; virtual if [`privacy_protection`](Self::privacy_protection) is `true`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub mobile: Option<VirtualNumber>,
    /// Street and house.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub address_detail: Option<Private>,
    /// A landline, `010-12345678`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub phone: Option<Private>,
    /// The OAID of the query.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oaid: Option<Private>,
    /// The order number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub tid: Option<String>,
    /// The order number in the answer of [`OaidClientDecrypt`], which has no `tid`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub order_id: Option<String>,
    /// Town or street district.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub town: Option<Private>,
    /// District or county.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub district: Option<Private>,
    /// City.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub city: Option<Private>,
    /// Province.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub state: Option<Private>,
    /// Country.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub country: Option<Private>,
    /// Whether the OAID is the order's current one; if `false`, read the order again and use its OAID.
    #[serde(default, deserialize_with = "lenient::optional_boolean")]
    pub matched: Option<bool>,
    /// When the virtual number expires, in China time; only present if `mobile` is virtual.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub secret_no_expire_time: Option<DateTime<FixedOffset>>,
    /// Whether `mobile` is a virtual number. The number's format alone does not tell.
    #[serde(default, deserialize_with = "lenient::optional_boolean")]
    pub privacy_protection: Option<bool>,
    /// Why fields are masked, such as `DECRYPTION_DISABLED_BY_ORDERCLOSED`; only in the response of
    /// [`OaidClientDecrypt`].
    #[serde(default, deserialize_with = "lenient::optional")]
    pub desensitize_rule: Option<String>,
}

impl ListItem for Receiver {
    const WRAPPER: &'static str = "receiver";
}

/// Decrypts the OAID of one order on the end user's device: `taobao.top.oaid.client.decrypt`.
///
/// Meant for a browser or desktop program that shows the data itself, so that it never passes the vendor's servers; the
/// one-time token authorises the call, and no session is needed (send it with
/// [`Client::send`](crate::top::Client::send)). Once: a token works a single time, so a lost response needs a new
/// token.
///
/// Source: TOP API page apiId 55714.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{ClientReceiverQuery, OaidClientDecrypt, Scene};
///
/// let query = ClientReceiverQuery::builder().oaid("oaid-2001").tid("2001").scene(Scene::AfterSales).build();
/// let answer = emulator.top()?.send(&OaidClientDecrypt::new("once-1", query)).await?;
/// assert_eq!(answer.receivers[0].order_id.as_deref(), Some("2001"));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "端侧OAID解密")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OaidClientDecrypt {
    /// The one-time token.
    pub sec_once_token: Secret,
    /// Exactly one query.
    pub query_list: Vec<ClientReceiverQuery>,
}

impl OaidClientDecrypt {
    /// A call for one order, with its token.
    pub fn new(sec_once_token: impl Into<Secret>, query: ClientReceiverQuery) -> Self {
        Self { sec_once_token: sec_once_token.into(), query_list: vec![query] }
    }
}

impl Operation for OaidClientDecrypt {
    type Gateway = Top;
    type Output = OaidClientDecryptResponse;
    const NAME: &'static str = "taobao.top.oaid.client.decrypt";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty("sec_once_token", self.sec_once_token.expose())?;
        let [query] = self.query_list.as_slice() else {
            return Err(InvalidRequest::new("query_list", "must hold exactly one query"));
        };
        check_query(&query.oaid, &query.tid).map_err(|error| error.within("query_list[0]"))
    }
}

/// The order to decrypt on the end user's device. Unlike in [`ReceiverQuery`] the scene is required.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Builder)]
#[non_exhaustive]
pub struct ClientReceiverQuery {
    /// The order's OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number.
    #[builder(into)]
    pub tid: String,
    /// What the receiver is needed for.
    pub scene: Scene,
    /// How many days the virtual number stays bound, for example 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_no_days: Option<u32>,
}

/// The receiver of the order of a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OaidClientDecryptResponse {
    /// One receiver, with [`Receiver::order_id`] in place of `tid`.
    #[serde(default, rename = "receiver_list", deserialize_with = "lenient::list")]
    pub receivers: Vec<Receiver>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

wire_enum! {
    /// What a receiver is needed for; decides which fields come back.
    ///
    /// Source: TOP API page docId 54714; `1008`, `1009` and `3001` from TOP document 120186.
    #[doc(alias = "解密场景")]
    Scene {
        /// `1001`: shipping with an electronic waybill of SF Express (顺丰电子面单发货).
        SfWaybill = "1001",
        /// `1002`: shipping with an electronic waybill of STO, YTO, ZTO, BEST or Yunda (4通一达电子面单发货).
        ExpressWaybill = "1002",
        /// `1003`: shipping with an electronic waybill of EMS (EMS电子面单发货).
        EmsWaybill = "1003",
        /// `1004`: shipping with another electronic waybill (其他电子面单发货).
        OtherWaybill = "1004",
        /// `1005`: shipping by a store (线下门店发货).
        StoreShipping = "1005",
        /// `1006`: shipping with a waybill written by hand (手工单发货).
        ManualWaybill = "1006",
        /// `1007`: drop shipping, by another company (代发货).
        DropShipping = "1007",
        /// `1008`: changing the address (改地址); gives the address only.
        AddressChange = "1008",
        /// `1009`: viewing the receiver's name (查看收件人姓名); gives the name only.
        NameView = "1009",
        /// `2001`: after-sales service (客户售后服务); gives the number only.
        AfterSales = "2001",
        /// `2002`: customer care (客户关怀); gives the number only.
        CustomerCare = "2002",
        /// `3001`: a downstream system behind Qimen (奇门).
        Qimen = "3001",
    }
}

/// The rules of every query.
fn check_query(oaid: &Private, tid: &str) -> Result<(), InvalidRequest> {
    check_oaid("oaid", oaid)?;
    InvalidRequest::unless_empty("tid", tid)
}

pub(super) fn check_oaid(field: &'static str, oaid: &Private) -> Result<(), InvalidRequest> {
    match oaid.expose().chars().count() {
        1..=128 => Ok(()),
        _ => Err(InvalidRequest::new(field, "must have 1 to 128 characters")),
    }
}
