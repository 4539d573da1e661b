//! Reading orders with their current OAID.

mod fields;
mod trade;

use bon::Builder;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Top;
use super::order_id::OrderId;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::safety::Safety;
use crate::time::{china, serialize_china_text};
pub use fields::TradeFields;
pub use trade::{AddressChange, DeliveryPlan, Trade, TradeOrder, TradeStatus};

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AddressChange, DeliveryPlan, Trade, TradeFields, TradeFullinfoGet, TradeFullinfoGetResponse, TradeOrder,
        TradeStatus, TradesSoldGet, TradesSoldGetResponse, TradesSoldIncrementGet, TradesSoldIncrementGetResponse,
    };
}

/// Reads one order with its current OAID: `taobao.trade.fullinfo.get`.
///
/// The only way from an order number to its current OAID: after `matched: false`, after a change of the address, and for
/// orders that were never listed. Safe and free; needs the session of the shop that owns the order.
///
/// # Errors
/// `isv.trade-not-exist` for an order of another shop, of no shop, or older than three months. `isv.oaid-field-miss` if
/// the order has no complete receiver: treat it as an order without OAID. A page of 2021 documents this error; the
/// present page does not, so an order without OAID may also come back with [`Trade::oaid`] `None`. Refused before
/// sending: an order number that is no number.
///
/// Source: TOP API page apiId 54 and its metadata. Its table of errors is not known: other codes are classified by
/// their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::{emulator::Emulator, top::TradeFullinfoGet};
///
/// let emulator = Emulator::builder().orders([("3001", "oaid-a")]).start().await?;
/// let shop = emulator.shop()?;
/// let moved = emulator.gateways().change_address("3001").ok_or("no order")?;
/// let trade = shop.send(&TradeFullinfoGet::new("3001")).await?.trade.ok_or("no order")?;
/// assert_eq!(trade.oaid.as_ref().map(|oaid| oaid.expose()), Some(moved.as_str()));
/// assert!(trade.address_was_changed());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "交易详情")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[non_exhaustive]
pub struct TradeFullinfoGet {
    /// The members of the order to return.
    #[builder(default = TradeFields::of_one_order())]
    pub fields: TradeFields,
    /// The platform's order number, which this method takes as a number.
    #[builder(into)]
    #[serde(serialize_with = "OrderId::serialize_as_number")]
    pub tid: OrderId,
    /// Whether an order without OAID is an error, `isv.oaid-field-miss`; `true` by default. Only a page of 2021 documents
    /// the two values.
    #[builder(default = true)]
    pub include_oaid: bool,
}

impl TradeFullinfoGet {
    /// A call for one order, with all members of [`Trade`].
    pub fn new(tid: impl Into<OrderId>) -> Self {
        Self::builder().tid(tid).build()
    }
}

impl Operation for TradeFullinfoGet {
    type Gateway = Top;
    type Output = TradeFullinfoGetResponse;
    const NAME: &'static str = "taobao.trade.fullinfo.get";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.fields.validate()?;
        self.tid.check_number("tid")
    }
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeFullinfoGetResponse {
    /// The order, with the members that the request named.
    #[serde(default, deserialize_with = "lenient::optional_object")]
    pub trade: Option<Trade>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// Lists the orders of one shop by the time of their creation, newest first: `taobao.trades.sold.get`.
///
/// The set changes while it is read: keep `end_created` the same for all pages. The last three months can be read. Safe
/// and free; needs a session.
///
/// The list never tells that an address was changed, and not the instalments of a periodic purchase: read the order with
/// [`TradeFullinfoGet`].
///
/// # Errors
/// Refused before sending: a page 0, a page of no orders or more than 100, an end before the start.
///
/// Source: TOP API page apiId 46 and its metadata. Its table of errors is not known: codes are classified by their
/// prefix.
#[doc(alias = "订单列表")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[non_exhaustive]
pub struct TradesSoldGet {
    /// The members of each order to return.
    #[builder(default = TradeFields::of_list())]
    pub fields: TradeFields,
    /// Orders created at or after this time.
    #[builder(into)]
    #[serde(serialize_with = "optional_china_text", skip_serializing_if = "Option::is_none")]
    pub start_created: Option<DateTime<FixedOffset>>,
    /// Orders created at or before this time.
    #[builder(into)]
    #[serde(serialize_with = "optional_china_text", skip_serializing_if = "Option::is_none")]
    pub end_created: Option<DateTime<FixedOffset>>,
    /// Orders in this state; default all. TOP also has names for groups of states, such as `ALL_WAIT_PAY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TradeStatus>,
    /// The types of orders, with commas. The default leaves some out: an order that is not found may be of another type.
    #[builder(into)]
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub trade_type: Option<String>,
    /// The page, from 1; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_no: Option<u32>,
    /// The orders of a page, 1 to 100; default 40. The page of the API advises 40 to 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Whether to return [`has_next`](TradesSoldGetResponse::has_next) in place of the number of orders, which is faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_has_next: Option<bool>,
}

/// Lists the orders of one shop by the time of their last change, latest first: `taobao.trades.sold.increment.get`.
///
/// The safety net for lost messages: `modified` moves when the address changes. Orders that change meanwhile move
/// between the pages: read page 1 for the number of orders, then from the last page back to the first. Safe and free;
/// needs a session.
///
/// # Errors
/// Refused before sending: a time span of more than one day, an end that is not after the start, a page 0, a page of no
/// orders or more than 100.
///
/// Source: TOP API page apiId 128 and its metadata. Its table of errors is not known: codes are classified by their
/// prefix.
#[doc(alias = "增量订单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[non_exhaustive]
pub struct TradesSoldIncrementGet {
    /// The members of each order to return.
    #[builder(default = TradeFields::of_list())]
    pub fields: TradeFields,
    /// Orders changed at or after this time.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub start_modified: DateTime<FixedOffset>,
    /// Orders changed at or before this time, at most one day later. The page of the API advises 30 minutes.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub end_modified: DateTime<FixedOffset>,
    /// Orders in this state; default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TradeStatus>,
    /// The types of orders, with commas. The default leaves some out.
    #[builder(into)]
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub trade_type: Option<String>,
    /// The page, from 1; default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_no: Option<u32>,
    /// The orders of a page, 1 to 100; default 40. The page of the API advises 40 to 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Whether to return [`has_next`](TradesSoldIncrementGetResponse::has_next) in place of the number of orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_has_next: Option<bool>,
}

/// The most orders of a page of both lists.
const MAX_PAGE_SIZE: u32 = 100;

fn optional_china_text<S: serde::Serializer>(
    time: &Option<DateTime<FixedOffset>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serialize_china_text(time, serializer),
        None => serializer.serialize_none(),
    }
}

fn check_page(page_no: Option<u32>, page_size: Option<u32>) -> Result<(), InvalidRequest> {
    if page_no == Some(0) {
        return Err(InvalidRequest::new("page_no", "must be 1 or more"));
    }
    if page_size.is_some_and(|size| !(1..=MAX_PAGE_SIZE).contains(&size)) {
        return Err(InvalidRequest::new("page_size", "must be 1 to 100"));
    }
    Ok(())
}

impl Operation for TradesSoldGet {
    type Gateway = Top;
    type Output = TradesSoldGetResponse;
    const NAME: &'static str = "taobao.trades.sold.get";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.fields.validate()?;
        if self.start_created.zip(self.end_created).is_some_and(|(start, end)| end < start) {
            return Err(InvalidRequest::new("end_created", "must not be before start_created"));
        }
        check_page(self.page_no, self.page_size)
    }
}

impl Operation for TradesSoldIncrementGet {
    type Gateway = Top;
    type Output = TradesSoldIncrementGetResponse;
    const NAME: &'static str = "taobao.trades.sold.increment.get";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.fields.validate()?;
        // The wire has whole seconds.
        let whole = |time: &DateTime<FixedOffset>| -> NaiveDateTime {
            let local = time.with_timezone(&china()).naive_local();
            chrono::SubsecRound::trunc_subsecs(local, 0)
        };
        let span = whole(&self.end_modified).signed_duration_since(whole(&self.start_modified));
        if span <= TimeDelta::zero() {
            return Err(InvalidRequest::new("end_modified", "must be after start_modified"));
        }
        if span > TimeDelta::days(1) {
            return Err(InvalidRequest::new("end_modified", "must be at most one day after start_modified"));
        }
        check_page(self.page_no, self.page_size)
    }
}

/// The answer of a list.
macro_rules! trade_list {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            /// The number of orders over all pages; absent with `use_has_next`.
            #[serde(default, deserialize_with = "lenient::optional_number")]
            pub total_results: Option<u64>,
            /// Whether there is another page; only with `use_has_next`.
            #[serde(default, deserialize_with = "lenient::optional_boolean")]
            pub has_next: Option<bool>,
            /// The orders of this page.
            #[serde(default, deserialize_with = "lenient::list")]
            pub trades: Vec<Trade>,
            /// The gateway's id of the request.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub request_id: Option<String>,
        }
    };
}

trade_list! {
    /// A page of orders, newest first.
    TradesSoldGetResponse
}
trade_list! {
    /// A page of orders, latest change first.
    TradesSoldIncrementGetResponse
}
