//! Calls and messages through X numbers: who is rung, and the receipts of what happens.

mod bodies;
mod dialled_call;
mod message;
mod number700;
pub(crate) mod number_event;
mod order_number;
mod placed_call;
mod route;
mod sms_message;
pub(crate) mod state;
mod timeline;

pub use dialled_call::{CallRefusal, DialledCall, Rung};
pub(crate) use message::send_message;
pub use placed_call::{PlacedCall, Side};
pub use sms_message::{SentMessage, SmsMessage};

use chrono::{DateTime, Utc};

use super::generated::seeded_hash;
use super::store::State;
use super::store::call_record::{CallRecord, READY_AFTER};
use super::store::phone_call::PhoneCall;
use super::store::receipt::Receipt;
use bodies::{Facts, Form};
use route::Dialled;
use timeline::Timeline;

/// Places a call. Everything that follows from it is scheduled at once; each receipt has its own time.
pub(crate) fn place_call(state: &mut State, call: &PlacedCall, now: DateTime<Utc>) -> DialledCall {
    let number = state.phone_calls.next_number();
    let id = call_id(state.seed, number);
    let dialled = Dialled::find(state, &call.caller, &call.x, call.extension.as_deref(), now);
    let timeline = match dialled.result {
        Ok(_) => Timeline::of(call, now),
        Err(_) => Timeline::refused(now),
    };
    state.phone_calls.add(PhoneCall {
        id: id.clone(),
        is_message: false,
        caller: call.caller.clone(),
        dialled: dialled.number_x.clone(),
        subs_id: dialled.subs_id().map(str::to_owned),
        called: dialled.result.as_ref().ok().map(|rung| rung.number.clone()),
        refused: dialled.result.as_ref().err().map(|refusal| refusal.as_str().into()),
        placed: now,
        rings: timeline.ring,
        answered: timeline.answer,
        released: timeline.release,
    });
    if let (Ok(_), None, Some(answer)) = (&dialled.result, &dialled.pool, timeline.answer) {
        let extension = call.extension.as_deref().or_else(|| call.x.split_once('-').map(|(_, extension)| extension));
        if let Some(tid) = order_number::order(state, &dialled.number_x, extension).map(str::to_owned) {
            state.charge_call(&tid, answer, timeline.release);
        }
    }
    // Only the pools of this account have receipts.
    if dialled.pool.is_some() {
        publish(state, &dialled, call, &timeline, &id, number, now);
    }
    DialledCall { id, result: dialled.result }
}

fn publish(
    state: &mut State,
    dialled: &Dialled,
    call: &PlacedCall,
    timeline: &Timeline,
    id: &str,
    number: u64,
    now: DateTime<Utc>,
) {
    let facts = Facts { dialled, caller: &call.caller, timeline, call_id: id, number };
    let mut receipts = vec![("SecretStartReport", timeline.call)];
    receipts.extend(timeline.ring.map(|time| ("SecretRingReport", time)));
    receipts.extend(timeline.answer.map(|time| ("SecretPickUpReport", time)));
    receipts.push(("SecretReport", timeline.release));
    let answered = dialled.binding.as_ref().map(|(_, binding)| binding).zip(timeline.answer);
    if let Some((binding, answer)) = answered {
        let ready = timeline.release.checked_add_signed(READY_AFTER).unwrap_or(timeline.release);
        if binding.recording {
            receipts.push(("SecretRecording", ready));
        }
        if binding.asr {
            receipts.push(("SecretAsrReport", ready));
        }
        let record = CallRecord {
            before_answer: answer.signed_duration_since(timeline.call),
            duration: timeline.release.signed_duration_since(answer),
            recorded: binding.recording,
            transcribed: binding.asr,
            ..CallRecord::call(id).at(timeline.call)
        };
        state.call_records.insert(record, &binding.pool_key);
    }
    let receipts: Vec<Receipt> = receipts
        .into_iter()
        .map(|(message_type, time)| Receipt {
            message_type: message_type.into(),
            time,
            call_id: Some(id.to_owned()),
            pushed: bodies::body(message_type, Form::Pushed, &facts),
            queued: bodies::body(message_type, Form::Queued, &facts),
        })
        .collect();
    for receipt in receipts {
        state.publish(receipt, now);
    }
}

/// An id such as `43612633712c0001`. The ids are the same on every run.
fn call_id(seed: u64, number: u64) -> String {
    let high = seeded_hash(seed, &format!("call {number}")) >> 16;
    format!("{high:012x}{:04x}", number & 0xffff)
}
