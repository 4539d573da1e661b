//! Choosing the X number of a new binding.

use chrono::{DateTime, Utc};

use super::call::{Call, Refusal};
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind, Bindings};
use crate::emulator::store::number_pool::is_700;

/// Sets the X number that the request has, or a free one of the pool.
pub(super) fn choose(call: &Call<'_>, binding: &mut Binding) -> Result<(), Refusal> {
    let Some(requested) = call.optional("PhoneNoX") else {
        return match choose_from_pool(call.state, binding, call.optional("ExpectCity"), call.now) {
            true => Ok(()),
            false => Err(Refusal::business("isv.NO_AVAILABLE_NUMBER", "no available number")),
        };
    };
    call.check_number_x(&binding.pool_key, requested)?;
    if is_700(requested) {
        return Err(Refusal::forbidden("a 700 number has bindings of its own"));
    }
    if call.state.pools.get(&binding.pool_key, requested).is_some_and(|number| number.locked) {
        return Err(Refusal::forbidden("the number is locked"));
    }
    if !set_if_free(&call.state.bindings, binding, requested, call.now) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "the number is already bound"));
    }
    Ok(())
}

/// Sets a free X number of the pool, of this city if possible. Returns `false` if there is none.
pub(super) fn choose_from_pool(state: &State, binding: &mut Binding, city: Option<&str>, now: DateTime<Utc>) -> bool {
    let pool_key = binding.pool_key.clone();
    let mut numbers = state.pools.by_preference(&pool_key, city);
    numbers.any(|number_x| set_if_free(&state.bindings, binding, number_x, now))
}

/// Sets this X number, and an extension if the binding needs one. Returns `false` if it is not free.
fn set_if_free(bindings: &Bindings, binding: &mut Binding, number_x: &str, now: DateTime<Utc>) -> bool {
    number_x.clone_into(&mut binding.number_x);
    if binding.kind != BindingKind::AxnExtension || binding.extension.is_some() {
        return bindings.is_free(binding, now);
    }
    let is_free = (100..=999).any(|extension: u16| {
        binding.extension = Some(extension.to_string());
        bindings.is_free(binding, now)
    });
    if !is_free {
        binding.extension = None;
    }
    is_free
}
