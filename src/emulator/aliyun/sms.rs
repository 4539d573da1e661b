//! Intercepted messages: `ConfirmSendSms`.

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::call_record::Content;

pub(super) const ACTIONS: &[Action] = &[Action::new("ConfirmSendSms", confirm)];

/// The time in which an intercepted message can be confirmed.
const RETENTION: TimeDelta = TimeDelta::days(1);

/// The documented refusals of a message. A `CallId` that equals a code is refused with that code.
const REFUSALS: [(&str, &str); 6] = [
    ("ContentUnsupported", "There is unsupported content, please check the incoming content."),
    ("InvalidJsonParam", "There are unavailable parameters, please check the parameter list."),
    ("SmartSmsContentNotWhite", "Smart SMS content is not configured in the white list."),
    ("SmsContentIllegal", "The SMS content is illegal, Please check and adjust it and try again."),
    ("SmsSignIllegal", "The SMS sign is illegal, Please check and adjust it and try again."),
    (
        "BlackKeyControlLimit",
        "You are under blacklist control, Please contact relevant personnel to cancel the operation.",
    ),
];

/// Each confirmation sends the message again.
fn confirm(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_x = call.required("SecretNo")?;
    let id = call.required("CallId")?;
    if !call.state.pools.exists(pool_key) {
        // This action has its own code for an unknown pool.
        return Err(refused("PoolKeyNotFound", "The specified poolKey does not exist."));
    }
    call.check_number_x(pool_key, number_x)?;
    if let Some((code, message)) = REFUSALS.into_iter().find(|(code, _)| *code == id) {
        return Err(refused(code, message));
    }
    let record = call.state.call_records.get(Content::Message, Some(pool_key), id);
    let record = record.ok_or_else(|| Refusal::forbidden("there is no such intercepted message"))?;
    if record.time.is_some_and(|time| call.now.signed_duration_since(time) > RETENTION) {
        return Err(Refusal::forbidden("the message is older than a day"));
    }
    // The service sends the boolean as a text.
    Ok(members([("Data", Value::from("true"))]))
}

fn refused(code: &'static str, message: &'static str) -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, code, message)
}
