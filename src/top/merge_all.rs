//! Merging any number of orders into parcels.

use std::collections::HashMap;
use std::fmt;
use std::future::IntoFuture;

use futures_util::future::BoxFuture;

use super::decrypt_all::ends_the_work;
use super::merge::{MergeGroup, OaidMerge, OrderMerge};
use super::order_id::OrderId;
use super::shop::Shop;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;

impl Shop {
    /// Asks which of any number of orders go to the same receiver, in calls of 100: see [`MergeAll`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::{emulator::Emulator, top::OrderMerge};
    ///
    /// let orders = [("3001", "oaid-a"), ("3002", "oaid-b"), ("3003", "oaid-c")];
    /// let emulator = Emulator::builder().orders(orders).start().await?;
    /// emulator.gateways().share_receiver(["3001", "3003"]);
    /// let orders = orders.map(|(tid, oaid)| OrderMerge::builder().tid(tid).oaid(oaid).build());
    ///
    /// let merged = emulator.shop()?.merge(orders).await;
    /// let parcels: Vec<_> = merged.parcels.iter().map(ToString::to_string).collect();
    /// assert_eq!(parcels, ["3001,3003", "3002"]);
    /// assert!(merged.all_compared);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "合单")]
    pub fn merge<O: Into<MergeCandidate>>(&self, orders: impl IntoIterator<Item = O>) -> MergeAll {
        let orders = orders.into_iter().map(Into::into).collect();
        MergeAll { shop: self.clone().in_workflow(), orders, compares_groups: false }
    }
}

/// An order that may be merged with others, and its buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergeCandidate {
    /// The order.
    pub order: OrderMerge,
    /// The buyer, such as [`Trade::buyer_open_uid`](super::Trade::buyer_open_uid). Orders of one buyer are put into one
    /// call as far as they fit.
    pub buyer: Option<Private>,
}

impl MergeCandidate {
    /// An order with its buyer.
    pub fn of_buyer(buyer: impl Into<Private>, order: OrderMerge) -> Self {
        Self { order, buyer: Some(buyer.into()) }
    }
}

impl From<OrderMerge> for MergeCandidate {
    fn from(order: OrderMerge) -> Self {
        Self { order, buyer: None }
    }
}

/// A merge of any number of orders: [`Shop::merge`]. Await it.
///
/// Only the platform can tell which orders go together, and it compares at most 100 orders in one call. Equal OAIDs do not
/// tell it. So orders of different calls are **not** compared: two of them may go to the same receiver, and are in
/// different parcels nevertheless. That costs a parcel, and never sends goods to another address. Two ways reduce it:
///
/// - Name the buyers ([`MergeCandidate::of_buyer`]): their orders are put into the same call, as far as 100 fit.
/// - [`compare_groups`](Self::compare_groups): one more call, with one order of each group.
///
/// The calls run one after another, and are safe and free. A call fails as a whole, and its orders are in
/// [`MergedOrders::failed`]. After an error that concerns all orders, such as a session that has expired, the others fail
/// without being sent.
#[must_use = "nothing is sent before this is awaited"]
pub struct MergeAll {
    shop: Shop,
    orders: Vec<MergeCandidate>,
    compares_groups: bool,
}

impl MergeAll {
    /// Compares the groups of different calls too, by one order of each group, if there are at most 100 groups. Groups
    /// whose orders the platform puts together are joined. With more groups nothing is joined.
    ///
    /// That a whole group goes where one of its orders goes follows from what a group is: the orders of one receiver. It
    /// is inferred that the platform answers in the same way in both calls. An address that is changed between them
    /// makes it untrue, so use the parcels at once.
    pub fn compare_groups(mut self) -> Self {
        self.compares_groups = true;
        self
    }

    async fn run(self) -> MergedOrders {
        let Self { shop, orders, compares_groups } = self;
        let mut merged = MergedOrders::default();
        let (orders, oaids) = merged.without_refused(orders);
        let calls = calls(orders);
        let mut ended_by: Option<Error> = None;
        merged.all_compared = calls.len() <= 1;
        for orders in &calls {
            let result = match &ended_by {
                Some(error) => Err(error.unsent()),
                None => merge(&shop, orders.clone()).await,
            };
            match result {
                Ok(parcels) => merged.parcels.extend(parcels),
                Err(error) => {
                    if ends_the_work(&error) {
                        ended_by.get_or_insert_with(|| error.clone());
                    }
                    merged.failed.push(FailedMerge::new(orders, error));
                }
            }
        }
        let can_compare = merged.parcels.len() <= OaidMerge::MAX_ORDERS && ended_by.is_none();
        if compares_groups && !merged.all_compared && can_compare {
            merged.compare_groups(&shop, &oaids).await;
        }
        merged.all_compared &= merged.failed.is_empty();
        merged
    }
}

impl IntoFuture for MergeAll {
    type Output = MergedOrders;
    type IntoFuture = BoxFuture<'static, MergedOrders>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for MergeAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeAll").field("orders", &self.orders.len()).finish_non_exhaustive()
    }
}

/// The parcels of any number of orders.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct MergedOrders {
    /// Each order that was compared, in exactly one parcel.
    pub parcels: Vec<MergeGroup>,
    /// The calls that failed. Their orders are in no parcel.
    pub failed: Vec<FailedMerge>,
    /// Why [the groups](MergeAll::compare_groups) could not be compared. The parcels are those of the calls before.
    pub compare_error: Option<Error>,
    /// Whether the platform compared all orders with each other. If not, two parcels may go to the same receiver.
    pub all_compared: bool,
}

/// Orders whose call failed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FailedMerge {
    /// The order numbers.
    pub tids: Vec<OrderId>,
    /// Why the call failed. The platform does not tell which order is at fault.
    pub error: Error,
}

impl FailedMerge {
    fn new(orders: &[OrderMerge], error: Error) -> Self {
        Self { tids: orders.iter().map(|order| order.tid.clone()).collect(), error }
    }
}

impl MergedOrders {
    /// The orders that can be sent, each once, and their OAIDs.
    fn without_refused(&mut self, orders: Vec<MergeCandidate>) -> (Vec<MergeCandidate>, HashMap<OrderId, Private>) {
        let mut oaids: HashMap<OrderId, Private> = HashMap::new();
        let mut kept = Vec::with_capacity(orders.len());
        for candidate in orders {
            let order = &candidate.order;
            let check = match oaids.get(&order.tid) {
                Some(oaid) if *oaid == order.oaid => continue,
                Some(_) => Err(InvalidRequest::new("tid", "must not be among the orders with two OAIDs")),
                None => OaidMerge::new([order.clone()]).validate(chrono::Utc::now()),
            };
            match check {
                Ok(()) => {
                    oaids.insert(order.tid.clone(), order.oaid.clone());
                    kept.push(candidate);
                }
                Err(error) => self.failed.push(FailedMerge::new(std::slice::from_ref(order), error.into())),
            }
        }
        (kept, oaids)
    }

    async fn compare_groups(&mut self, shop: &Shop, oaids: &HashMap<OrderId, Private>) {
        let first = |parcel: &MergeGroup| {
            let tid = parcel.tids.first()?;
            Some(OrderMerge { oaid: oaids.get(tid)?.clone(), tid: tid.clone() })
        };
        let orders: Vec<_> = self.parcels.iter().filter_map(first).collect();
        if orders.is_empty() {
            return;
        }
        match merge(shop, orders).await {
            Ok(joined) => {
                let rest = |tid: &OrderId| self.parcels.iter().find(|parcel| parcel.tids.first() == Some(tid));
                let tids = |parcel: &MergeGroup| {
                    parcel.tids.iter().filter_map(rest).flat_map(|parcel| parcel.tids.clone()).collect()
                };
                self.parcels = joined.iter().map(|parcel| MergeGroup { tids: tids(parcel) }).collect();
                self.all_compared = true;
            }
            Err(error) => self.compare_error = Some(error),
        }
    }
}

async fn merge(shop: &Shop, orders: Vec<OrderMerge>) -> Result<Vec<MergeGroup>, Error> {
    let merge = OaidMerge::new(orders);
    let answer = shop.send(&merge).await?;
    Ok(merge.parcels(&answer))
}

/// The orders in calls of 100, with the orders of one buyer in one call as far as they fit.
fn calls(orders: Vec<MergeCandidate>) -> Vec<Vec<OrderMerge>> {
    let mut buyers: HashMap<Private, usize> = HashMap::new();
    let mut groups: Vec<Vec<OrderMerge>> = Vec::new();
    for MergeCandidate { order, buyer } in orders {
        let known = buyer.as_ref().and_then(|buyer| buyers.get(buyer)).and_then(|index| groups.get_mut(*index));
        match known {
            Some(group) => group.push(order),
            None => {
                if let Some(buyer) = buyer {
                    buyers.insert(buyer, groups.len());
                }
                groups.push(vec![order]);
            }
        }
    }
    let mut calls: Vec<Vec<OrderMerge>> = Vec::new();
    for group in groups {
        for part in group.chunks(OaidMerge::MAX_ORDERS) {
            let fits = |call: &&mut Vec<OrderMerge>| call.len().saturating_add(part.len()) <= OaidMerge::MAX_ORDERS;
            // Only the last calls have room to speak of.
            match calls.iter_mut().rev().take(8).find(fits) {
                Some(call) => call.extend_from_slice(part),
                None => calls.push(part.to_vec()),
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(tid: usize) -> OrderMerge {
        OrderMerge::builder().tid(tid.to_string()).oaid("oaid").build()
    }

    #[test]
    fn orders_of_one_buyer_share_a_call_and_no_call_is_too_large() {
        // 7 orders of each buyer, far from each other in the input.
        let orders = (0..1400).map(|tid| MergeCandidate::of_buyer(format!("buyer-{}", tid % 200), order(tid)));
        let calls = calls(orders.collect());
        assert_eq!(calls.iter().map(Vec::len).sum::<usize>(), 1400);
        let mut call_of_buyer = HashMap::new();
        for (index, call) in calls.iter().enumerate() {
            assert!(call.len() <= 100);
            for order in call {
                let buyer = order.tid.as_number().unwrap() % 200;
                assert_eq!(*call_of_buyer.entry(buyer).or_insert(index), index, "buyer {buyer}");
            }
        }
    }

    #[test]
    fn a_buyer_with_too_many_orders_fills_whole_calls() {
        let orders = (0..250).map(|tid| MergeCandidate::of_buyer("buyer", order(tid)));
        assert_eq!(calls(orders.collect()).iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
        let without_buyers = (0..250).map(|tid| MergeCandidate::from(order(tid)));
        assert_eq!(calls(without_buyers.collect()).iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
    }
}
