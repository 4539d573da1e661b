//! Virtual numbers for work cards: `tmall.servicecenter.workcard.virtualphone.bind`.

use serde_json::Value;

use super::call::{Call, Success};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::members;

pub(super) const METHODS: &[Method] = &[Method::new("tmall.servicecenter.workcard.virtualphone.bind", bind)];

const PARAMETER: &str = "workcard_request";
/// The only error code in the documents.
const FAILURE: &str = "223343";

fn bind(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let Ok(request @ Value::Object(_)) = serde_json::from_str::<Value>(call.required(PARAMETER)?) else {
        return Err(Refusal::invalid(PARAMETER));
    };
    match request.get("request_source") {
        None | Some(Value::Null) => return Err(Refusal::missing("request_source")),
        // Both members are optional, so an empty object is valid.
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
