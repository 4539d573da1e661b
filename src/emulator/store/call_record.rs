//! Calls and messages over X numbers that are over.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// How long a call is unless the seed says otherwise.
const USUAL_LENGTH: TimeDelta = TimeDelta::seconds(10);

/// A finished call over an X number, or an intercepted message to one: what recordings, recognised speech and
/// `ConfirmSendSms` go by.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::emulator::{CallRecord, Emulator};
///
/// let an_hour_ago = chrono::Utc::now() - chrono::TimeDelta::hours(1);
/// let call = CallRecord::call("abcdef1234").at(an_hour_ago).lasting(Duration::from_secs(30));
/// let gateways = Emulator::builder().call_record(call).build();
/// ```
#[derive(Clone)]
#[must_use]
pub struct CallRecord {
    pub(crate) id: String,
    /// The pool that is always there, without one.
    pub(crate) pool_key: Option<String>,
    /// Any, without one.
    pub(crate) time: Option<DateTime<Utc>>,
    pub(crate) length: TimeDelta,
    pub(crate) recorded: bool,
    pub(crate) content: Content,
}

/// What went over the X number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Call,
    Message,
}

#[derive(Default)]
pub(crate) struct CallRecords {
    by_id: HashMap<String, CallRecord>,
}

impl CallRecord {
    /// A recorded call of ten seconds in the pool that is always there. It happened at whatever time a request names,
    /// until [`at`](CallRecord::at) fixes it.
    pub fn call(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            pool_key: None,
            time: None,
            length: USUAL_LENGTH,
            recorded: true,
            content: Content::Call,
        }
    }

    /// A message in the pool that is always there, intercepted until it is confirmed. It came just before whatever
    /// time it is, until [`at`](CallRecord::at) fixes it.
    pub fn message(id: impl Into<String>) -> Self {
        Self { content: Content::Message, ..Self::call(id) }
    }

    /// When it began. Requests name it to the second.
    pub fn at(mut self, time: DateTime<Utc>) -> Self {
        self.time = Some(time);
        self
    }

    /// How long the call was.
    pub fn lasting(mut self, length: Duration) -> Self {
        self.length = TimeDelta::from_std(length).unwrap_or(TimeDelta::MAX);
        self
    }

    /// A call that was not recorded.
    pub fn without_recording(mut self) -> Self {
        self.recorded = false;
        self
    }

    /// Puts it in another pool.
    pub fn in_pool(mut self, pool_key: impl Into<String>) -> Self {
        self.pool_key = Some(pool_key.into());
        self
    }
}

impl fmt::Debug for CallRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CallRecord")
            .field("content", &self.content)
            .field("time", &self.time)
            .field("length", &self.length)
            .field("recorded", &self.recorded)
            .finish_non_exhaustive()
    }
}

impl CallRecords {
    /// Keeps a record; one that names no pool goes to `pool_key`.
    pub(crate) fn insert(&mut self, record: CallRecord, pool_key: &str) {
        let pool_key = record.pool_key.clone().or_else(|| Some(pool_key.to_owned()));
        self.by_id.insert(record.id.clone(), CallRecord { pool_key, ..record });
    }

    /// A record of this content in this pool, or in any pool.
    pub(crate) fn get(&self, content: Content, pool_key: Option<&str>, id: &str) -> Option<&CallRecord> {
        let record = self.by_id.get(id).filter(|record| record.content == content)?;
        (pool_key.is_none() || record.pool_key.as_deref() == pool_key).then_some(record)
    }
}
