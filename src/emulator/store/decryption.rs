//! The daily decryption quota of each shop, and the switch that turns decryption off.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::shop::ShopId;
use crate::emulator::china_time;

/// Whether orders can be decrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Decryption {
    /// Orders can be decrypted.
    #[default]
    On,
    /// The seller has switched decryption off for every application: `isv.decryption-disabled-by-seller`.
    OffBySeller,
    /// The seller has switched decryption off for this application: `isv.app-decryption-disabled-by-seller`.
    OffForApp,
}

/// The counts of one day (China time) by shop.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct DecryptionLimits {
    pub(crate) switch: Decryption,
    pub(crate) orders_per_day: Option<u64>,
    day: NaiveDate,
    decrypted: HashMap<ShopId, u64>,
}

/// The shop would exceed its quota of today.
pub(crate) struct QuotaExceeded;

impl DecryptionLimits {
    /// Counts all these orders, or none if they would exceed today's quota.
    pub(crate) fn count(&mut self, shop: ShopId, orders: u64, now: DateTime<Utc>) -> Result<(), QuotaExceeded> {
        let today = china_time::day(now);
        if self.day != today {
            self.day = today;
            self.decrypted.clear();
        }
        let decrypted = self.decrypted.entry(shop).or_default();
        let after = decrypted.saturating_add(orders);
        if orders > 0 && self.orders_per_day.is_some_and(|most| after > most) {
            return Err(QuotaExceeded);
        }
        *decrypted = after;
        Ok(())
    }

    /// The number of orders that a shop has decrypted today.
    pub(crate) fn decrypted_by(&self, shop: ShopId, now: DateTime<Utc>) -> u64 {
        if self.day == china_time::day(now) { self.decrypted.get(&shop).copied().unwrap_or_default() } else { 0 }
    }

    /// The number of orders that all shops have decrypted on the day of the latest call.
    pub(crate) fn decrypted(&self) -> u64 {
        self.decrypted.values().sum()
    }
}
