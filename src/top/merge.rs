//! Merging orders: which orders go to the same receiver.

use std::collections::HashSet;
use std::fmt;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use super::Top;
use super::oaid::check_oaid;
use super::order_id::OrderId;
use crate::answer::lenient::{self, ListItem};
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::redact::Private;
use crate::safety::Safety;
use crate::scalar;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{MergeGroup, OaidMerge, OaidMergeResponse, OrderMerge};
}

/// Asks which of up to 100 orders of one shop go to the same receiver, so that they can be shipped in one parcel:
/// `taobao.top.oaid.merge`.
///
/// Only the platform can tell: one receiver has different OAIDs in different weeks, and orders with equal OAIDs are not
/// promised to be one parcel. Groups of separate calls cannot be joined, so keep the orders of one buyer in one call:
/// [`Shop::merge`](super::Shop::merge) does, for any number of orders. Safe and free; needs a session.
///
/// # Errors
/// The whole call fails if one order is refused; the response does not tell which one. What an outdated OAID leads to
/// (an error, or a group of its own) is not documented. Refused before sending: no order or more than 100, an order
/// twice, an OAID over 128 characters.
///
/// Source: TOP API page apiId 55032 and its metadata. Its table of errors is not known: codes are classified by
/// their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::{emulator::Emulator, top::{OaidMerge, OrderMerge}};
///
/// let emulator = Emulator::builder().orders([("3001", "oaid-a"), ("3002", "oaid-b"), ("3003", "oaid-c")]).start().await?;
/// emulator.gateways().share_receiver(["3001", "3003"]);
/// let merge = OaidMerge::new([("3001", "oaid-a"), ("3002", "oaid-b"), ("3003", "oaid-c")].map(|(tid, oaid)| {
///     OrderMerge::builder().tid(tid).oaid(oaid).build()
/// }));
/// let answer = emulator.shop()?.send(&merge).await?;
/// let parcels: Vec<_> = merge.parcels(&answer).iter().map(ToString::to_string).collect();
/// assert_eq!(parcels, ["3001,3003", "3002"]);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "合单")]
#[doc(alias = "OAID合单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OaidMerge {
    /// 1 to 100 orders.
    pub merge_list: Vec<OrderMerge>,
}

impl OaidMerge {
    /// The maximum number of orders of one call. The generic limit of 999 on the page is not the real one.
    pub const MAX_ORDERS: usize = 100;

    /// A call for these orders.
    pub fn new(orders: impl IntoIterator<Item = OrderMerge>) -> Self {
        Self { merge_list: orders.into_iter().collect() }
    }

    /// The parcels of this call: the groups of its answer, and each order that is in no group as a group of its own.
    /// Orders of the answer that the request does not have are left out.
    ///
    /// That an order in no group stands alone is inferred.
    #[must_use]
    pub fn parcels(&self, answer: &OaidMergeResponse) -> Vec<MergeGroup> {
        let requested: HashSet<&OrderId> = self.merge_list.iter().map(|order| &order.tid).collect();
        let mut grouped = HashSet::new();
        let mut parcels = Vec::new();
        for group in &answer.groups {
            let tids: Vec<_> = group.tids.iter().filter(|tid| requested.contains(tid)).cloned().collect();
            grouped.extend(tids.iter().cloned());
            if !tids.is_empty() {
                parcels.push(MergeGroup { tids });
            }
        }
        let alone = self.merge_list.iter().filter(|order| !grouped.contains(&order.tid));
        parcels.extend(alone.map(|order| MergeGroup { tids: vec![order.tid.clone()] }));
        parcels
    }
}

impl Operation for OaidMerge {
    type Gateway = Top;
    type Output = OaidMergeResponse;
    const NAME: &'static str = "taobao.top.oaid.merge";
    const SAFETY: Safety = Safety::Safe;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        if !(1..=Self::MAX_ORDERS).contains(&self.merge_list.len()) {
            return Err(InvalidRequest::new("merge_list", "must hold 1 to 100 orders"));
        }
        let mut tids = HashSet::new();
        for (index, order) in self.merge_list.iter().enumerate() {
            let check = check_oaid("oaid", &order.oaid)
                .and_then(|()| InvalidRequest::unless_empty("tid", order.tid.as_str()))
                .and_then(|()| {
                    let is_new = tids.insert(&order.tid);
                    if is_new { Ok(()) } else { Err(InvalidRequest::new("tid", "must not be in the list twice")) }
                });
            check.map_err(|error| error.within(format_args!("merge_list[{index}]")))?;
        }
        Ok(())
    }
}

/// One order that may be merged with others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Builder)]
#[non_exhaustive]
pub struct OrderMerge {
    /// The order's OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number.
    #[builder(into)]
    pub tid: OrderId,
}

/// The groups of orders of a call. An answer that has an order twice is an error.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OaidMergeResponse {
    /// One for each receiver. Orders of different groups must not be shipped together. The groups of a call as parcels:
    /// [`OaidMerge::parcels`].
    #[serde(default, rename = "tid_list", deserialize_with = "groups")]
    pub groups: Vec<MergeGroup>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// Orders that may be shipped in one parcel. `Display` writes them as TOP does, with commas.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MergeGroup {
    /// The order numbers.
    pub tids: Vec<OrderId>,
}

impl fmt::Display for MergeGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, tid) in self.tids.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{tid}")?;
        }
        Ok(())
    }
}

/// The texts of one element of the list: one group, or the whole list as one JSON text, as an official example prints
/// it.
struct GroupTexts(Vec<String>);

impl ListItem for GroupTexts {
    const WRAPPER: &'static str = "string";
}

impl<'de> Deserialize<'de> for GroupTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = scalar::text(deserializer)?;
        let texts = if text.trim_start().starts_with('[') {
            serde_json::from_str(&text).map_err(|_| de::Error::custom("the text is no list"))?
        } else {
            vec![text]
        };
        Ok(Self(texts))
    }
}

fn groups<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<MergeGroup>, D::Error> {
    let texts: Vec<GroupTexts> = lenient::list(deserializer)?;
    let mut seen = HashSet::new();
    let mut groups = Vec::new();
    for text in texts.iter().flat_map(|GroupTexts(texts)| texts) {
        let tids = text.split(',').map(str::trim).filter(|tid| !tid.is_empty());
        let tids: Vec<OrderId> = tids.map(OrderId::from).collect();
        // Which of the two groups is right is not known: nothing may be shipped on it.
        if !tids.iter().all(|tid| seen.insert(tid.clone())) {
            return Err(de::Error::custom("an order is in the list twice"));
        }
        if !tids.is_empty() {
            groups.push(MergeGroup { tids });
        }
    }
    Ok(groups)
}
