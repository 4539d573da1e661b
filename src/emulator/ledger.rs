//! The record of all requests and of the gateways' decisions.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// How many of the latest requests the ledger keeps. The counts cover all requests.
const CAPACITY: usize = 10_000;

/// The record of all requests that the gateways have handled. Clones share one record.
///
/// It contains no phone numbers, names of persons, addresses, sessions or secrets.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    records: Arc<Mutex<Records>>,
    /// Its key is random, so that a fingerprint reveals nothing about the values.
    hasher: RandomState,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// When the request was handled, by the emulator's clock.
    pub time: DateTime<Utc>,
    /// The method of TOP or the action of Alibaba Cloud, or `unknown`.
    pub operation: &'static str,
    /// `OK`, or the most specific code of the refusal: TOP's `sub_code` or `errorCode` (its `code` if both are absent),
    /// or Alibaba Cloud's `Code`. It is an HTTP status if the response has no code, and `none` if a fault prevented the
    /// execution and any response. It is the gateway's decision, whether or not the response was delivered.
    pub code: Cow<'static, str>,
    /// Whether the operation was executed.
    pub executed: bool,
    /// The name of the fault that was applied to the request.
    pub fault: Option<&'static str>,
    /// The request id in the response, whether or not the response was delivered. `None` for no response, and for a
    /// response without an id, such as a recording.
    pub request_id: Option<String>,
    /// The name of the TOP shop that the session (valid or expired) or client token belongs to. `None` at Alibaba
    /// Cloud.
    pub shop: Option<String>,
    /// 1 for the first of several equal requests, 2 for the second, and so on. Requests are equal if they have the same
    /// operation, shop and business parameters: all parameters except keys, session, timestamp, nonce, signature,
    /// version and format.
    ///
    /// The gateway cannot distinguish a retry from a second call with the same values, so both count. The count
    /// restarts when none of the equal requests is among the latest 10,000.
    pub attempt: u64,
    parameters: Box<str>,
}

/// The decision of a gateway about a request.
#[derive(Clone)]
pub(crate) struct Decision {
    pub(crate) operation: &'static str,
    pub(crate) code: Cow<'static, str>,
    pub(crate) executed: bool,
    pub(crate) request_id: Option<String>,
}

/// The part of an entry that depends on the request alone.
pub(crate) struct RequestFacts {
    pub(crate) time: DateTime<Utc>,
    pub(crate) shop: Option<String>,
    /// The names of the parameters, separated by spaces.
    pub(crate) parameters: Box<str>,
    /// The same for equal requests.
    pub(crate) fingerprint: u64,
}

/// The requests after a certain one, for a reader that follows the ledger.
pub(crate) struct Following {
    /// The latest ones with their numbers, oldest first.
    pub(crate) entries: Vec<(u64, Entry)>,
    /// How many older ones are left out.
    pub(crate) missed: u64,
    /// How often the ledger was cleared.
    pub(crate) clears: u64,
}

#[derive(Debug, Default)]
struct Records {
    latest: VecDeque<(u64, Entry)>,
    /// The number of requests since the start. It is the number of the latest one.
    recorded: u64,
    clears: u64,
    counts: HashMap<&'static str, Count>,
    /// By fingerprint, for the latest requests only.
    repeats: HashMap<u64, Repeats>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    handled: u64,
    executed: u64,
}

#[derive(Debug, Default)]
struct Repeats {
    requests: u64,
    /// How many of them are among the latest requests.
    kept: usize,
}

impl Ledger {
    /// How many requests for `operation` were handled, including refused ones.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.count_of(operation).handled
    }

    /// How often `operation` was executed.
    #[must_use]
    pub fn executed(&self, operation: &str) -> u64 {
        self.count_of(operation).executed
    }

    /// The latest requests (at most 10,000), oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.change(|records| records.latest.iter().map(|(_, entry)| entry.clone()).collect())
    }

    /// Removes all requests and counts.
    pub fn clear(&self) {
        self.change(|records| {
            let (recorded, clears) = (records.recorded, records.clears.saturating_add(1));
            *records = Records { recorded, clears, ..Records::default() };
        });
    }

    /// The latest requests after the one with the number `after`, at most `most` of them.
    pub(crate) fn following(&self, after: u64, most: usize) -> Following {
        self.change(|records| {
            let kept = u64::try_from(records.latest.len()).unwrap_or(u64::MAX);
            let new = records.recorded.saturating_sub(after).min(kept);
            let shown = usize::try_from(new).unwrap_or(usize::MAX).min(most);
            let latest = records.latest.iter().rev().zip((1..=records.recorded).rev()).take(shown);
            let mut entries: Vec<_> = latest.map(|((_, entry), number)| (number, entry.clone())).collect();
            entries.reverse();
            let missed = new.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
            Following { entries, missed, clears: records.clears }
        })
    }

    /// The request with this number, if it is among the latest 10,000.
    pub(crate) fn entry(&self, number: u64) -> Option<Entry> {
        self.change(|records| {
            let age = usize::try_from(records.recorded.checked_sub(number)?).ok()?;
            records.latest.iter().rev().nth(age).map(|(_, entry)| entry.clone())
        })
    }

    /// How often each requested operation was handled and executed.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, (u64, u64)> {
        self.change(|records| {
            let counts = records.counts.iter();
            counts.map(|(operation, count)| (*operation, (count.handled, count.executed))).collect()
        })
    }

    /// Records a request. Returns its number, and the entry if `has_observer` is set.
    pub(crate) fn record(
        &self,
        decision: Decision,
        facts: RequestFacts,
        fault: Option<&'static str>,
        has_observer: bool,
    ) -> (u64, Option<Entry>) {
        let Decision { operation, code, executed, request_id } = decision;
        let RequestFacts { time, shop, parameters, fingerprint } = facts;
        self.change(|records| {
            let count = records.counts.entry(operation).or_default();
            count.handled = count.handled.saturating_add(1);
            count.executed = count.executed.saturating_add(u64::from(executed));
            let attempt = records.next_attempt(fingerprint);
            let entry = Entry { time, operation, code, executed, fault, request_id, shop, attempt, parameters };
            let observed = has_observer.then(|| entry.clone());
            records.latest.push_back((fingerprint, entry));
            records.recorded = records.recorded.saturating_add(1);
            records.remove_oldest();
            (records.recorded, observed)
        })
    }

    /// A hash that is the same for equal values within this process.
    pub(crate) fn fingerprint(&self, value: impl std::hash::Hash) -> u64 {
        self.hasher.hash_one(value)
    }

    fn count_of(&self, operation: &str) -> Count {
        self.change(|records| records.counts.get(operation).copied().unwrap_or_default())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Records) -> T) -> T {
        change(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Records {
    fn next_attempt(&mut self, fingerprint: u64) -> u64 {
        let repeats = self.repeats.entry(fingerprint).or_default();
        repeats.requests = repeats.requests.saturating_add(1);
        repeats.kept = repeats.kept.saturating_add(1);
        repeats.requests
    }

    fn remove_oldest(&mut self) {
        if self.latest.len() <= CAPACITY {
            return;
        }
        let Some((fingerprint, _)) = self.latest.pop_front() else { return };
        if let Some(repeats) = self.repeats.get_mut(&fingerprint) {
            repeats.kept = repeats.kept.saturating_sub(1);
            if repeats.kept == 0 {
                self.repeats.remove(&fingerprint);
            }
        }
    }
}

impl Entry {
    /// The names of the request's parameters in byte order, without their values. A single `?` replaces all names that
    /// cannot be names of parameters, and all names after the first 100.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::aliyun::QuerySubsId;
    /// use privacy_number::emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let query = QuerySubsId::builder().pool_key(emulator.pool_key()).phone_no_x("17000000001").build();
    /// let _ = emulator.aliyun()?.send(&query).await;
    /// let entries = emulator.ledger().entries();
    /// assert!(entries[0].parameters().any(|name| name == "PhoneNoX"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.split_ascii_whitespace()
    }
}

impl Decision {
    /// The operation of a request without a known operation.
    pub(crate) const UNKNOWN_OPERATION: &'static str = "unknown";

    /// The code if a fault prevented the execution and any response.
    pub(crate) const NO_CODE: &'static str = "none";

    pub(crate) fn executed(operation: &'static str) -> Self {
        Self { operation, code: Cow::Borrowed("OK"), executed: true, request_id: None }
    }

    pub(crate) fn refused(operation: &'static str, code: impl Into<Cow<'static, str>>) -> Self {
        Self { operation, code: code.into(), executed: false, request_id: None }
    }

    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        self.request_id = Some(id.to_owned());
        self
    }
}
