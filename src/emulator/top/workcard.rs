//! Virtual numbers for work cards: `tmall.servicecenter.workcard.virtualphone.bind`.

use serde_json::Value;

use super::call::{Call, Refusal, Success};
use crate::emulator::answer::members;

const PARAMETER: &str = "workcard_request";
/// The one code that the documents show.
const FAILURE: &str = "223343";

pub(super) fn bind(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let Ok(request @ Value::Object(_)) = serde_json::from_str::<Value>(call.required(PARAMETER)?) else {
        return Err(Refusal::invalid(PARAMETER));
    };
    match request.get("request_source") {
        None | Some(Value::Null) => return Err(Refusal::missing("request_source")),
        // Both of its members are optional: an empty object will do.
        Some(Value::Object(_)) => {}
        Some(_) => return Err(Refusal::invalid("request_source")),
    }
    let work_card = match request.get("workcard_id") {
        None | Some(Value::Null) => return Err(Refusal::missing("workcard_id")),
        Some(id) => id.as_i64().ok_or_else(|| Refusal::invalid("workcard_id"))?,
    };
    let (result, failure) = if work_card > 0 {
        let number = call.state.work_cards.bind(work_card);
        let result = members([("success", Value::from(true)), ("result_data", Value::from(number))]);
        (result, None)
    } else {
        let result = members([
            ("success", Value::from(false)),
            ("msg_code", Value::from(FAILURE)),
            ("msg_info", Value::from("错误表述")),
        ]);
        (result, Some(FAILURE))
    };
    Ok(Success { members: members([("result", Value::Object(result))]), failure })
}
