//! The bills of virtual numbers: rent and calls.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{KEPT_LONG, push_bounded};
use super::shop::ShopId;
use crate::emulator::china_time;

/// What a day of rent and a minute of a call cost, in cents. No document states the prices.
const CENTS_PER_DAY: u64 = 3;
const CENTS_PER_MINUTE: u64 = 10;

/// What was charged, oldest first: the latest rows.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Bills {
    rows: VecDeque<BillRow>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BillRow {
    pub(crate) shop: ShopId,
    pub(crate) tid: String,
    pub(crate) secret_no: String,
    pub(crate) item: BilledItem,
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    /// Days of rent, or minutes of a call.
    pub(crate) duration: u64,
    /// When it was charged, which decides the day of the bill.
    pub(crate) charged: DateTime<Utc>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum BilledItem {
    Rent,
    Calls,
}

impl BilledItem {
    /// The number on the wire.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Rent => 0,
            Self::Calls => 1,
        }
    }

    pub(crate) fn cents(self, duration: u64) -> u64 {
        duration.saturating_mul(match self {
            Self::Rent => CENTS_PER_DAY,
            Self::Calls => CENTS_PER_MINUTE,
        })
    }
}

impl Bills {
    pub(crate) fn charge(&mut self, row: BillRow) {
        push_bounded(&mut self.rows, row, KEPT_LONG);
    }

    /// What was charged on a day in China until now, oldest first.
    pub(crate) fn of_day(&self, day: NaiveDate, now: DateTime<Utc>) -> impl Iterator<Item = &BillRow> {
        self.rows.iter().filter(move |row| row.charged <= now && china_time::day(row.charged) == day)
    }
}

/// An amount of cents as a decimal number: `0.45`.
pub(crate) fn decimal(cents: u64) -> String {
    let (whole, rest) = (cents.checked_div(100).unwrap_or_default(), cents.checked_rem(100).unwrap_or_default());
    format!("{whole}.{rest:02}")
}
