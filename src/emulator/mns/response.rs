//! Answers of operations that were executed.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::Value;

use super::protocol::{CONTENT_TYPE, document};
use super::refusal::{MESSAGE_NOT_EXIST, Refusal};
use crate::emulator::answer::{GatewayResponse, Members, members};
use crate::emulator::ledger::Decision;
use crate::emulator::store::queue::Message;

/// Receipts have the default priority.
const PRIORITY: u64 = 8;

/// The result of an operation.
pub(super) enum Executed {
    /// The root of the answer, and its members.
    Messages(&'static str, Members),
    Deleted,
    /// Some of `count` messages were not deleted.
    DeletedInPart {
        count: usize,
        failed: Vec<(String, Refusal)>,
    },
}

impl Executed {
    /// A batch, or a single message. Without any message the operation fails.
    pub(super) fn messages(
        messages: Vec<Message>,
        is_batch: bool,
        write: fn(&Message) -> Members,
    ) -> Result<Self, Refusal> {
        if is_batch && !messages.is_empty() {
            let messages = messages.iter().map(|message| Value::Object(write(message))).collect();
            return Ok(Self::Messages("Messages", members([("Message", Value::Array(messages))])));
        }
        let message = messages.first().ok_or(MESSAGE_NOT_EXIST)?;
        Ok(Self::Messages("Message", write(message)))
    }
}

pub(super) fn answer(executed: Executed, operation: &'static str, request_id: &str) -> GatewayResponse {
    let (status, body, decision) = match executed {
        Executed::Messages(root, messages) => {
            (StatusCode::OK, document(root, &messages).into(), Decision::executed(operation))
        }
        Executed::Deleted => (StatusCode::NO_CONTENT, Bytes::new(), Decision::executed(operation)),
        Executed::DeletedInPart { count, failed } => {
            let code = failed.first().map_or(MESSAGE_NOT_EXIST.code, |(_, refusal)| refusal.code);
            let decision = Decision { executed: failed.len() < count, ..Decision::refused(operation, code) };
            (StatusCode::NOT_FOUND, errors(failed).into(), decision)
        }
    };
    GatewayResponse { status, content_type: CONTENT_TYPE, body, decision: decision.with_request_id(request_id) }
}

/// A message that was received, with its handle.
pub(super) fn received(message: &Message) -> Members {
    let mut members = peeked(message);
    members.insert("ReceiptHandle".to_owned(), Value::from(message.receipt_handle.as_str()));
    members.insert("NextVisibleTime".to_owned(), milliseconds(message.next_visible));
    members
}

/// A message that was not received.
pub(super) fn peeked(message: &Message) -> Members {
    members([
        ("MessageId", Value::from(message.id.as_str())),
        ("MessageBodyMD5", Value::from(message.body_md5.as_str())),
        ("MessageBody", Value::from(message.body.as_str())),
        ("EnqueueTime", milliseconds(message.enqueued)),
        ("FirstDequeueTime", message.first_dequeued.map_or(Value::from(0), milliseconds)),
        ("DequeueCount", Value::from(message.dequeue_count)),
        ("Priority", Value::from(PRIORITY)),
    ])
}

fn milliseconds(time: DateTime<Utc>) -> Value {
    Value::from(time.timestamp_millis())
}

fn errors(failed: Vec<(String, Refusal)>) -> String {
    let errors = failed.into_iter().map(|(handle, Refusal { code, message })| {
        Value::Object(members([
            ("ErrorCode", Value::from(code)),
            ("ErrorMessage", Value::from(message)),
            ("ReceiptHandle", Value::from(handle)),
        ]))
    });
    document("Errors", &members([("Error", errors.collect())]))
}
