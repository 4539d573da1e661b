//! The queues of receipts: one for each type of receipt.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::emulator::generated::hash;
use crate::emulator::signature::upper_hex;

/// The types of receipts that have a queue: those of the current documents, those that former documents name, and the
/// report about a number whose review failed.
const MESSAGE_TYPES: [&str; 14] = [
    "NumberManagementReport",
    "SecretANumberAuditFailedReport",
    "SecretAsrReport",
    "SecretBillingCallReport",
    "SecretBillingSmsReport",
    "SecretExceptionPhoneReport",
    "SecretPickUpReport",
    "SecretRecording",
    "SecretReport",
    "SecretRingRecording",
    "SecretRingReport",
    "SecretSmsIntercept",
    "SecretStartReport",
    "SmartLogisticsReport",
];

/// The number of the account in the names of the queues.
const ACCOUNT: &str = "1000000000000001";
const MAX_VISIBILITY_SECONDS: i64 = 43_200;
const DEFAULT_VISIBILITY_TIMEOUT: TimeDelta = TimeDelta::seconds(30);
/// How long a message is kept if nobody deletes it.
const RETENTION: TimeDelta = TimeDelta::days(4);
/// The maximum number of messages of a queue, so that memory is bounded. The oldest ones are removed.
const KEPT: usize = 50_000;

/// All queues, by name.
#[derive(Serialize, Deserialize)]
pub(crate) struct Queues {
    queues: BTreeMap<String, Queue>,
    /// How long a received message is hidden.
    visibility_timeout: TimeDelta,
}

/// Messages until they are deleted or too old.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Queue {
    messages: BTreeMap<u64, Message>,
    /// The messages in the order in which they become visible.
    by_visibility: BTreeSet<(DateTime<Utc>, u64)>,
    /// The messages by age, oldest first.
    by_age: BTreeSet<(DateTime<Utc>, u64)>,
    published: u64,
    /// Changes when a message is published. It is closed when the state is replaced.
    #[serde(skip)]
    changes: watch::Sender<()>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    /// The text in base64.
    pub(crate) body: String,
    /// The upper-case hexadecimal MD5 of `body`.
    pub(crate) body_md5: String,
    pub(crate) enqueued: DateTime<Utc>,
    pub(crate) next_visible: DateTime<Utc>,
    pub(crate) first_dequeued: Option<DateTime<Utc>>,
    pub(crate) dequeue_count: u64,
    /// The handle of the latest receive. It is valid until `next_visible`.
    pub(crate) receipt_handle: String,
}

/// How many messages a queue has.
pub(crate) struct Depth {
    /// The messages that can be received now.
    pub(crate) visible: usize,
    /// The messages that were received and not deleted, until their visibility timeout ends, and messages that are not
    /// published yet.
    pub(crate) hidden: usize,
}

/// The reason why a message was not deleted.
#[derive(Clone, Copy)]
pub(crate) enum DeleteError {
    /// The handle does not have the form of a handle.
    Malformed,
    /// The message does not exist, or the handle is not valid any more.
    NotExist,
}

/// The name of the queue for receipts of a type.
pub(crate) fn queue_name(message_type: &str) -> String {
    format!("Alicom-Queue-{ACCOUNT}-{message_type}")
}

/// The types of receipts that have a queue.
pub(crate) fn message_types() -> impl Iterator<Item = &'static str> {
    MESSAGE_TYPES.into_iter()
}

impl Queues {
    /// Publishes a receipt. Returns `false` if there is no queue for this type.
    ///
    /// A receipt whose time is in the future becomes visible at that time.
    pub(crate) fn publish(&mut self, message_type: &str, body: &Value, now: DateTime<Utc>) -> bool {
        self.publish_text(message_type, &body.to_string(), now)
    }

    /// Publishes any text, as [`publish`](Self::publish) does with JSON.
    pub(crate) fn publish_text(&mut self, message_type: &str, text: &str, now: DateTime<Utc>) -> bool {
        let Some(queue) = self.queues.get_mut(&queue_name(message_type)) else { return false };
        queue.publish(text, now);
        true
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Queue> {
        self.queues.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Queue)> {
        self.queues.iter().map(|(name, queue)| (name.as_str(), queue))
    }

    /// Receives up to `count` messages and hides them for the visibility timeout. Returns `None` if there is no such
    /// queue.
    pub(crate) fn receive(&mut self, name: &str, count: usize, now: DateTime<Utc>) -> Option<Vec<Message>> {
        let hidden_until = later(now, self.visibility_timeout);
        Some(self.queues.get_mut(name)?.receive(count, hidden_until, now))
    }

    /// Deletes the message that was received with this handle.
    pub(crate) fn delete(&mut self, name: &str, handle: &str, now: DateTime<Utc>) -> Result<(), DeleteError> {
        self.queues.get_mut(name).ok_or(DeleteError::NotExist)?.delete(handle, now)
    }

    /// Sets how long later receives hide a message: whole seconds, within the limits of the gateway.
    pub(crate) fn set_visibility_timeout(&mut self, timeout: Duration) {
        let seconds = i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX);
        self.visibility_timeout = TimeDelta::seconds(seconds.clamp(1, MAX_VISIBILITY_SECONDS));
    }
}

impl Default for Queues {
    fn default() -> Self {
        let queues = message_types().map(|message_type| (queue_name(message_type), Queue::default()));
        Self { queues: queues.collect(), visibility_timeout: DEFAULT_VISIBILITY_TIMEOUT }
    }
}

impl Queue {
    /// The first messages that can be received, up to `count`. They stay visible.
    pub(crate) fn peek(&self, count: usize, now: DateTime<Utc>) -> Vec<Message> {
        self.visible(now).take(count).filter_map(|number| self.messages.get(&number).cloned()).collect()
    }

    pub(crate) fn has_visible(&self, now: DateTime<Utc>) -> bool {
        self.visible(now).next().is_some()
    }

    pub(crate) fn depth(&self, now: DateTime<Utc>) -> Depth {
        let visible = self.visible(now).count();
        let all = self.messages.values().filter(|message| !message.is_too_old(now)).count();
        Depth { visible, hidden: all.saturating_sub(visible) }
    }

    /// When the next hidden message becomes visible.
    pub(crate) fn next_visible(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (time, _) = self.by_visibility.iter().find(|(time, _)| *time > now)?;
        Some(*time)
    }

    /// The receiver changes when a message is published, and is closed when the state is replaced.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn publish(&mut self, text: &str, now: DateTime<Utc>) {
        self.remove_too_old(now);
        self.published = self.published.saturating_add(1);
        let number = self.published;
        let body = STANDARD.encode(text);
        let message = Message {
            id: format!("{:016X}{number:016X}", hash(&format!("message {number}"))),
            body_md5: upper_hex(&Md5::digest(&body)),
            body,
            enqueued: now,
            next_visible: now,
            first_dequeued: None,
            dequeue_count: 0,
            receipt_handle: String::new(),
        };
        self.messages.insert(number, message);
        self.by_visibility.insert((now, number));
        self.by_age.insert((now, number));
        if self.messages.len() > KEPT
            && let Some((_, oldest)) = self.by_age.first().copied()
        {
            self.remove(oldest);
        }
        self.changes.send_replace(());
    }

    fn receive(&mut self, count: usize, hidden_until: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Message> {
        self.remove_too_old(now);
        let numbers: Vec<u64> = self.visible(now).take(count).collect();
        let mut received = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some(message) = self.messages.get_mut(&number) else { continue };
            self.by_visibility.remove(&(message.next_visible, number));
            message.next_visible = hidden_until;
            message.first_dequeued.get_or_insert(now);
            message.dequeue_count = message.dequeue_count.saturating_add(1);
            message.receipt_handle = receipt_handle(number, message);
            self.by_visibility.insert((hidden_until, number));
            received.push(message.clone());
        }
        received
    }

    fn delete(&mut self, handle: &str, now: DateTime<Utc>) -> Result<(), DeleteError> {
        let number = number_of(handle).ok_or(DeleteError::Malformed)?;
        let message = self.messages.get(&number).ok_or(DeleteError::NotExist)?;
        if message.receipt_handle != handle || now >= message.next_visible || message.is_too_old(now) {
            return Err(DeleteError::NotExist);
        }
        self.remove(number);
        Ok(())
    }

    /// The numbers of the messages that can be received, in the order in which they became visible.
    fn visible(&self, now: DateTime<Utc>) -> impl Iterator<Item = u64> {
        let numbers = self.by_visibility.range(..=(now, u64::MAX)).map(|(_, number)| *number);
        numbers.filter(move |number| self.messages.get(number).is_some_and(|message| !message.is_too_old(now)))
    }

    fn remove_too_old(&mut self, now: DateTime<Utc>) {
        while let Some((enqueued, number)) = self.by_age.first().copied() {
            if !is_too_old(enqueued, now) {
                break;
            }
            self.by_age.pop_first();
            self.remove(number);
        }
    }

    fn remove(&mut self, number: u64) {
        if let Some(message) = self.messages.remove(&number) {
            self.by_visibility.remove(&(message.next_visible, number));
            self.by_age.remove(&(message.enqueued, number));
        }
    }
}

impl Message {
    fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        is_too_old(self.enqueued, now)
    }
}

fn is_too_old(enqueued: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    later(enqueued, RETENTION) <= now
}

fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A handle that no other receive has. Like real ones, it can end with `=`.
fn receipt_handle(number: u64, message: &Message) -> String {
    let text = format!("{number}-{}-{}", message.next_visible.timestamp_millis(), message.dequeue_count);
    format!("1-{}", STANDARD.encode(text))
}

/// The number of the message that a handle belongs to.
fn number_of(handle: &str) -> Option<u64> {
    let text = String::from_utf8(STANDARD.decode(handle.strip_prefix("1-")?).ok()?).ok()?;
    text.split('-').next()?.parse().ok()
}
