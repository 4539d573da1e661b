//! Tags of SMS: `CreateSmsSign`.

use serde_json::Value;

use super::checks::{answer, check_pool};
use crate::emulator::aliyun::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::Members;

pub(super) fn create(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let called_no = call.required("CalledNo")?;
    let calling_no = call.required("CallingNo")?;
    let pool_key = call.required("CustomerPoolKey")?;
    check_pool(call, pool_key)?;
    check_phone_number(called_no)?;
    check_phone_number(calling_no)?;
    let sign = call.state.work_numbers.add_sms_sign(calling_no, called_no);
    Ok(answer([("CalledNoSign", Value::from(sign))]))
}
