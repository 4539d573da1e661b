//! Creating many bindings at once: `BindBatchAxg`.

use serde_json::Value;

use super::action::Action;
use super::binding::bind_axg;
use super::call::{Call, Refusal};
use super::json_parameter;
use crate::emulator::answer::{Members, list, members};
use crate::emulator::request::Parameters;

pub(super) const ACTIONS: &[Action] = &[Action::new("BindBatchAxg", bind_batch)];

fn bind_batch(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let text = call.required("AxgBindList")?;
    let rows = json_parameter::objects(text).ok_or_else(|| Refusal::invalid("AxgBindList"))?;
    call.check_pool(pool_key)?;
    if rows.is_empty() {
        return Err(Refusal::illegal_argument("AxgBindList is empty"));
    }
    let bound = rows.iter().map(|row| Value::Object(bind_row(call, pool_key, row))).collect();
    Ok(members([("SecretBindList", list("SecretBind", bound))]))
}

/// Each row is a separate `BindAxg`. A failed row does not affect the others.
fn bind_row(call: &mut Call<'_>, pool_key: &str, row: &Members) -> Members {
    let mut row: Vec<_> = row.iter().filter_map(|(name, value)| Some((name.clone(), text_of(value)?))).collect();
    row.push(("PoolKey".to_owned(), pool_key.to_owned()));
    let parameters = Parameters::from_pairs(row);
    let mut row_call =
        Call { parameters: &parameters, state: call.state, now: call.now, recording_host: call.recording_host };

    let mut answer = Members::new();
    for name in ["GroupId", "PhoneNoA"] {
        answer.insert(name.to_owned(), Value::from(parameters.get(name).unwrap_or_default()));
    }
    let (code, message) = match bind_axg(&mut row_call) {
        Ok(mut bound) => {
            if let Some(Value::Object(bound)) = bound.remove("SecretBindDTO") {
                answer.extend(bound);
            }
            ("OK", "OK".to_owned())
        }
        Err(Refusal::Business { code, message }) => (code, message.to_owned()),
        Err(Refusal::InData { code, .. }) => (code, code.to_owned()),
        // The gateway has accepted the list, so the product answers.
        Err(Refusal::Gateway { message, .. }) => ("isv.INVALID_PARAMETERS", message.into_owned()),
    };
    answer.extend(members([("Code", Value::from(code)), ("Message", Value::from(message))]));
    answer
}

/// A field as the text of a separate parameter. A null counts as missing.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
