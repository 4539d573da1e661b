//! The queues of receipts.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// All receipts that were published, in the order of publication.
#[derive(Default)]
pub(crate) struct Queues {
    published: Vec<(String, Value, DateTime<Utc>)>,
}

impl Queues {
    /// Publishes a receipt. A receipt whose time is in the future becomes visible at that time.
    pub(crate) fn publish(&mut self, message_type: &str, body: &Value, now: DateTime<Utc>) -> bool {
        self.published.push((message_type.to_owned(), body.clone(), now));
        true
    }
}
