//! Calls and messages: those that are placed, and records of finished ones.

use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use http::Request;
use serde::Deserialize;
use serde_json::json;

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::{NUMBERS, body, check_not_empty, shown_numbers};
use super::view;
use crate::emulator::calls::{PlacedCall, Side, SmsMessage, state};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::call_record::CallRecord;

/// A longer call is probably a mistake in the unit.
const MAX_SECONDS: u64 = 24 * 60 * 60;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("calls", "the calls and messages", calls, "Calls").query(&[NUMBERS]),
    Endpoint::post(
        "calls",
        "places a call: caller, x, extension, course, rings_for, talks_for, hung_up_by",
        place_call,
        "NewCall",
        "DialledCall",
    )
    .creates(),
    Endpoint::post(
        "sms",
        "sends a message to an X number: sender, x, extension, content",
        send_message,
        "NewMessage",
        "SentMessage",
    )
    .creates(),
    Endpoint::post(
        "call_records",
        "adds a finished call or an intercepted message: id, kind, pool_key, at, duration, recorded",
        add_call_record,
        "NewCallRecord",
        "CallRecord",
    )
    .creates(),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCall {
    caller: String,
    x: String,
    extension: Option<String>,
    #[serde(default)]
    course: Course,
    /// In seconds.
    rings_for: Option<u64>,
    /// In seconds.
    talks_for: Option<u64>,
    hung_up_by: Option<Party>,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Course {
    #[default]
    Answered,
    Busy,
    NoAnswer,
    Rejected,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Party {
    Caller,
    Callee,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    sender: String,
    x: String,
    extension: Option<String>,
    #[serde(default)]
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCallRecord {
    id: String,
    #[serde(default)]
    kind: RecordKind,
    pool_key: Option<String>,
    /// Such as `2026-01-06T02:00:00Z`.
    at: Option<String>,
    /// In seconds.
    duration: Option<u64>,
    #[serde(default = "yes")]
    recorded: bool,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RecordKind {
    #[default]
    Call,
    Message,
}

fn yes() -> bool {
    true
}

fn calls(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let show = shown_numbers(request)?;
    let now = gateways.clock().now();
    Ok(ok(&state::calls(&gateways.lock_state(), now, show)))
}

fn place_call(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let call = body::<NewCall>(request)?.into_call()?;
    Ok(created(&view::call(&gateways.place_call(&call))))
}

fn send_message(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let message = body::<NewMessage>(request)?.into_message();
    Ok(created(&view::message(&gateways.send_message(&message))))
}

fn add_call_record(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let record: NewCallRecord = body(request)?;
    let added = json!({"id": record.id});
    gateways.add_call_record(record.into_record()?);
    Ok(created(&added))
}

impl NewCall {
    fn into_call(self) -> Result<PlacedCall, Problem> {
        if self.course != Course::Answered && (self.rings_for.is_some() || self.talks_for.is_some()) {
            return Err(Problem::bad_request("rings_for and talks_for are members of an answered call"));
        }
        if self.rings_for.max(self.talks_for).is_some_and(|seconds| seconds > MAX_SECONDS) {
            return Err(Problem::bad_request("rings_for and talks_for must be at most a day, in seconds"));
        }
        let mut call = PlacedCall::new(self.caller, self.x);
        if let Some(extension) = self.extension {
            call = call.extension(extension);
        }
        if let Some(seconds) = self.rings_for {
            call = call.answered_after(Duration::from_secs(seconds));
        }
        if let Some(seconds) = self.talks_for {
            call = call.talks_for(Duration::from_secs(seconds));
        }
        call = match self.course {
            Course::Answered => call,
            Course::Busy => call.busy(),
            Course::NoAnswer => call.no_answer(),
            Course::Rejected => call.rejected(),
        };
        Ok(match self.hung_up_by {
            Some(Party::Caller) => call.hung_up_by(Side::Caller),
            Some(Party::Callee) => call.hung_up_by(Side::Callee),
            None => call,
        })
    }
}

impl NewMessage {
    fn into_message(self) -> SmsMessage {
        let message = SmsMessage::new(self.sender, self.x, self.content);
        match self.extension {
            Some(extension) => message.extension(extension),
            None => message,
        }
    }
}

impl NewCallRecord {
    fn into_record(self) -> Result<CallRecord, Problem> {
        check_not_empty("id", &self.id)?;
        if self.kind == RecordKind::Message && (self.duration.is_some() || !self.recorded) {
            return Err(Problem::bad_request("duration and recorded are members of a call"));
        }
        let mut record = match self.kind {
            RecordKind::Call => CallRecord::call(self.id),
            RecordKind::Message => CallRecord::message(self.id),
        };
        if let Some(text) = &self.at {
            let time = DateTime::parse_from_rfc3339(text)
                .map_err(|_| Problem::bad_request("at must be a time such as 2026-01-06T02:00:00Z"))?;
            record = record.at(time.to_utc());
        }
        if let Some(seconds) = self.duration {
            if seconds > MAX_SECONDS {
                return Err(Problem::bad_request("duration must be at most a day, in seconds"));
            }
            record = record.duration(Duration::from_secs(seconds));
        }
        if let Some(pool_key) = self.pool_key {
            record = record.in_pool(pool_key);
        }
        Ok(if self.recorded { record } else { record.without_recording() })
    }
}
