//! Counts the attempts of one shop, or of what an account's calls are counted for.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::{BoxFuture, FutureExt};

use super::ledger::{BUDGET_USED_UP, QUOTA_NOT_COUNTED, QuotaLedger};
use super::row::{APPLICATION, Counted, SHOP, TABLE, day_of, end_of};
use crate::aliyun;
use crate::error::{Outcome, ProviderCause, Remedy};
use crate::send::{Meter, MeterRefusal, Usage};
use crate::store::{Change, NewRow, Store, StoreError, Written};
use crate::top::Shop;

impl Shop {
    /// This shop, with its charged calls counted in a ledger. `name` is your own name of the shop, 1 to 100 bytes, the
    /// same on all machines. See [`quota_ledger`](crate::quota_ledger).
    #[must_use]
    pub fn counted<S: Store>(&self, ledger: &QuotaLedger<S>, name: impl Into<String>) -> Self {
        let (application, shop) = (self.application().to_owned(), name.into());
        self.with_meter(Arc::new(Counter { ledger: ledger.clone(), application, shop }))
    }
}

impl aliyun::Client {
    /// This client, with its charged calls counted in a ledger: numbers bought, messages confirmed, pick-ups ordered,
    /// numbers looked up. `account` is your own name of the account, `name` of what its calls are counted for, a pool or
    /// a shop: 1 to 100 bytes each, the same on all machines. In the ledger they are the application and the shop. What
    /// Aliyun charges for later, such as calls over a binding, is not a call of this client and is not counted. See
    /// [`quota_ledger`](crate::quota_ledger).
    #[must_use]
    pub fn counted<S: Store>(
        &self,
        ledger: &QuotaLedger<S>,
        account: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        let (application, shop) = (account.into(), name.into());
        self.with_meter(Arc::new(Counter { ledger: ledger.clone(), application, shop }))
    }
}

/// The meter of one shop.
pub(super) struct Counter<S> {
    pub(super) ledger: QuotaLedger<S>,
    pub(super) application: String,
    pub(super) shop: String,
}

impl<S: Store> Counter<S> {
    /// Adds `by` to what the shop used, and to what the application used if that has a budget.
    async fn add(&self, usage: Usage, by: i64) -> Result<Written, StoreError> {
        let Self { ledger, application, shop } = self;
        let (operation, day) = (usage.operation, day_of(usage.time));
        let of_shop = Counted::new(application, shop, operation);
        let of_all = Counted::new(application, "", operation);
        let (key, value) = (of_shop.key(SHOP, day), of_shop.value()?);
        let (key_of_all, value_of_all) = (of_all.key(APPLICATION, day), of_all.value()?);
        let (group, due) = (day.to_string(), end_of(day));
        let row = NewRow::new(&value).state(SHOP).group(&group).due(due);
        let max = ledger.budgets.of_shop(operation, shop).map(i64::from);
        let mut changes = vec![Change::Add { table: TABLE, key: &key, by, max, row }];
        if let Some(budget) = ledger.budgets.of_application(operation) {
            let row = NewRow::new(&value_of_all).state(APPLICATION).group(&group).due(due);
            changes.push(Change::Add { table: TABLE, key: &key_of_all, by, max: Some(budget.into()), row });
        }
        ledger.store.write(&changes).await
    }
}

impl<S: Store> Meter for Counter<S> {
    fn count(&self, usage: Usage) -> BoxFuture<'_, Result<(), MeterRefusal>> {
        async move {
            let refused =
                |meaning| MeterRefusal { code: BUDGET_USED_UP, meaning, remedy: Remedy::NextDay, cause: None };
            match self.add(usage, usage.units.into()).await {
                Ok(Written::Done(_)) => Ok(()),
                Ok(Written::Refused(0)) => {
                    Err(refused("the shop's own budget of this day leaves no room for the call"))
                }
                Ok(Written::Refused(_)) => {
                    Err(refused("the application's own budget of this day leaves no room for the call"))
                }
                Err(error) => {
                    let remedy = if error.is_transient() { Remedy::Backoff } else { Remedy::Report };
                    let cause: Box<dyn std::error::Error + Send + Sync> = error.into();
                    let meaning = "the call could not be counted in the store, and was not sent";
                    Err(MeterRefusal {
                        code: QUOTA_NOT_COUNTED,
                        meaning,
                        remedy,
                        cause: Some(ProviderCause::from(cause)),
                    })
                }
            }
        }
        .boxed()
    }

    fn give_back(&self, usage: Usage, outcome: Outcome) -> BoxFuture<'_, ()> {
        async move {
            if outcome == Outcome::Rejected && self.ledger.keeps_rejected {
                return;
            }
            if self.add(usage, i64::from(usage.units).saturating_neg()).await.is_err() {
                self.ledger.not_given_back.fetch_add(usage.units.into(), Ordering::Relaxed);
                tracing::warn!(operation = usage.operation, "the count of a call that was not executed stays");
            }
        }
        .boxed()
    }
}

/// Does not show the shop's name.
impl<S> fmt::Debug for Counter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counter(..)")
    }
}
