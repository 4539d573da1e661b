//! The ledger beside the platform's bills.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use super::ledger::QuotaLedger;
use crate::operation::Operation;
use crate::store::{Store, StoreError};
use crate::time::china;
use crate::top::{BillDetail, BillItem, OaidDecrypt};

/// What a bill of the platform says of one shop and operation on one day of China. Rows of the same shop and operation
/// are added up.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BilledUsage {
    /// The application's key.
    pub application: String,
    /// Your own name of the shop.
    pub shop: String,
    /// The operation's name on the wire.
    pub operation: String,
    /// The units: for decryptions, orders.
    pub units: u64,
}

impl BilledUsage {
    /// A row of a bill.
    pub fn new(
        application: impl Into<String>,
        shop: impl Into<String>,
        operation: impl Into<String>,
        units: u64,
    ) -> Self {
        Self { application: application.into(), shop: shop.into(), operation: operation.into(), units }
    }

    /// What TOP's bill of a shop and a day says of its decryptions: how many orders got a virtual number, from all pages
    /// of [`SecretBillDetail`](crate::top::SecretBillDetail).
    ///
    /// TOP's bills have no decryptions, only the rent of numbers and calls. An order whose number was rented on the day
    /// must have been decrypted: if the bill has more orders than the ledger, calls went around the ledger. It may well
    /// have fewer: an order without a virtual number, or whose number is still rented, has no row. Rows that begin on
    /// another day, as an extension does in the emulator, are left out; what real bills have there is not documented.
    /// The bill of an application ([`AppBillDetail`](crate::top::AppBillDetail)) has only sums of days, from which no
    /// number of orders follows.
    pub fn decrypted_orders<'a>(
        application: impl Into<String>,
        shop: impl Into<String>,
        day: NaiveDate,
        rows: impl IntoIterator<Item = &'a BillDetail>,
    ) -> Self {
        let is_of_day = |row: &&BillDetail| {
            let start = row.start.map(|time| time.with_timezone(&china()).date_naive());
            row.bill_item == Some(BillItem::Rent) && start == Some(day)
        };
        let orders: BTreeSet<_> =
            rows.into_iter().filter(is_of_day).filter_map(|row| row.order_id.as_ref()).map(|id| id.as_str()).collect();
        Self::new(application, shop, OaidDecrypt::NAME, orders.len().try_into().unwrap_or(u64::MAX))
    }
}

/// Shows neither the application nor the shop.
impl fmt::Debug for BilledUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut usage = f.debug_struct("BilledUsage");
        usage.field("operation", &self.operation).field("units", &self.units).finish_non_exhaustive()
    }
}

/// Where the ledger and the bill differ: [`QuotaLedger::compare`].
///
/// A ledger that counts a little more is normal: attempts with a lost response count, whether they were executed or not.
/// A bill that has more shows calls that went around the ledger.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsageDifference {
    /// The application's key.
    pub application: String,
    /// Your own name of the shop.
    pub shop: String,
    /// The operation's name on the wire.
    pub operation: String,
    /// The units that the ledger counted.
    pub counted: u64,
    /// The units of the bill.
    pub billed: u64,
}

impl UsageDifference {
    /// Whether the platform billed more than the ledger counted: calls went around the ledger.
    #[must_use]
    pub fn is_uncounted(&self) -> bool {
        self.billed > self.counted
    }
}

/// Shows neither the application nor the shop.
impl fmt::Debug for UsageDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsageDifference")
            .field("operation", &self.operation)
            .field("counted", &self.counted)
            .field("billed", &self.billed)
            .finish_non_exhaustive()
    }
}

impl<S: Store> QuotaLedger<S> {
    /// Compares what the ledger counted on a day with a bill of that day, of all its shops: one entry for each shop and
    /// operation whose units differ, by application, shop and operation.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn compare(
        &self,
        day: NaiveDate,
        bill: impl IntoIterator<Item = BilledUsage>,
    ) -> Result<Vec<UsageDifference>, StoreError> {
        let mut units = BTreeMap::<_, (u64, u64)>::new();
        for used in self.usage(day).await? {
            let (counted, _) = units.entry((used.application, used.shop, used.operation)).or_default();
            *counted = counted.saturating_add(used.units);
        }
        for row in bill {
            let (_, billed) = units.entry((row.application, row.shop, row.operation)).or_default();
            *billed = billed.saturating_add(row.units);
        }
        let differing = units.into_iter().filter(|(_, (counted, billed))| counted != billed);
        let each = differing.map(|((application, shop, operation), (counted, billed))| UsageDifference {
            application,
            shop,
            operation,
            counted,
            billed,
        });
        Ok(each.collect())
    }
}
