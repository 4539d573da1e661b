//! The bodies of the receipts of calls, as the documents' examples write them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::dialled_call::CallRefusal;
use super::route::Dialled;
use super::timeline::Timeline;
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::store::call_record::TRANSCRIPT;

/// `call_type`: A called the other party.
const FROM_A: u8 = 0;
/// `call_type`: the other party called A.
const TO_A: u8 = 1;
/// `call_type`: the call was refused.
const INTERCEPTED: u8 = 4;

/// The ids of receipts begin after this.
const BEFORE_FIRST_ID: u64 = 1_014_000_000_000;

/// How a receipt is delivered. The two ways write it differently.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By HTTP.
    Pushed,
    /// In a queue.
    Queued,
}

/// What the receipts of one call are about.
pub(super) struct Facts<'a> {
    pub(super) dialled: &'a Dialled,
    pub(super) caller: &'a str,
    pub(super) timeline: &'a Timeline,
    pub(super) call_id: &'a str,
    /// The number of the call among all calls.
    pub(super) number: u64,
}

pub(super) fn body(message_type: &str, form: Form, facts: &Facts<'_>) -> Value {
    let body = match message_type {
        "SecretStartReport" => start(form, facts),
        "SecretRingReport" => ring(form, facts),
        "SecretPickUpReport" => pick_up(form, facts),
        "SecretRecording" => recording(form, facts),
        "SecretAsrReport" => asr(facts),
        _ => report(form, facts),
    };
    Value::Object(body)
}

/// Writes an id of digits as a number.
pub(super) fn number_or_text(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| Value::from(id), Value::from)
}

/// A time in China without a zone.
fn time(time: DateTime<Utc>) -> Value {
    Value::from(china_time::format(time))
}

impl Facts<'_> {
    fn refusal(&self) -> Option<CallRefusal> {
        self.dialled.result.as_ref().err().copied()
    }

    /// The members that all receipts of a call share.
    fn common(&self) -> Members {
        let mut common = members([
            ("pool_key", Value::from(self.dialled.pool_key())),
            ("call_id", Value::from(self.call_id)),
            ("secret_no", Value::from(self.dialled.number_x.as_str())),
            ("call_time", time(self.timeline.call)),
            ("call_type", Value::from(self.call_type())),
        ]);
        let (phone_no, peer_no) = self.parties();
        common.insert("phone_no".to_owned(), Value::from(phone_no));
        if let Some(peer_no) = peer_no {
            common.insert("peer_no".to_owned(), Value::from(peer_no));
        }
        if let Some(id) = self.dialled.subs_id() {
            common.insert("sub_id".to_owned(), number_or_text(id));
        }
        if let Some(out_id) = self.dialled.out_id() {
            common.insert("out_id".to_owned(), Value::from(out_id));
        }
        common
    }

    fn call_type(&self) -> u8 {
        match (self.refusal(), self.dialled.is_from_a) {
            (Some(_), _) => INTERCEPTED,
            (None, true) => FROM_A,
            (None, false) => TO_A,
        }
    }

    /// A and the other party. Without a binding, the caller is the only party.
    fn parties(&self) -> (&str, Option<&str>) {
        match &self.dialled.binding {
            Some((_, binding)) if self.dialled.is_from_a => (&binding.number_a, binding.number_b.as_deref()),
            Some((_, binding)) => (&binding.number_a, Some(self.caller)),
            None => (self.caller, None),
        }
    }

    fn city(&self) -> Value {
        self.dialled.pool.as_ref().map(|pool| Value::from(pool.city.as_str())).unwrap_or_default()
    }

    fn extension(&self) -> Option<&str> {
        self.dialled.binding.as_ref().and_then(|(_, binding)| binding.extension.as_deref())
    }

    fn id(&self, of_call: u64) -> u64 {
        BEFORE_FIRST_ID.saturating_add(self.number.saturating_mul(10)).saturating_add(of_call)
    }

    /// The members about the route that a pushed receipt has.
    fn control(&self) -> Members {
        let cause = self.refusal().map_or(0, CallRefusal::unconnected_cause);
        let control = if self.refusal().is_some() { "REJECT" } else { "CONTINUE" };
        members([
            ("partner_key", Value::from(self.dialled.pool_key())),
            ("city", self.city()),
            ("unconnected_cause", Value::from(cause)),
            ("control_type", Value::from(control)),
        ])
    }
}

fn start(form: Form, facts: &Facts<'_>) -> Members {
    let mut body = facts.common();
    body.insert("called_display_no".to_owned(), Value::from(facts.dialled.number_x.as_str()));
    match form {
        Form::Pushed => {
            body.extend(facts.control());
            body.insert("id".to_owned(), Value::from(facts.id(0).to_string()));
        }
        Form::Queued => {
            if let Some(control_msg) = facts.refusal().and_then(CallRefusal::control_msg) {
                body.insert("control_msg".to_owned(), Value::from(control_msg));
            }
        }
    }
    body
}

fn ring(form: Form, facts: &Facts<'_>) -> Members {
    let mut body = facts.common();
    body.insert("city".to_owned(), facts.city());
    body.insert("ring_time".to_owned(), time(facts.timeline.ring_time()));
    if let Some(extension) = facts.extension() {
        body.insert("extension".to_owned(), Value::from(extension));
    }
    if form == Form::Pushed {
        // These two are texts here.
        for name in ["call_type", "sub_id"] {
            if let Some(value) = body.get_mut(name) {
                *value = Value::from(value.to_string());
            }
        }
    }
    body
}

fn pick_up(form: Form, facts: &Facts<'_>) -> Members {
    let mut body = ring(form, facts);
    if form == Form::Queued
        && let Some(ring_time) = body.remove("ring_time")
    {
        body.insert("ring_Time".to_owned(), ring_time);
    }
    body.insert("start_time".to_owned(), time(facts.timeline.start_time()));
    body
}

fn report(form: Form, facts: &Facts<'_>) -> Members {
    let timeline = facts.timeline;
    let mut body = facts.common();
    body.extend(members([
        ("called_display_no", Value::from(facts.dialled.number_x.as_str())),
        ("call_out_time", time(timeline.call_out)),
        ("ring_time", time(timeline.ring_time())),
        ("free_ring_time", time(timeline.ring_time())),
        ("start_time", time(timeline.start_time())),
        ("release_time", time(timeline.release)),
        ("release_dir", Value::from(timeline.release_dir)),
        ("release_cause", Value::from(timeline.release_cause)),
    ]));
    body.insert("unconnected_cause".to_owned(), Value::from(facts.refusal().map_or(0, CallRefusal::unconnected_cause)));
    let control_msg = facts.refusal().map_or(Some("OK"), CallRefusal::control_msg);
    match form {
        Form::Pushed => {
            body.extend(facts.control());
            body.insert("id".to_owned(), Value::from(facts.id(1)));
            body.extend(control_msg.map(|text| ("control_msg".to_owned(), Value::from(text))));
        }
        Form::Queued => {
            body.insert("sms_number".to_owned(), Value::Null);
            if let Some(extension) = facts.extension() {
                body.insert("extension".to_owned(), Value::from(extension));
            }
            if facts.refusal().is_some() {
                body.extend(control_msg.map(|text| ("control_msg".to_owned(), Value::from(text))));
            }
        }
    }
    body
}

/// `call_time` is in milliseconds, as a number or as a text. They stand for the same second as the text elsewhere.
fn recording(form: Form, facts: &Facts<'_>) -> Members {
    let milliseconds = facts.timeline.call.timestamp().saturating_mul(1000);
    let (sub_id, call_time) = match form {
        Form::Pushed => ("sub_id", Value::from(milliseconds)),
        Form::Queued => ("subs_id", Value::from(milliseconds.to_string())),
    };
    let mut body = members([
        ("pool_key", Value::from(facts.dialled.pool_key())),
        ("call_id", Value::from(facts.call_id)),
        ("call_time", call_time),
    ]);
    if let Some(id) = facts.dialled.subs_id() {
        body.insert(sub_id.to_owned(), number_or_text(id));
    }
    if let Some(out_id) = facts.dialled.out_id() {
        body.insert("out_id".to_owned(), Value::from(out_id));
    }
    body
}

fn asr(facts: &Facts<'_>) -> Members {
    let duration = facts.timeline.release.signed_duration_since(facts.timeline.start_time());
    let sentences = TRANSCRIPT.iter().map(|sentence| {
        json!({
            "beginTime": sentence.begin,
            "endTime": sentence.end,
            "channelId": sentence.channel,
            "text": sentence.text,
            "silenceDuration": "0",
            "speechRate": sentence.speech_rate.to_string(),
            "emotionValue": sentence.emotion,
        })
    });
    members([
        ("callId", Value::from(facts.call_id)),
        ("bizDuration", Value::from(duration.num_milliseconds())),
        ("secretNo", Value::from(facts.dialled.number_x.as_str())),
        ("partnerKey", Value::from(facts.dialled.pool_key())),
        ("statusCode", Value::from("21050000")),
        ("sentences", sentences.collect()),
    ])
}
