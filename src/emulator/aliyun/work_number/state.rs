//! The state of work numbers as JSON, for assertions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::emulator::store::work_number::{WorkNumber, WorkNumbers};

/// Work numbers, call bindings and tags of SMS, with whole numbers.
pub(in crate::emulator::aliyun) fn to_json(work_numbers: &WorkNumbers, now: DateTime<Utc>) -> Value {
    let numbers = work_numbers.iter().map(number);
    let call_bindings = work_numbers.call_bindings().map(|(id, binding)| {
        let binding = json!({
            "pool_key": binding.pool_key,
            "auth_id": binding.auth_id,
            "number_a": binding.number_a,
            "user_data": binding.user_data,
            "in_force": binding.in_force(now),
        });
        (id.to_owned(), binding)
    });
    let sms_signs = work_numbers
        .sms_signs()
        .map(|sign| json!({"sign": sign.sign, "calling_no": sign.calling_no, "called_no": sign.called_no}));
    json!({
        "numbers": numbers.collect::<Value>(),
        "call_bindings": Value::Object(call_bindings.collect()),
        "sms_signs": sms_signs.collect::<Value>(),
    })
}

fn number(number: &WorkNumber) -> Value {
    let options = &number.options;
    let employee = number.employee.as_ref().map(
        |employee| json!({"auth_id": employee.auth_id, "number_b": employee.number_b, "user_data": employee.user_data}),
    );
    json!({
        "pool_key": number.pool_key,
        "number": number.number,
        "employee": employee,
        "call_ability": options.call_ability,
        "sms_ability": options.sms_ability,
        "gn_flag": options.gn_flag,
        "sms_sign_mode": options.sms_sign_mode,
        "sequence_mode": options.sequence_mode,
        "sequence_calls": options.sequence_calls,
    })
}
