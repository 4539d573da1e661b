//! How many orders each shop may decrypt, and whether any at all.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::shop::ShopId;
use crate::emulator::china_time;

/// Whether sellers let receivers be decrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Decryption {
    /// They do.
    #[default]
    On,
    /// Switched off for every application: `isv.decryption-disabled-by-seller`.
    OffBySeller,
    /// Switched off for this application: `isv.app-decryption-disabled-by-seller`.
    OffForApp,
}

/// The counts of one day in China, by shop.
#[derive(Default)]
pub(crate) struct DecryptionLimits {
    pub(crate) switch: Decryption,
    pub(crate) orders_per_day: Option<u64>,
    day: NaiveDate,
    decrypted: HashMap<ShopId, u64>,
}

/// The shop's orders of today would be more than its quota.
pub(crate) struct QuotaExceeded;

impl DecryptionLimits {
    /// Counts all these orders or, if they are too many for today, none.
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

    /// How many orders all shops have decrypted on the day of the last call.
    pub(crate) fn decrypted(&self) -> u64 {
        self.decrypted.values().sum()
    }
}
