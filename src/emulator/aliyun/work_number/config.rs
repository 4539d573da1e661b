//! The options of work numbers: `ConfigX`, `GetXConfig` and `GetXDefaultConfig`.

use serde_json::Value;

use super::checks::{answer, check_number, req_id, success_inside};
use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::aliyun::json_parameter;
use crate::emulator::answer::{Members, members};
use crate::emulator::store::work_number::Options;

/// The members of an item of `SequenceCalls`.
const SEQUENCE_CALL: [&str; 3] = ["SequenceCallNoPlayCode", "SequenceCalledNo", "SequenceCalledPlayCode"];

/// An option that is left out keeps its value.
pub(super) fn set(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("CustomerPoolKey")?;
    let number_x = call.required("TelX")?;
    check_number(call, pool_key, number_x)?;
    let chosen = |name, values: &[&str]| match call.optional(name) {
        Some(value) if !values.contains(&value) => Err(Refusal::illegal_argument("an option has an unknown value")),
        value => Ok(value.map(ToOwned::to_owned)),
    };
    let call_ability = chosen("CallAbility", &["0", "1"])?;
    let sms_ability = chosen("SmsAbility", &["0", "1"])?;
    let gn_flag = chosen("GNFlag", &["00", "10"])?;
    let sms_sign_mode = chosen("SmsSignMode", &["0", "1"])?;
    let sequence_mode = chosen("SequenceMode", &["0", "1", "2"])?;
    let sequence_calls = call.optional("SequenceCalls").map(sequence_calls).transpose()?;
    if let Some(number) = call.state.work_numbers.get_mut(pool_key, number_x) {
        let options = &mut number.options;
        set_if_given(&mut options.call_ability, call_ability);
        set_if_given(&mut options.sms_ability, sms_ability);
        set_if_given(&mut options.gn_flag, gn_flag);
        set_if_given(&mut options.sms_sign_mode, sms_sign_mode);
        set_if_given(&mut options.sequence_mode, sequence_mode);
        set_if_given(&mut options.sequence_calls, sequence_calls);
    }
    Ok(success_inside())
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (pool_key, number_x) = queried_number(call)?;
    let number = call.state.work_numbers.get(pool_key, number_x);
    let options = number.map(|number| number.options.clone()).unwrap_or_default();
    Ok(options_answer(&options, ["ReachJsons", "SequenceCalls"]))
}

pub(super) fn get_default(call: &mut Call<'_>) -> Result<Members, Refusal> {
    queried_number(call)?;
    Ok(options_answer(&Options::default(), ["ReachJson", "SequenceCall"]))
}

fn queried_number<'a>(call: &Call<'a>) -> Result<(&'a str, &'a str), Refusal> {
    let pool_key = call.required("CustomerPoolKey")?;
    req_id(call)?;
    let number_x = call.required("TelX")?;
    check_number(call, pool_key, number_x)?;
    Ok((pool_key, number_x))
}

fn set_if_given<T>(option: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *option = value;
    }
}

fn sequence_calls(text: &str) -> Result<Vec<Members>, Refusal> {
    let mut calls = json_parameter::objects(text).ok_or_else(|| Refusal::invalid("SequenceCalls"))?;
    for call in &mut calls {
        let is_text = |(name, value): (&String, &Value)| SEQUENCE_CALL.contains(&name.as_str()) && value.is_string();
        if !call.iter().all(is_text) {
            return Err(Refusal::invalid("SequenceCalls"));
        }
        for name in SEQUENCE_CALL {
            call.entry(name).or_insert_with(|| Value::from(""));
        }
    }
    Ok(calls)
}

/// The options, with the two names of the lists in this answer.
fn options_answer(options: &Options, [reach, sequence]: [&str; 2]) -> Members {
    let text = |text: &str| Value::from(text.to_owned());
    answer([
        ("CallAbility", text(&options.call_ability)),
        ("GNFlag", text(&options.gn_flag)),
        (reach, Value::Array(vec![Value::Object(reach_rule())])),
        (sequence, options.sequence_calls.iter().cloned().map(Value::Object).collect()),
        ("SequenceEndTime", text("18:00:00")),
        ("SequenceStartTime", text("09:00:00")),
        ("SmsAbility", text(&options.sms_ability)),
        ("SmsSignMode", text(&options.sms_sign_mode)),
    ])
}

/// No action sets these rules. All work numbers have this one.
fn reach_rule() -> Members {
    members([
        ("CallDir", Value::from("1")),
        ("CallStatus", Value::from("4")),
        ("ReceiveDir", Value::from("2")),
        ("RuleId", Value::from("1")),
        ("RuleName", Value::from("card")),
        ("RuleType", Value::from("1")),
        ("TempId", Value::from("10001")),
    ])
}
