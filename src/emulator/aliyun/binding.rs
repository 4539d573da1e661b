//! Making bindings: `BindAxb`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal, call_restrict, check_phone_number};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::binding::Binding;

pub(super) const ACTIONS: &[Action] = &[Action::new("BindAxb", bind_axb)];

/// Means nothing in a binding of this kind, but is always there.
const EXTENSION: &str = "130";

fn bind_axb(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_a = call.required("PhoneNoA")?;
    let number_b = call.required("PhoneNoB")?;
    let expiration = call.required("Expiration")?;
    let recording = call.boolean("IsRecordingEnabled")?.unwrap_or_default();
    let asr = call.boolean("ASRStatus")?.unwrap_or_default();

    call.check_pool(pool_key)?;
    check_phone_number(number_a)?;
    check_phone_number(number_b)?;
    if number_a == number_b {
        return Err(Refusal::illegal_argument("PhoneNoA and PhoneNoB are the same"));
    }
    let expires = call.expiration(expiration)?;
    call.check_call_settings()?;
    let call_restrict = call.optional("CallRestrict").map_or(Ok(None), call_restrict)?;
    let number_x = pick_number_x(call, pool_key, number_a, number_b)?;

    let id = call.state.bindings.insert(Binding {
        pool_key: pool_key.to_owned(),
        number_x: number_x.clone(),
        number_a: number_a.to_owned(),
        number_b: number_b.to_owned(),
        created: call.now,
        expires,
        call_restrict,
        recording,
        asr,
        asr_model_id: call.optional("ASRModelId").map(str::to_owned),
    });
    let bound = members([
        ("SubsId", Value::from(id)),
        ("SecretNo", Value::from(number_x)),
        ("Extension", Value::from(EXTENSION)),
    ]);
    Ok(members([("SecretBindDTO", Value::Object(bound))]))
}

/// The X number asked for, or one of the pool that is free for both parties.
fn pick_number_x(call: &Call<'_>, pool_key: &str, number_a: &str, number_b: &str) -> Result<String, Refusal> {
    let pools = &call.state.pools;
    let bindings = &call.state.bindings;
    let is_free = |number_x: &str| {
        bindings.is_free(number_x, number_a, call.now) && bindings.is_free(number_x, number_b, call.now)
    };
    let Some(wanted) = call.optional("PhoneNoX") else {
        let city = call.optional("ExpectCity");
        let mut numbers = pools.by_preference(pool_key, city);
        let free = numbers.find(|number_x| is_free(number_x));
        return free
            .map(str::to_owned)
            .ok_or_else(|| Refusal::business("isv.NO_AVAILABLE_NUMBER", "no available number"));
    };
    if !pools.knows(wanted) {
        return Err(Refusal::business("isv.NO_NOT_EXIST", "the number does not exist"));
    }
    if !pools.contains(pool_key, wanted) {
        return Err(Refusal::business("isv.FORBIDDEN_ACTION", "PhoneNoX is not in this pool"));
    }
    if !is_free(wanted) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "A or B is already bound to this number"));
    }
    Ok(wanted.to_owned())
}
