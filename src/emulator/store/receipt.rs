//! The receipts of calls, messages and numbers, by time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kept::KEPT;

/// The time of a receipt, and its number among all receipts.
pub(crate) type ReceiptKey = (DateTime<Utc>, u64);

/// One receipt, in the forms of both ways in which it is delivered.
#[derive(Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) message_type: Cow<'static, str>,
    /// When it is delivered first.
    pub(crate) time: DateTime<Utc>,
    /// The id of the call or the message. A receipt about a number has none.
    pub(crate) call_id: Option<String>,
    /// An element of the array that is pushed by HTTP.
    pub(crate) pushed: Value,
    /// The body of the message in the queue.
    pub(crate) queued: Value,
}

/// All receipts, including those whose time has not come.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Receipts {
    #[serde(with = "super::pairs")]
    by_time: BTreeMap<ReceiptKey, Arc<Receipt>>,
    added: u64,
}

impl Receipts {
    pub(crate) fn add(&mut self, receipt: Arc<Receipt>, now: DateTime<Utc>) -> ReceiptKey {
        self.added = self.added.saturating_add(1);
        let key = (receipt.time, self.added);
        self.by_time.insert(key, receipt);
        while self.by_time.len() > KEPT && self.by_time.first_key_value().is_some_and(|((time, _), _)| *time <= now) {
            self.by_time.pop_first();
        }
        key
    }

    /// The latest receipts whose time has come, newest first.
    pub(crate) fn latest(&self, now: DateTime<Utc>) -> impl Iterator<Item = (ReceiptKey, &Receipt)> {
        self.by_time.range(..=(now, u64::MAX)).rev().map(|(key, receipt)| (*key, &**receipt))
    }

    /// The receipts whose time has not come, soonest first.
    pub(crate) fn coming(&self, now: DateTime<Utc>) -> impl Iterator<Item = (ReceiptKey, &Receipt)> {
        let after = (std::ops::Bound::Excluded((now, u64::MAX)), std::ops::Bound::Unbounded);
        self.by_time.range(after).map(|(key, receipt)| (*key, &**receipt))
    }

    /// The receipts whose time has come, oldest first, with whole numbers.
    pub(crate) fn to_json(&self, now: DateTime<Utc>) -> Value {
        let past = self.by_time.range(..=(now, u64::MAX)).map(|(_, receipt)| {
            json!({
                "type": receipt.message_type,
                "time": receipt.time.to_rfc3339(),
                "call_id": receipt.call_id,
                "pushed": receipt.pushed,
                "queued": receipt.queued,
            })
        });
        past.collect()
    }
}
