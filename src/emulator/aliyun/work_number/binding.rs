//! Bindings of work numbers: `BindXB`, `UnBindXB`, `BindAXBCall` and `UnBindAXB`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::checks::{answer, check_number, check_pool, refusal_inside, success_inside};
use crate::emulator::aliyun::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::Members;
use crate::emulator::store::work_number::{CallBinding, Employee};

/// The real-name check is passed at once.
pub(super) fn bind_employee(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("CustomerPoolKey")?;
    let number_b = call.required("TelB")?;
    let number_x = call.required("TelX")?;
    check_number(call, pool_key, number_x)?;
    check_phone_number(number_b)?;
    let user_data = call.optional("UserData").map(ToOwned::to_owned);
    let work_numbers = &mut call.state.work_numbers;
    if work_numbers.get(pool_key, number_x).is_some_and(|number| number.employee.is_some()) {
        return Err(Refusal::forbidden("the work number is bound"));
    }
    let auth_id = work_numbers.new_auth_id();
    if let Some(number) = work_numbers.get_mut(pool_key, number_x) {
        number.bound = Some(call.now);
        number.unbound = None;
        number.employee = Some(Employee { auth_id: auth_id.clone(), number_b: number_b.to_owned(), user_data });
    }
    Ok(answer([("AuthId", Value::from(auth_id)), ("TelX", Value::from(number_x))]))
}

pub(super) fn unbind_employee(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let auth_id = call.required("AuthId")?;
    let pool_key = call.required("CustomerPoolKey")?;
    let number_x = call.required("TelX")?;
    check_number(call, pool_key, number_x)?;
    let bound = call.state.work_numbers.by_auth_id(pool_key, auth_id);
    if bound.is_none_or(|number| number.number != number_x) {
        return Err(no_such_binding());
    }
    call.state.work_numbers.unbind(pool_key, number_x, call.now);
    Ok(success_inside())
}

/// The same parties get another binding each time.
pub(super) fn bind_call(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let auth_id = call.required("AuthId")?;
    let pool_key = call.required("CustomerPoolKey")?;
    call.required("Expiration")?;
    let number_a = call.required("TelA")?;
    check_pool(call, pool_key)?;
    let seconds = call.integer("Expiration")?.filter(|seconds| *seconds > 0);
    let seconds = seconds.ok_or_else(|| Refusal::illegal_argument("Expiration must be over 0"))?;
    check_phone_number(number_a)?;
    let number = call.state.work_numbers.by_auth_id(pool_key, auth_id).ok_or_else(Refusal::no_such_binding)?;
    if number.options.call_ability == "0" {
        return Err(Refusal::forbidden("calls of the work number are disabled"));
    }
    let duration = TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX);
    let binding = CallBinding {
        pool_key: pool_key.to_owned(),
        auth_id: auth_id.to_owned(),
        number_a: number_a.to_owned(),
        user_data: call.optional("UserData").map(ToOwned::to_owned),
        expires: call.now.checked_add_signed(duration).unwrap_or(DateTime::<Utc>::MAX_UTC),
    };
    let bind_id = call.state.work_numbers.bind_call(binding, call.now);
    Ok(answer([("BindId", Value::from(bind_id))]))
}

pub(super) fn unbind_call(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let bind_id = call.required("BindId")?;
    let pool_key = call.required("CustomerPoolKey")?;
    check_pool(call, pool_key)?;
    let binding = call.state.work_numbers.call_binding(bind_id);
    let is_in_force = |binding: &CallBinding| binding.pool_key == pool_key && binding.in_force(call.now);
    if !binding.is_some_and(is_in_force) {
        return Err(no_such_binding());
    }
    call.state.work_numbers.remove_call_binding(bind_id);
    Ok(success_inside())
}

fn no_such_binding() -> Refusal {
    refusal_inside("isv.SUBS_NOT_EXIST", "the binding does not exist")
}
