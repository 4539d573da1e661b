//! Creating bindings: `BindAxb`, `BindAxn`, `BindAxnExtension` and `BindAxg`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal, call_restrict, check_phone_number};
use super::group::check_group;
use super::x_number;
use crate::emulator::answer::{Members, members};
use crate::emulator::store::binding::{Binding, BindingKind};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("BindAxb", bind_axb),
    Action::new("BindAxn", bind_axn),
    Action::new("BindAxnExtension", bind_axn_extension),
    Action::new("BindAxg", bind_axg),
];

/// The `Extension` of a binding that has none. It has no meaning, but the service always sends it.
const NO_EXTENSION: &str = "130";

fn bind_axb(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let binding = read(call, BindingKind::Axb)?;
    if binding.number_b.is_none() {
        return Err(Refusal::missing("PhoneNoB"));
    }
    bind(call, binding)
}

fn bind_axn(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let binding = read(call, BindingKind::Axn)?;
    bind(call, binding)
}

fn bind_axn_extension(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let mut binding = read(call, BindingKind::AxnExtension)?;
    if let Some(extension) = call.optional("Extension") {
        if !(1..=3).contains(&extension.len()) || !extension.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::illegal_argument("Extension must be 1 to 3 digits"));
        }
        if call.optional("PhoneNoX").is_none() {
            return Err(Refusal::illegal_argument("Extension needs PhoneNoX"));
        }
        binding.extension = Some(extension.to_owned());
    }
    bind(call, binding)
}

pub(super) fn bind_axg(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let group_id = call.required("GroupId")?;
    let mut binding = read(call, BindingKind::Axg)?;
    check_group(call, &binding.pool_key, group_id)?;
    binding.group_id = Some(group_id.to_owned());
    bind(call, binding)
}

/// The extension that answers about a binding show.
pub(super) fn shown_extension(binding: &Binding) -> &str {
    binding.extension.as_deref().unwrap_or(NO_EXTENSION)
}

/// Reads the parameters that all kinds of bindings have. The X number is not chosen yet.
fn read(call: &Call<'_>, kind: BindingKind) -> Result<Binding, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_a = call.required("PhoneNoA")?;
    let expiration = call.required("Expiration")?;
    let number_b = call.optional("PhoneNoB");
    let recording = call.boolean("IsRecordingEnabled")?.unwrap_or_default();
    let asr = call.boolean("ASRStatus")?.unwrap_or_default();

    call.check_pool(pool_key)?;
    call.check_pool_kind(pool_key, &[kind])?;
    check_phone_number(number_a)?;
    number_b.map_or(Ok(()), check_phone_number)?;
    if Some(number_a) == number_b {
        return Err(Refusal::illegal_argument("PhoneNoA and PhoneNoB are the same"));
    }
    let expires = call.expiration(expiration)?;
    call.check_call_settings()?;
    Ok(Binding {
        kind,
        pool_key: pool_key.to_owned(),
        number_x: String::new(),
        number_a: number_a.to_owned(),
        number_b: number_b.map(str::to_owned),
        extension: None,
        group_id: None,
        created: call.now,
        expires,
        call_restrict: call.optional("CallRestrict").map_or(Ok(None), call_restrict)?,
        out_id: call.optional("OutId").map(str::to_owned),
        recording,
        asr,
        asr_model_id: call.optional("ASRModelId").map(str::to_owned),
    })
}

fn bind(call: &mut Call<'_>, mut binding: Binding) -> Result<Members, Refusal> {
    x_number::choose(call, &mut binding)?;
    let extension = Value::from(shown_extension(&binding));
    let number_x = Value::from(binding.number_x.as_str());
    let id = call.state.bind(binding, call.now);
    let bound = members([("SubsId", Value::from(id)), ("SecretNo", number_x), ("Extension", extension)]);
    Ok(members([("SecretBindDTO", Value::Object(bound))]))
}
