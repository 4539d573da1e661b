//! The bills of virtual numbers: rent and call minutes.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::Top;
use super::decimal::Decimal;
use super::order_id::OrderId;
use crate::answer::lenient::{self, ListItem};
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;
use crate::operation::{Operation, SessionUse};
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this file.
pub(super) mod exports {
    pub use super::{
        AppBillDetail, BillDetail, BillItem, BillQuery, SecretAppkeyBillDetail, SecretAppkeyBillDetailResponse,
        SecretBillDetail, SecretBillDetailResponse,
    };
}

/// Reads one page of a shop's bill of one day: which number of which order cost what: `taobao.top.secret.bill.detail`.
///
/// Only the last 90 days are guaranteed. When the bill of a day is complete is not documented: read a day once it is
/// over. Safe; needs a session (inferred: only a session names the shop). [`Shop::bills`](super::Shop::bills) reads all
/// pages.
///
/// # Errors
/// Refused before sending: a page 0, a page of no rows or more than 1000.
///
/// Source: the metadata of TOP's API 63508. Its table of errors is not known: codes are classified by their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use chrono::Utc;
/// use privacy_number::{china, emulator::Emulator, top::{BillItem, OaidDecrypt, ReceiverQuery, SecretBillDetail}};
///
/// let emulator = Emulator::start().await?;
/// let shop = emulator.shop()?;
/// let query = ReceiverQuery::builder().oaid("oaid-2001").tid("2001").secret_no_days(15).build();
/// shop.send(&OaidDecrypt::new([query])).await?;
///
/// let today = Utc::now().with_timezone(&china()).date_naive();
/// let bill = shop.send(&SecretBillDetail::new(today)).await?;
/// assert_eq!((bill.data[0].bill_item.clone(), bill.data[0].bill_duration), (Some(BillItem::Rent), Some(15)));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "账单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SecretBillDetail {
    /// Which page of which day. The documents mark it as optional, but all its members as required: it is always sent.
    pub seller_bill_query_request: BillQuery,
}

impl SecretBillDetail {
    /// The first page of a day, with the most rows.
    #[must_use]
    pub fn new(day: NaiveDate) -> Self {
        BillQuery::first_page(day).into()
    }
}

impl From<BillQuery> for SecretBillDetail {
    fn from(query: BillQuery) -> Self {
        Self { seller_bill_query_request: query }
    }
}

/// Reads one page of the application's bill of one day: at most two rows for each shop, one for rent and one for calls:
/// `taobao.top.secret.appkey.bill.detail`.
///
/// The rows of a shop are the sums of its [`SecretBillDetail`]. Only the last 90 days are guaranteed. Whether a session
/// is needed is not documented: it is sent if the operation is sent through a [`Shop`](super::Shop). The method may need
/// a permission package of its own. Safe.
///
/// # Errors
/// Refused before sending: a page 0, a page of no rows or more than 1000.
///
/// Source: the metadata of TOP's API 63515. Its table of errors is not known: codes are classified by their prefix.
#[doc(alias = "应用账单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SecretAppkeyBillDetail {
    /// Which page of which day. The documents mark it as optional, but all its members as required: it is always sent.
    pub app_bill_query_request: BillQuery,
}

impl SecretAppkeyBillDetail {
    /// The first page of a day, with the most rows.
    #[must_use]
    pub fn new(day: NaiveDate) -> Self {
        BillQuery::first_page(day).into()
    }
}

impl From<BillQuery> for SecretAppkeyBillDetail {
    fn from(query: BillQuery) -> Self {
        Self { app_bill_query_request: query }
    }
}

/// Which page of which day's bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct BillQuery {
    /// The day in China.
    #[serde(serialize_with = "as_midnight")]
    pub biz_date: NaiveDate,
    /// The page, from 1.
    pub page_no: u32,
    /// The number of rows of a page, 1 to 1000.
    pub page_size: u32,
}

impl BillQuery {
    /// The most rows of a page.
    pub const MAX_PAGE_SIZE: u32 = 1000;

    /// The first page of a day, with the most rows.
    #[must_use]
    pub fn first_page(day: NaiveDate) -> Self {
        Self { biz_date: day, page_no: 1, page_size: Self::MAX_PAGE_SIZE }
    }

    /// Another page.
    #[must_use]
    pub fn page(self, page_no: u32) -> Self {
        Self { page_no, ..self }
    }

    /// Pages of another size.
    #[must_use]
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    fn validate(&self, parameter: &'static str) -> Result<(), InvalidRequest> {
        let check = if self.page_no == 0 {
            Err(InvalidRequest::new("page_no", "must be 1 or more"))
        } else if (1..=Self::MAX_PAGE_SIZE).contains(&self.page_size) {
            Ok(())
        } else {
            Err(InvalidRequest::new("page_size", "must be 1 to 1000"))
        };
        check.map_err(|error| error.within(parameter))
    }
}

/// A day as TOP writes a `Date`: with the time 00:00:00.
fn as_midnight<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&day.and_time(NaiveTime::MIN))
}

impl Operation for SecretBillDetail {
    type Gateway = Top;
    type Output = SecretBillDetailResponse;
    const NAME: &'static str = "taobao.top.secret.bill.detail";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.seller_bill_query_request.validate("seller_bill_query_request")
    }
}

impl Operation for SecretAppkeyBillDetail {
    type Gateway = Top;
    type Output = SecretAppkeyBillDetailResponse;
    const NAME: &'static str = "taobao.top.secret.appkey.bill.detail";
    const SAFETY: Safety = Safety::Safe;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.app_bill_query_request.validate("app_bill_query_request")
    }
}

wire_enum! {
    /// What a row of a bill is for.
    BillItem {
        /// `0`: rent of a number, in days (租金).
        Rent = "0",
        /// `1`: calls, in minutes (通话).
        Calls = "1",
    }
}

/// A page of a shop's bill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SecretBillDetailResponse {
    /// The rows of this page; none after the last page.
    #[serde(default, deserialize_with = "lenient::list")]
    pub data: Vec<BillDetail>,
    /// The number of rows of the day, over all pages.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub total_num: Option<u64>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// A row of a shop's bill. Rows have no id: number, order, item and start together tell one from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[non_exhaustive]
pub struct BillDetail {
    /// The virtual number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub secret_no: Option<VirtualNumber>,
    /// The platform's order number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub order_id: Option<OrderId>,
    /// The beginning of the rent or of the call.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub start: Option<DateTime<FixedOffset>>,
    /// The end of the rent or of the call.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub end: Option<DateTime<FixedOffset>>,
    /// What the row is for.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub bill_item: Option<BillItem>,
    /// Days for [`BillItem::Rent`], minutes for [`BillItem::Calls`].
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub bill_duration: Option<u64>,
    /// The cost. Its currency and unit are not documented; presumably yuan.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub cost: Option<Decimal>,
}

impl ListItem for BillDetail {
    const WRAPPER: &'static str = "bill_detail_info";
}

/// A page of the application's bill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SecretAppkeyBillDetailResponse {
    /// The rows of this page; none after the last page.
    #[serde(default, deserialize_with = "lenient::list")]
    pub data: Vec<AppBillDetail>,
    /// The number of rows of the day, over all pages.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub total_num: Option<u64>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// A row of the application's bill: the sum of one item of one shop.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[non_exhaustive]
pub struct AppBillDetail {
    /// The seller's account.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub seller_nick: Option<Private>,
    /// The shop's name.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub shop_nick: Option<Private>,
    /// What the row is for.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub bill_item: Option<BillItem>,
    /// Days for [`BillItem::Rent`], minutes for [`BillItem::Calls`], summed.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub bill_duration: Option<u64>,
    /// The cost. Its currency and unit are not documented; presumably yuan.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub cost: Option<Decimal>,
    /// A virtual number. Withdrawn: [`BillDetail::secret_no`] has it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub secret_no: Option<VirtualNumber>,
    /// Withdrawn: [`BillDetail::start`] has it.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub start: Option<DateTime<FixedOffset>>,
    /// Withdrawn: [`BillDetail::end`] has it.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub end: Option<DateTime<FixedOffset>>,
}

impl ListItem for AppBillDetail {
    const WRAPPER: &'static str = "bill_detail_info";
}
