//! A message of a queue.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::aliyun::receipt::Receipt;
use crate::aliyun::receipt::parse::{ParseReceiptError, parse};
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::answer::{lenient, parse_xml};
use crate::redact::{Private, Secret};

/// A message of a queue, with its receipts.
#[derive(Clone)]
#[non_exhaustive]
pub struct QueuedMessage {
    /// The receipts, mostly one. A message that is not JSON is an error here, and its text is in [`body`](Self::body):
    /// delete it when you have kept the text.
    pub receipts: Result<Vec<Receipt>, ParseReceiptError>,
    /// The text of the message, as it came.
    pub body: Private,
    /// The id of the message, the same at each delivery.
    pub message_id: String,
    /// How often the message was delivered, this time included.
    pub dequeue_count: Option<u32>,
    /// When the message was put into the queue.
    pub enqueue_time: Option<DateTime<Utc>>,
    /// When the message was delivered for the first time.
    pub first_dequeue_time: Option<DateTime<Utc>>,
    /// When the message comes again if it is not deleted.
    pub next_visible_time: Option<DateTime<Utc>>,
    pub(super) receipt_handle: Secret,
}

impl QueuedMessage {
    pub(super) fn new(message: WireMessage, receipt_type: &ReceiptType) -> Self {
        let body = decoded(message.message_body.expose());
        Self {
            receipts: parse(receipt_type, body.as_bytes()),
            body: body.into(),
            message_id: message.message_id,
            dequeue_count: message.dequeue_count,
            enqueue_time: time(message.enqueue_time),
            first_dequeue_time: time(message.first_dequeue_time),
            next_visible_time: time(message.next_visible_time),
            receipt_handle: message.receipt_handle,
        }
    }
}

impl fmt::Debug for QueuedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedMessage")
            .field("message_id", &self.message_id)
            .field("receipts", &self.receipts)
            .field("dequeue_count", &self.dequeue_count)
            .finish_non_exhaustive()
    }
}

/// The body is Base64 by the official demos. A body that is not is taken as it is.
fn decoded(body: &str) -> String {
    let decoded = STANDARD.decode(body.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| body.to_owned())
}

fn time(milliseconds: Option<i64>) -> Option<DateTime<Utc>> {
    milliseconds.and_then(DateTime::from_timestamp_millis)
}

/// A message as it is on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WireMessage {
    #[serde(deserialize_with = "lenient::text")]
    message_id: String,
    receipt_handle: Secret,
    message_body: Private,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    dequeue_count: Option<u32>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    enqueue_time: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    first_dequeue_time: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    next_visible_time: Option<i64>,
}

/// Reads the messages of a response: `Messages` with one or more `Message`, or one `Message` alone. `None` if it is
/// neither, or if none of its messages has an id, a handle and a body. A single one without them does not hold back the
/// others.
pub(super) fn read(body: &[u8]) -> Option<Vec<WireMessage>> {
    let (root, content) = parse_xml(body).ok()?;
    let messages = match (&*root, content) {
        ("Message", message) => vec![message],
        ("Messages", Value::Object(mut members)) => match members.remove("Message") {
            Some(Value::Array(messages)) => messages,
            Some(message) => vec![message],
            None => Vec::new(),
        },
        ("Messages", Value::String(text)) if text.trim().is_empty() => Vec::new(),
        _ => return None,
    };
    let are_there_any = !messages.is_empty();
    let read: Vec<_> = messages.into_iter().filter_map(|message| serde_json::from_value(message).ok()).collect();
    (!are_there_any || !read.is_empty()).then_some(read)
}
