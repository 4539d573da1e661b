//! The state of work numbers as JSON, for assertions.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::emulator::store::work_number::{WorkNumber, WorkNumbers};

/// Work numbers, call bindings and tags of SMS. `show` writes the phone numbers.
pub(in crate::emulator::aliyun) fn to_json(
    work_numbers: &WorkNumbers,
    now: DateTime<Utc>,
    show: fn(&str) -> String,
) -> Value {
    let numbers = work_numbers.iter().map(|each| number(each, show));
    let call_bindings = work_numbers.call_bindings().map(|(id, binding)| {
        let binding = json!({
            "pool_key": binding.pool_key,
            "auth_id": binding.auth_id,
            "number_a": show(&binding.number_a),
            "user_data": binding.user_data,
            "in_force": binding.in_force(now),
        });
        (id.to_owned(), binding)
    });
    let sms_signs = work_numbers.sms_signs().map(
        |sign| json!({"sign": sign.sign, "calling_no": show(&sign.calling_no), "called_no": show(&sign.called_no)}),
    );
    json!({
        "numbers": numbers.collect::<Value>(),
        "call_bindings": Value::Object(call_bindings.collect()),
        "sms_signs": sms_signs.collect::<Value>(),
    })
}

fn number(number: &WorkNumber, show: fn(&str) -> String) -> Value {
    let options = &number.options;
    let employee = number.employee.as_ref().map(
        |employee| json!({"auth_id": employee.auth_id, "number_b": show(&employee.number_b), "user_data": employee.user_data}),
    );
    json!({
        "pool_key": number.pool_key,
        "number": show(&number.number),
        "employee": employee,
        "call_ability": options.call_ability,
        "sms_ability": options.sms_ability,
        "gn_flag": options.gn_flag,
        "sms_sign_mode": options.sms_sign_mode,
        "sequence_mode": options.sequence_mode,
        "sequence_calls": options.sequence_calls.iter().map(|call| shown_call(call, show)).collect::<Value>(),
    })
}

/// A called party of a sequence, with its number.
fn shown_call(call: &Map<String, Value>, show: fn(&str) -> String) -> Value {
    let shown = call.iter().map(|(name, value)| match value {
        Value::String(number) if name == "SequenceCalledNo" => (name.clone(), Value::from(show(number))),
        other => (name.clone(), other.clone()),
    });
    Value::Object(shown.collect())
}
