//! Text messages to X numbers: `SecretSmsIntercept`, a receipt of former documents.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::bodies::number_or_text;
use super::dialled_call::CallRefusal;
use super::route::Dialled;
use super::sms_message::{SentMessage, SmsMessage};
use crate::emulator::answer::members;
use crate::emulator::china_time;
use crate::emulator::generated::seeded_hash;
use crate::emulator::store::State;
use crate::emulator::store::call_record::CallRecord;
use crate::emulator::store::phone_call::PhoneCall;
use crate::emulator::store::receipt::Receipt;

/// `sms_type`: the message is intercepted.
const INTERCEPTED: u8 = 1;
/// `status`: the platform has handled the message.
const HANDLED: u8 = 1;

/// Sends a message. `ConfirmSendSms` can send it on for a day, if it has a receiver.
pub(crate) fn send_message(state: &mut State, message: &SmsMessage, now: DateTime<Utc>) -> SentMessage {
    let number = state.phone_calls.next_number();
    let id = format!("{:016x}", seeded_hash(state.seed, &format!("message {number}")));
    let dialled = Dialled::find(state, &message.sender, &message.x, message.extension.as_deref(), now);
    let receiver = dialled.result.as_ref().map(|rung| rung.number.clone()).map_err(|refusal| *refusal);
    state.phone_calls.add(PhoneCall {
        id: id.clone(),
        is_message: true,
        caller: message.sender.clone(),
        dialled: dialled.number_x.clone(),
        subs_id: dialled.subs_id().map(str::to_owned),
        called: receiver.clone().ok(),
        refused: receiver.as_ref().err().map(|refusal| refusal.as_str().into()),
        placed: now,
        rings: None,
        answered: None,
        released: now,
    });
    if dialled.pool.is_some() {
        if receiver.is_ok() {
            state.call_records.insert(CallRecord::message(&id).at(now), dialled.pool_key());
        }
        let body = body(message, &dialled, &id, number, now);
        let receipt = Receipt {
            message_type: "SecretSmsIntercept".into(),
            time: now,
            call_id: Some(id.clone()),
            pushed: body.clone(),
            queued: body,
        };
        state.publish(receipt, now);
    }
    SentMessage { id, receiver }
}

fn body(message: &SmsMessage, dialled: &Dialled, id: &str, number: u64, now: DateTime<Utc>) -> Value {
    let intercept_type = match &dialled.result {
        Ok(_) => "NORMAL",
        Err(CallRefusal::NoBinding | CallRefusal::WrongExtension) => "SUBS_NOT_EXISTS",
        Err(CallRefusal::NoCalledNumber) => "CALLED_NOT_EXISTS",
        Err(_) => "CONTROL_DISABLE",
    };
    let mut body = members([
        ("id", Value::from(number)),
        ("partner_key", Value::from(dialled.pool_key())),
        ("pool_key", Value::from(dialled.pool_key())),
        ("sms_type", Value::from(INTERCEPTED)),
        ("send_no", Value::from(message.sender.as_str())),
        ("secret_no", Value::from(dialled.number_x.as_str())),
        ("sms_content", Value::from(message.content.as_str())),
        ("status", Value::from(HANDLED)),
        ("sms_intercept_type", Value::from(intercept_type)),
        ("call_id", Value::from(id)),
        ("start_time", Value::from(china_time::format(now))),
    ]);
    let receiver = dialled.result.as_ref().ok().map(|rung| Value::from(rung.number.as_str()));
    let optional = [
        ("receive_no", receiver),
        ("sub_id", dialled.subs_id().map(number_or_text)),
        ("out_id", dialled.out_id().map(Value::from)),
    ];
    body.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(body)
}
