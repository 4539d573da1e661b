use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::operation::Operation;

/// This crate's own code for a call that was not sent, because it would pass a budget of the
/// [`QuotaLedger`]. The advice is [`Advice::WaitUntil`](crate::Advice::WaitUntil) midnight in China.
pub const BUDGET_USED_UP: &str = "budget-used-up";

/// This crate's own code for a call that was not sent, because the store of the [`QuotaLedger`] failed. The advice is
/// [`Advice::Retry`](crate::Advice::Retry), the [`source`](std::error::Error::source) is the
/// [`StoreError`](crate::store::StoreError).
pub const QUOTA_NOT_COUNTED: &str = "quota-not-counted";

/// Counts the charged calls of shops and accounts, and refuses those beyond a budget. Clones share it; any number of machines may use
/// one store.
///
/// A budget counts the units of an operation ([`Operation::charged_units`]): for decryptions the
/// orders. A call is sent
/// only if all of it fits: with a budget of 30, a second call of 20 orders is refused. Give every machine the same
/// budgets.
#[doc(alias = "额度")]
#[derive(Clone)]
pub struct QuotaLedger<S> {
    pub(super) store: S,
    pub(super) budgets: Budgets,
    pub(super) keeps_rejected: bool,
    /// Counts that could not be taken back.
    pub(super) not_given_back: Arc<AtomicU64>,
}

/// The budgets of a day, by operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Budgets {
    per_shop: HashMap<&'static str, u32>,
    of_shops: HashMap<(&'static str, String), u32>,
    per_application: HashMap<&'static str, u32>,
}

impl<S> QuotaLedger<S> {
    /// A ledger without budgets: it only counts.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store, budgets: Budgets::default(), keeps_rejected: false, not_given_back: Arc::default() }
    }

    /// Counts calls that the gateway rejected, too. Without it their count is taken back: that a rejected call uses no
    /// quota and costs nothing is plausible, but no document says so. With it the ledger never counts less than a
    /// platform that does charge for them.
    #[must_use]
    pub fn keep_rejected(self) -> Self {
        Self { keeps_rejected: true, ..self }
    }

    /// How many units of an operation each shop may use in a day of China.
    #[must_use]
    pub fn budget_per_shop<O: Operation>(mut self, units: u32) -> Self {
        self.budgets.per_shop.insert(O::NAME, units);
        self
    }

    /// How many units of an operation this shop may use in a day of China, in place of the budget of each shop.
    #[must_use]
    pub fn budget_of_shop<O: Operation>(mut self, shop: impl Into<String>, units: u32) -> Self {
        self.budgets.of_shops.insert((O::NAME, shop.into()), units);
        self
    }

    /// How many units of an operation all shops of an application may use together in a day of China. All of their calls
    /// then write one row, which bounds how many calls a second one database can count.
    #[must_use]
    pub fn budget_per_application<O: Operation>(mut self, units: u32) -> Self {
        self.budgets.per_application.insert(O::NAME, units);
        self
    }
}

impl Budgets {
    pub(super) fn of_shop(&self, operation: &'static str, shop: &str) -> Option<u32> {
        let own = self.of_shops.iter().find(|((of, name), _)| *of == operation && name == shop);
        own.map(|(_, units)| *units).or_else(|| self.per_shop.get(operation).copied())
    }

    pub(super) fn of_application(&self, operation: &'static str) -> Option<u32> {
        self.per_application.get(operation).copied()
    }
}

/// Does not show the names of shops.
impl<S: fmt::Debug> fmt::Debug for QuotaLedger<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuotaLedger").field("store", &self.store).finish_non_exhaustive()
    }
}
