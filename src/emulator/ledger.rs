//! What the gateways were asked, and how they decided.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// How many of the latest requests the ledger keeps; the counts cover all of them.
const KEPT: usize = 10_000;

/// The record of all requests that the gateways have handled. Clones share one record.
///
/// It holds no numbers, names of persons, addresses, sessions or secrets.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    records: Arc<Mutex<Records>>,
    /// Its key differs from process to process, so that a fingerprint tells nothing of the values it is made from.
    hasher: RandomState,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// When it was decided, by the emulator's clock.
    pub time: DateTime<Utc>,
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
    /// The id that the gateway gave the request, whether or not the answer arrived. `None` if there was no answer, or
    /// one without an id, such as a recording or a bare HTTP status.
    pub request_id: Option<String>,
    /// The name of the TOP shop whose session or client token the request shows, expired ones too. `None` at Alibaba
    /// Cloud.
    pub shop: Option<String>,
    /// 1 for the first request of its kind, 2 for the second, and so on. Requests are of one kind if they have the
    /// same operation, the same shop and equal business parameters: all but keys, session, timestamp, nonce, signature,
    /// version and format.
    ///
    /// The gateways cannot tell a retry from a call that is made a second time with the same values: both count. The
    /// count starts anew when none of its requests is among the latest 10,000.
    pub attempt: u64,
    parameters: Box<str>,
}

/// What a gateway decided about a request.
#[derive(Clone)]
pub(crate) struct Decision {
    pub(crate) operation: &'static str,
    pub(crate) verdict: Cow<'static, str>,
    pub(crate) executed: bool,
    pub(crate) request_id: Option<String>,
}

/// What the request itself tells.
pub(crate) struct RequestFacts {
    pub(crate) time: DateTime<Utc>,
    pub(crate) shop: Option<String>,
    /// The names of its parameters, separated by spaces.
    pub(crate) parameters: Box<str>,
    /// Equal for requests of one kind.
    pub(crate) fingerprint: u64,
}

#[derive(Debug, Default)]
struct Records {
    latest: VecDeque<(u64, Entry)>,
    counts: HashMap<&'static str, Count>,
    /// By fingerprint, for those that the latest have.
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
    /// How many of them are among the latest.
    kept: usize,
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
        self.change(|records| records.latest.iter().map(|(_, entry)| entry.clone()).collect())
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

    /// Writes a request down, and gives the entry if somebody watches.
    pub(crate) fn record(
        &self,
        decision: Decision,
        facts: RequestFacts,
        fault: Option<&'static str>,
        is_watched: bool,
    ) -> Option<Entry> {
        let Decision { operation, verdict, executed, request_id } = decision;
        let RequestFacts { time, shop, parameters, fingerprint } = facts;
        self.change(|records| {
            let count = records.counts.entry(operation).or_default();
            count.handled = count.handled.saturating_add(1);
            count.executed = count.executed.saturating_add(u64::from(executed));
            let attempt = records.next_attempt(fingerprint);
            let entry = Entry { time, operation, verdict, executed, fault, request_id, shop, attempt, parameters };
            let watched = is_watched.then(|| entry.clone());
            records.latest.push_back((fingerprint, entry));
            records.forget_oldest();
            watched
        })
    }

    /// The same number for equal values, as long as the process runs.
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

    fn forget_oldest(&mut self) {
        if self.latest.len() <= KEPT {
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
    /// The names of the request's parameters, in byte order; never their values. Names that no gateway would use, and
    /// those after the first 100, are one `?`.
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
    /// For a request whose operation is not one of the gateway's.
    pub(crate) const UNKNOWN_OPERATION: &'static str = "unknown";

    /// The verdict on a request that a fault kept from the gateway, and answered nothing.
    pub(crate) const NO_VERDICT: &'static str = "none";

    pub(crate) fn executed(operation: &'static str) -> Self {
        Self { operation, verdict: Cow::Borrowed("OK"), executed: true, request_id: None }
    }

    pub(crate) fn refused(operation: &'static str, verdict: impl Into<Cow<'static, str>>) -> Self {
        Self { operation, verdict: verdict.into(), executed: false, request_id: None }
    }

    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        self.request_id = Some(id.to_owned());
        self
    }
}
