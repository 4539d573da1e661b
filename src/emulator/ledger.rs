//! What the gateways were asked, and how they decided.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// How many of the latest requests the ledger keeps; the counts cover all of them.
const KEPT: usize = 10_000;

/// The record of all requests that the gateways have handled. Clones share one record.
///
/// It holds no numbers, names, addresses, identifiers or secrets.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    records: Arc<Mutex<Records>>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The method of TOP or the action of Alibaba Cloud, or `unknown`.
    pub operation: &'static str,
    /// `OK`, or the most exact code of the refusal: TOP's `sub_code` or `errorCode` (its number if there is neither),
    /// Alibaba Cloud's `Code`; an HTTP status if there is no more; `none` if a fault kept the request from the
    /// gateway and answered nothing. It is what the gateway decided, whether or not the answer arrived.
    pub verdict: Cow<'static, str>,
    /// Whether the operation was carried out.
    pub executed: bool,
    /// The fault that the request met, by its name.
    pub fault: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Records {
    latest: VecDeque<Entry>,
    counts: HashMap<&'static str, Count>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    handled: u64,
    executed: u64,
}

impl Ledger {
    /// How many requests for `operation` were handled, refused ones too.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.count_of(operation).handled
    }

    /// How often `operation` was carried out.
    #[must_use]
    pub fn executed(&self, operation: &str) -> u64 {
        self.count_of(operation).executed
    }

    /// The latest requests (at most 10,000), oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.change(|records| records.latest.iter().cloned().collect())
    }

    /// Forgets all requests and counts.
    pub fn clear(&self) {
        self.change(|records| *records = Records::default());
    }

    /// The operations that were asked for, with how often each was handled and executed.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, (u64, u64)> {
        self.change(|records| {
            let counts = records.counts.iter();
            counts.map(|(operation, count)| (*operation, (count.handled, count.executed))).collect()
        })
    }

    pub(crate) fn record(&self, entry: Entry) {
        self.change(|records| {
            let count = records.counts.entry(entry.operation).or_default();
            count.handled = count.handled.saturating_add(1);
            count.executed = count.executed.saturating_add(u64::from(entry.executed));
            if records.latest.len() >= KEPT {
                records.latest.pop_front();
            }
            records.latest.push_back(entry);
        });
    }

    fn count_of(&self, operation: &str) -> Count {
        self.change(|records| records.counts.get(operation).copied().unwrap_or_default())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Records) -> T) -> T {
        change(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Entry {
    /// For a request whose operation is not one of the gateway's.
    pub(crate) const UNKNOWN_OPERATION: &'static str = "unknown";

    /// The verdict on a request that a fault kept from the gateway, and answered nothing.
    pub(crate) const NO_VERDICT: &'static str = "none";

    pub(crate) fn executed(operation: &'static str) -> Entry {
        Entry { operation, verdict: Cow::Borrowed("OK"), executed: true, fault: None }
    }

    pub(crate) fn refused(operation: &'static str, verdict: impl Into<Cow<'static, str>>) -> Entry {
        Entry { operation, verdict: verdict.into(), executed: false, fault: None }
    }
}
