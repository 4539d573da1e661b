//! The checks and the parts of answers that the actions of work numbers share.

use serde_json::Value;

use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};

const LONGEST_REQ_ID: usize = 20;

/// The code of success, outside and inside `Data`.
const SUCCESS: &str = "0000";

/// The required `ReqId`.
pub(super) fn req_id<'a>(call: &Call<'a>) -> Result<&'a str, Refusal> {
    let req_id = call.required("ReqId")?;
    if req_id.chars().count() > LONGEST_REQ_ID {
        return Err(Refusal::illegal_argument("ReqId is longer than 20 characters"));
    }
    Ok(req_id)
}

/// Checks that a pool of work numbers exists.
pub(super) fn check_pool(call: &Call<'_>, pool_key: &str) -> Result<(), Refusal> {
    if call.state.work_numbers.has_pool(pool_key) {
        Ok(())
    } else {
        Err(Refusal::business("isv.POOLKEY_NOT_EXISTS", "the pool does not exist"))
    }
}

/// Checks that a work number belongs to a pool, which must exist.
pub(super) fn check_number(call: &Call<'_>, pool_key: &str, number_x: &str) -> Result<(), Refusal> {
    check_pool(call, pool_key)?;
    if call.state.work_numbers.get(pool_key, number_x).is_some() {
        Ok(())
    } else {
        Err(Refusal::business("isv.NO_NOT_EXIST", "the work number is not in the pool"))
    }
}

/// An answer with this `Data`.
pub(super) fn answer<const N: usize>(data: [(&str, Value); N]) -> Members {
    members([("Data", Value::Object(members(data)))])
}

/// An answer that has the result once more in `Data`.
pub(super) fn success_inside() -> Members {
    answer([("Code", Value::from(SUCCESS)), ("Message", Value::from("OK")), ("Success", Value::Bool(true))])
}

/// A refusal that only `Data` shows.
pub(super) fn refusal_inside(code: &'static str, message: &'static str) -> Refusal {
    let data = [("Code", Value::from(code)), ("Message", Value::from(message)), ("Success", Value::Bool(false))];
    Refusal::InData { code, data: Value::Object(members(data)) }
}
