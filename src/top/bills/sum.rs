use std::collections::HashMap;

use crate::redact::Private;
use crate::top::billing::{AppBillDetail, BillDetail, BillItem};
use crate::top::decimal::Decimal;

/// The sums of the rows of a bill, for each item. Two are equal if all their sums are.
///
/// The sums of a shop's own bill are to be those of the shop in the application's bill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BillSum {
    items: HashMap<Option<BillItem>, (u64, Decimal)>,
}

impl BillSum {
    /// The sums of a shop's bill. `None` if a sum is too large.
    #[must_use]
    pub fn of_shop<'a>(rows: impl IntoIterator<Item = &'a BillDetail>) -> Option<Self> {
        let mut sum = Self::default();
        for row in rows {
            sum.add(row.bill_item.as_ref(), row.bill_duration, row.cost)?;
        }
        Some(sum)
    }

    /// The sums of each shop in the application's bill, by [the seller's account](AppBillDetail::seller_nick), in the
    /// order of their first row. `None` if a sum is too large.
    #[must_use]
    pub fn per_shop<'a>(rows: impl IntoIterator<Item = &'a AppBillDetail>) -> Option<Vec<(Option<Private>, Self)>> {
        let mut shops: Vec<(Option<Private>, Self)> = Vec::new();
        let mut index_of: HashMap<&Option<Private>, usize> = HashMap::new();
        for row in rows {
            let index = *index_of.entry(&row.seller_nick).or_insert_with(|| {
                shops.push((row.seller_nick.clone(), Self::default()));
                shops.len().saturating_sub(1)
            });
            shops.get_mut(index)?.1.add(row.bill_item.as_ref(), row.bill_duration, row.cost)?;
        }
        Some(shops)
    }

    /// Days for [`BillItem::Rent`], minutes for [`BillItem::Calls`].
    #[must_use]
    pub fn duration(&self, item: &BillItem) -> u64 {
        self.of(item).0
    }

    /// The cost of an item, in the unit of the bill.
    #[must_use]
    pub fn cost(&self, item: &BillItem) -> Decimal {
        self.of(item).1
    }

    /// The cost of all items; `None` if it is too large.
    #[must_use]
    pub fn total(&self) -> Option<Decimal> {
        Decimal::sum(self.items.values().map(|(_, cost)| *cost))
    }

    fn of(&self, item: &BillItem) -> (u64, Decimal) {
        self.items.get(&Some(item.clone())).copied().unwrap_or_default()
    }

    fn add(&mut self, item: Option<&BillItem>, duration: Option<u64>, cost: Option<Decimal>) -> Option<()> {
        let sum = self.items.entry(item.cloned()).or_default();
        sum.0 = sum.0.checked_add(duration.unwrap_or_default())?;
        sum.1 = sum.1.checked_add(cost.unwrap_or_default())?;
        Some(())
    }
}
