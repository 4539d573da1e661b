//! Finding the X number of a new binding.

use chrono::{DateTime, Utc};

use super::call::{Call, Refusal};
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind, Bindings};

/// Gives the binding the X number that the call asks for, or one of its pool.
pub(super) fn place(call: &Call<'_>, binding: &mut Binding) -> Result<(), Refusal> {
    let Some(wanted) = call.optional("PhoneNoX") else {
        return match pick(call.state, binding, call.optional("ExpectCity"), call.now) {
            true => Ok(()),
            false => Err(Refusal::business("isv.NO_AVAILABLE_NUMBER", "no available number")),
        };
    };
    call.check_number_x(&binding.pool_key, wanted)?;
    if call.state.pools.get(&binding.pool_key, wanted).is_some_and(|number| number.locked) {
        return Err(Refusal::forbidden("the number is locked"));
    }
    if !fits(&call.state.bindings, binding, wanted, call.now) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "the number is bound already"));
    }
    Ok(())
}

/// Gives the binding an X number of its pool, of this city if there is one; `false` if none is free.
pub(super) fn pick(state: &State, binding: &mut Binding, city: Option<&str>, now: DateTime<Utc>) -> bool {
    let pool_key = binding.pool_key.clone();
    let mut numbers = state.pools.by_preference(&pool_key, city);
    numbers.any(|number_x| fits(&state.bindings, binding, number_x, now))
}

/// Tries an X number, and its extensions if the binding needs one.
fn fits(bindings: &Bindings, binding: &mut Binding, number_x: &str, now: DateTime<Utc>) -> bool {
    number_x.clone_into(&mut binding.number_x);
    if binding.kind != BindingKind::AxnExtension || binding.extension.is_some() {
        return bindings.is_free(binding, now);
    }
    let fits = (100..=999).any(|extension: u16| {
        binding.extension = Some(extension.to_string());
        bindings.is_free(binding, now)
    });
    if !fits {
        binding.extension = None;
    }
    fits
}
