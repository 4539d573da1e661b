//! The rows of the ledger.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use crate::store::{Row, StoreError, Table};
use crate::time::china;

/// The table of the ledger.
pub(super) const TABLE: Table = Table::Quota;

/// The state of what one shop used.
pub(super) const SHOP: &str = "shop";

/// The state of what an application used: only if it has a budget.
pub(super) const APPLICATION: &str = "application";

/// What is counted: the content of a row. A row of an application has no shop. For Aliyun the application is the
/// account.
#[derive(Serialize, Deserialize)]
pub(super) struct Counted<'a> {
    #[serde(borrow)]
    pub(super) application: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub(super) shop: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub(super) operation: std::borrow::Cow<'a, str>,
}

impl<'a> Counted<'a> {
    pub(super) fn new(application: &'a str, shop: &'a str, operation: &'a str) -> Self {
        Self { application: application.into(), shop: shop.into(), operation: operation.into() }
    }

    /// The key of the row of a day: no two lists of parts have the same.
    pub(super) fn key(&self, state: &str, day: NaiveDate) -> String {
        let Self { application, shop, operation } = self;
        format!("{state}:{day}:{operation}:{}:{application}:{shop}", application.len())
    }

    pub(super) fn value(&self) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(self).map_err(|_| StoreError::Refused("a count cannot be written as JSON".into()))
    }

    pub(super) fn read(row: &'a Row) -> Result<Self, StoreError> {
        serde_json::from_slice(&row.value).map_err(|_| StoreError::Corrupt("a count has another content".into()))
    }
}

/// The day in China.
pub(super) fn day_of(time: DateTime<Utc>) -> NaiveDate {
    time.with_timezone(&china()).date_naive()
}

/// The end of a day in China.
pub(super) fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    let next = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    china().from_local_datetime(&next).single().map(|time| time.to_utc())
}
