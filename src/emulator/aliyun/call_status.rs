//! Whether a binding can be called: `QueryCallStatus`.

use serde_json::Value;

use super::action::Action;
use super::binding::shown_extension;
use super::call::{Call, Refusal, check_phone_number};
use super::x_number;
use crate::emulator::answer::{Members, members};

pub(super) const ACTIONS: &[Action] = &[Action::new("QueryCallStatus", query)];

const CALLABLE: u8 = 1;
const TEMPORARY_NUMBER: u8 = 2;
const NO_NUMBER: u8 = 3;
const EXPIRED: u8 = 4;

/// A binding cannot be called while its X number is locked or released. Each query of it then binds another X number.
fn query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("SubsId")?;
    let pool_key = call.pool_key()?;
    call.optional("CallNo").map_or(Ok(()), check_phone_number)?;
    let found = call.state.bindings.get(id).filter(|binding| binding.pool_key == pool_key);
    let mut binding = found.ok_or_else(Refusal::no_such_binding)?.clone();

    let number_x = call.state.pools.get(pool_key, &binding.number_x);
    let status = if !binding.in_force(call.now) {
        EXPIRED
    } else if number_x.is_some_and(|number| !number.locked) {
        CALLABLE
    } else {
        binding.extension = None;
        if x_number::choose_from_pool(call.state, &mut binding, None, call.now) { TEMPORARY_NUMBER } else { NO_NUMBER }
    };
    let mut answer = members([("Status", Value::from(status)), ("CalledNo", Value::Null)]);
    if status != NO_NUMBER {
        answer.insert("CalledNo".to_owned(), Value::from(binding.number_x.as_str()));
        answer.insert("Extension".to_owned(), Value::from(shown_extension(&binding)));
    }
    if status == TEMPORARY_NUMBER {
        call.state.bind(binding, call.now);
    }
    Ok(members([("SecretCallStatusDTO", Value::Object(answer)), ("Message", Value::from("请求成功"))]))
}
