//! Renting and calling virtual numbers, and what is charged for it.

use chrono::{DateTime, TimeDelta, Utc};

use super::State;
use super::bill::{BillRow, BilledItem};
use super::order::Rent;

impl State {
    /// Rents the virtual number of an order for some days from now, as a decryption does. A number whose rent ends later
    /// stays as it is. Returns the end of the rent. `None` if the order has no virtual number.
    pub(crate) fn rent(&mut self, tid: &str, days: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = later(now, TimeDelta::days(days));
        self.rent_until(tid, until, now)
    }

    /// Extends the rent of the virtual number of an order by some days. They are added to the present end, so that a
    /// second extension can be seen; the documents do not tell what they are added to. Returns the new end. `None` if
    /// the order has no virtual number.
    pub(crate) fn extend_rent(&mut self, tid: &str, days: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let rent = self.orders.get(tid)?.life.rent;
        let end = rent.map_or(now, |rent| rent.end.max(now));
        self.rent_until(tid, later(end, TimeDelta::days(days)), now)
    }

    fn rent_until(&mut self, tid: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let order = self.orders.get(tid).filter(|order| order.kind.is_virtual())?;
        let (shop, secret_no) = (order.shop, order.mobile(self.seed, tid));
        let new = Rent { start: now, end: now, billed_days: 0 };
        let mut rent = order.life.rent.filter(|rent| now < rent.end).unwrap_or(new);
        let start = rent.end;
        rent.end = rent.end.max(until);
        // Parts of a day are not charged.
        let days = u64::try_from(rent.end.signed_duration_since(rent.start).num_days()).unwrap_or_default();
        let charged_days = days.saturating_sub(rent.billed_days);
        rent.billed_days = rent.billed_days.max(days);
        let end = rent.end;
        self.orders.life_mut(tid)?.rent = Some(rent);
        if charged_days > 0 {
            let row = BillRow {
                shop,
                tid: tid.to_owned(),
                secret_no,
                item: BilledItem::Rent,
                start,
                end,
                duration: charged_days,
                charged: now,
            };
            self.bills.charge(row);
        }
        Some(end)
    }

    /// Charges an answered call to the virtual number of an order, by the minute.
    pub(crate) fn charge_call(&mut self, tid: &str, answered: DateTime<Utc>, released: DateTime<Utc>) {
        let Some(order) = self.orders.get(tid) else { return };
        let seconds = u64::try_from(released.signed_duration_since(answered).num_seconds()).unwrap_or_default();
        let row = BillRow {
            shop: order.shop,
            tid: tid.to_owned(),
            secret_no: order.mobile(self.seed, tid),
            item: BilledItem::Calls,
            start: answered,
            end: released,
            duration: seconds.div_ceil(60).max(1),
            charged: released,
        };
        self.bills.charge(row);
    }
}

fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
