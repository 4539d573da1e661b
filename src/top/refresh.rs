//! What follows a changed address: the new OAID is read, decrypted, and the callers are reported again.

use bon::Builder;
use futures_util::StreamExt;

use super::callers::CallerReport;
use super::oaid::{Receiver, ReceiverQuery, Scene};
use super::order::{Trade, TradeFullinfoGet, TradeStatus};
use super::order_id::OrderId;
use super::shop::Shop;
use super::tmc::Event;
use crate::error::Error;
use crate::redact::Private;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{OrderRefresh, RefreshedOrder};
}

/// How a changed order is decrypted again, and who may call its new number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Builder)]
#[non_exhaustive]
pub struct OrderRefresh {
    /// What the receiver is needed for.
    pub scene: Option<Scene>,
    /// How many days the new virtual number stays bound.
    pub secret_no_days: Option<u32>,
    /// The callers of a 700 number. The list of a new number is empty, so all are reported. Other kinds take none.
    #[builder(default, with = |callers: impl IntoIterator<Item: Into<Private>>| callers.into_iter().map(Into::into).collect())]
    pub callers: Vec<Private>,
}

impl OrderRefresh {
    /// The query of an order that was read; `None` if it has no OAID, or is closed and cannot be decrypted.
    pub(crate) fn query(&self, tid: &OrderId, trade: &Trade) -> Option<ReceiverQuery> {
        let is_closed = matches!(trade.status, Some(TradeStatus::Closed | TradeStatus::ClosedByTaobao));
        let oaid = trade.oaid.clone().filter(|_| !is_closed)?;
        let (scene, secret_no_days) = (self.scene.clone(), self.secret_no_days);
        Some(ReceiverQuery { oaid, tid: tid.as_str().to_owned(), scene, secret_no_days })
    }
}

/// An order after its address was changed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RefreshedOrder {
    /// The order, with its current OAID: store that.
    pub trade: Trade,
    /// The new receiver and number. `None` if the order is closed or has no OAID.
    pub receiver: Option<Receiver>,
    /// What became of the callers; `None` if none were named or there is no receiver. An error concerns the callers
    /// alone: report them again with [`Shop::ensure_callers`].
    pub callers: Option<Result<CallerReport, Error>>,
}

impl Shop {
    /// Brings an order up to date after its address was changed: reads its current OAID, decrypts it, and reports the
    /// callers of its new 700 number. Drop what you stored of the order before: `CachedShop::order_changed` (feature
    /// `store`) does that too.
    ///
    /// It can be called again after any error. The decryption is metered as any other.
    ///
    /// # Errors
    /// The order could not be read, or not be decrypted. An error of the callers is in
    /// [`RefreshedOrder::callers`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::{emulator::Emulator, top::{OrderRefresh, Scene}};
    ///
    /// let emulator = Emulator::start().await?;
    /// let moved = emulator.gateways().change_address("2001").ok_or("no order")?;
    ///
    /// let refresh = OrderRefresh::builder().scene(Scene::StoreShipping).callers(["13100000000"]).build();
    /// let order = emulator.shop()?.refresh_order("2001", &refresh).await?;
    /// assert_eq!(order.trade.oaid.as_ref().map(|oaid| oaid.expose()), Some(moved.as_str()));
    /// assert!(order.receiver.is_some() && order.callers.is_some_and(|report| report.is_ok()));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "修改收货地址")]
    pub async fn refresh_order(
        &self,
        tid: impl Into<OrderId>,
        refresh: &OrderRefresh,
    ) -> Result<RefreshedOrder, Error> {
        let tid = tid.into();
        let trade = self.read_order(&TradeFullinfoGet::new(tid.clone())).await?;
        let receiver = match refresh.query(&tid, &trade) {
            Some(query) => match self.decrypt_all([query]).next().await {
                Some(decrypted) => Some(decrypted.result?),
                None => None,
            },
            None => None,
        };
        Ok(self.with_callers(trade, receiver, refresh).await)
    }

    /// Reports the callers of an order that was decrypted.
    pub(crate) async fn with_callers(
        &self,
        trade: Trade,
        receiver: Option<Receiver>,
        refresh: &OrderRefresh,
    ) -> RefreshedOrder {
        let callers = match (&trade.oaid, &receiver) {
            (Some(oaid), Some(receiver)) if !refresh.callers.is_empty() => {
                let callers = refresh.callers.iter().map(Private::expose);
                let mut report = self.ensure_callers(oaid.clone(), callers);
                if let Some(number) = &receiver.mobile {
                    report = report.number(number.clone());
                }
                Some(report.await)
            }
            _ => None,
        };
        RefreshedOrder { trade, receiver, callers }
    }
}

impl Event {
    /// The order whose address was changed: by [`Event::AddressChanged`], by [`Event::AddressChangeResult`] if its
    /// `result` is `true`, and by [`Event::OrderConsistency`] if `address_same` is `false`. `None` for all others.
    #[must_use]
    pub fn changed_address_of(&self) -> Option<&OrderId> {
        match self {
            Self::AddressChanged(event) => Some(&event.tid),
            Self::AddressChangeResult(event) => Some(&event.biz_order_id).filter(|_| event.result),
            Self::OrderConsistency(event) => Some(&event.biz_order_id).filter(|_| !event.address_same),
            _ => None,
        }
    }
}
