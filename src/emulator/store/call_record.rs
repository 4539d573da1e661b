//! Finished calls and intercepted messages of X numbers.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::kept::{KEPT, push_bounded};

/// The default duration of a call.
const DEFAULT_DURATION: TimeDelta = TimeDelta::seconds(10);
/// The time between the end of a call and the moment its recording and its text are ready.
pub(crate) const READY_AFTER: TimeDelta = TimeDelta::minutes(1);

/// A finished call through an X number, or an intercepted message to one. Recordings, recognised speech and
/// `ConfirmSendSms` refer to it.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::emulator::{CallRecord, Emulator};
///
/// let an_hour_ago = chrono::Utc::now() - chrono::TimeDelta::hours(1);
/// let call = CallRecord::call("abcdef1234").at(an_hour_ago).duration(Duration::from_secs(30));
/// let gateways = Emulator::builder().call_record(call).build();
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[must_use]
pub struct CallRecord {
    pub(crate) id: String,
    /// `None` stands for the default pool.
    pub(crate) pool_key: Option<String>,
    /// `None` stands for any time.
    pub(crate) time: Option<DateTime<Utc>>,
    /// The time between the start of the call and its answer.
    pub(crate) before_answer: TimeDelta,
    pub(crate) duration: TimeDelta,
    pub(crate) recorded: bool,
    /// Whether its speech is recognised.
    pub(crate) transcribed: bool,
    pub(crate) content: Content,
}

/// A sentence of the text of a call. Times are in milliseconds from the answer.
pub(crate) struct Sentence {
    /// The party who speaks.
    pub(crate) channel: u8,
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) text: &'static str,
    /// Words in a minute.
    pub(crate) speech_rate: u32,
    pub(crate) emotion: &'static str,
}

/// The recognised speech of every call, with the text of the documents' example.
pub(crate) const TRANSCRIPT: [Sentence; 2] = [
    Sentence { channel: 0, begin: 1020, end: 1770, text: "您好", speech_rate: 80, emotion: "5.7" },
    Sentence { channel: 1, begin: 2040, end: 2790, text: "您好", speech_rate: 80, emotion: "5.7" },
];

/// What was sent through the X number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Content {
    Call,
    Message,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct CallRecords {
    /// The latest ones.
    by_id: HashMap<String, CallRecord>,
    ids_by_age: VecDeque<String>,
}

impl CallRecord {
    /// A recorded call of 10 seconds in the default pool. It matches every time that a request has, unless
    /// [`at`](Self::at) sets its time.
    pub fn call(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            pool_key: None,
            time: None,
            before_answer: TimeDelta::zero(),
            duration: DEFAULT_DURATION,
            recorded: true,
            transcribed: true,
            content: Content::Call,
        }
    }

    /// An intercepted message in the default pool. It has just arrived, unless [`at`](Self::at) sets its time.
    pub fn message(id: impl Into<String>) -> Self {
        Self { content: Content::Message, ..Self::call(id) }
    }

    /// Sets the start time. Requests name it with a precision of one second.
    pub fn at(mut self, time: DateTime<Utc>) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets the duration of the call.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        self
    }

    /// The call was neither recorded nor transcribed.
    pub fn without_recording(mut self) -> Self {
        self.recorded = false;
        self.transcribed = false;
        self
    }

    /// Sets the pool.
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
            .field("duration", &self.duration)
            .field("recorded", &self.recorded)
            .finish_non_exhaustive()
    }
}

impl CallRecords {
    /// Adds a record. `pool_key` is used for a record without a pool.
    pub(crate) fn insert(&mut self, record: CallRecord, pool_key: &str) {
        let pool_key = record.pool_key.clone().or_else(|| Some(pool_key.to_owned()));
        let id = record.id.clone();
        if self.by_id.insert(id.clone(), CallRecord { pool_key, ..record }).is_some() {
            return;
        }
        if let Some(oldest) = push_bounded(&mut self.ids_by_age, id, KEPT) {
            self.by_id.remove(&oldest);
        }
    }

    /// A record of this content in this pool, or in any pool if `pool_key` is `None`.
    pub(crate) fn get(&self, content: Content, pool_key: Option<&str>, id: &str) -> Option<&CallRecord> {
        let record = self.by_id.get(id).filter(|record| record.content == content)?;
        (pool_key.is_none() || record.pool_key.as_deref() == pool_key).then_some(record)
    }
}
