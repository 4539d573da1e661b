//! Changing, removing and reading bindings: `UpdateSubscription`, `UnbindSubscription`, `QuerySubscriptionDetail` and
//! `QuerySubsId`.

use http::StatusCode;
use serde_json::Value;

use super::action::Action;
use super::binding::shown_extension;
use super::call::{Call, Refusal, call_restrict, check_phone_number};
use super::group::check_group;
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::store::binding::{Binding, BindingKind, Party};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("UpdateSubscription", update),
    Action::new("UnbindSubscription", unbind),
    Action::new("QuerySubscriptionDetail", query_detail),
    Action::new("QuerySubsId", query_ids),
];

fn update(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "PhoneNoX")?;
    let operate_type = call.required("OperateType")?;
    if !call.state.bindings.get(id).is_some_and(|binding| binding.in_force(call.now)) {
        return Err(Refusal::forbidden("the binding is expired"));
    }
    call.check_call_settings()?;
    match operate_type {
        "updateNoA" => replace_party(call, id, Party::A, "PhoneNoA")?,
        "updateNoB" => replace_party(call, id, Party::B, "PhoneNoB")?,
        "updateExpire" => {
            let expires = call.expiration(update_parameter(call, "Expiration")?)?;
            change(call, id, |binding| binding.expires = expires);
        }
        "updateCallRestrict" => {
            let restriction = call_restrict(update_parameter(call, "CallRestrict")?)?;
            change(call, id, |binding| binding.call_restrict = restriction);
        }
        "updateIsRecordingEnabled" => {
            update_parameter(call, "IsRecordingEnabled")?;
            let recording = call.boolean("IsRecordingEnabled")?.unwrap_or_default();
            change(call, id, |binding| binding.recording = recording);
        }
        "updateAsr" => {
            update_parameter(call, "ASRStatus")?;
            let asr = call.boolean("ASRStatus")?.unwrap_or_default();
            let model = call.optional("ASRModelId").map(str::to_owned);
            change(call, id, |binding| {
                binding.asr = asr;
                binding.asr_model_id = model.or(binding.asr_model_id.take());
            });
        }
        "updateOutId" => {
            let out_id = update_parameter(call, "OutId")?.to_owned();
            change(call, id, |binding| binding.out_id = Some(out_id));
        }
        // Its only value has been checked above.
        "updateCallDisplayType" => {
            update_parameter(call, "CallDisplayType")?;
        }
        "updateAxgGroup" => {
            let group_id = update_parameter(call, "GroupId")?;
            replace_group(call, id, group_id)?;
        }
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    }
    Ok(Members::new())
}

fn unbind(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "SecretNo")?;
    // An expired binding is already released.
    if !call.state.bindings.get(id).is_some_and(|binding| binding.in_force(call.now)) {
        return Err(Refusal::no_such_binding());
    }
    call.state.unbind(id);
    // The documents specify a text, but the service sends a boolean.
    Ok(members([("ChargeId", Value::from(true))]))
}

fn query_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "PhoneNoX")?;
    let binding = call.state.bindings.get(id).ok_or_else(Refusal::no_such_binding)?;
    let mut detail = members([
        ("SubsId", Value::from(id)),
        ("Status", Value::from(u8::from(binding.in_force(call.now)))),
        ("PhoneNoA", number_if_possible(&binding.number_a)),
        ("PhoneNoX", number_if_possible(&binding.number_x)),
        ("Extension", number_if_possible(shown_extension(binding))),
        ("NeedRecord", Value::from(binding.recording)),
        ("ASRStatus", Value::from(binding.asr)),
        ("GmtCreate", Value::from(china_time::format(binding.created))),
        ("ExpireDate", Value::from(china_time::format(binding.expires))),
    ]);
    let texts =
        [("PhoneNoB", &binding.number_b), ("GroupId", &binding.group_id), ("ASRModelId", &binding.asr_model_id)];
    for (name, text) in texts {
        if let Some(text) = text {
            detail.insert(name.to_owned(), number_if_possible(text));
        }
    }
    if let Some(restriction) = &binding.call_restrict {
        // The service appends a space.
        detail.insert("CallRestrict".to_owned(), Value::from(format!("{restriction} ")));
    }
    Ok(members([("SecretBindDetailDTO", Value::Object(detail))]))
}

fn query_ids(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_x = call.required("PhoneNoX")?;
    if !call.state.pools.exists(pool_key) {
        // This action has its own code for an unknown pool.
        return Err(Refusal::gateway(StatusCode::BAD_REQUEST, "POOLKEY_NOT_EXIST", "poolKey not exsit."));
    }
    let matches = |binding: &Binding| binding.pool_key == pool_key && binding.in_force(call.now);
    let bindings = call.state.bindings.by_number_x(number_x);
    let ids: Vec<_> = bindings.filter(|(_, binding)| matches(binding)).map(|(id, _)| id).collect();
    Ok(members([("SubsId", Value::from(ids.join(",")))]))
}

/// Finds the binding that the call selects by id, X number, and pool or product type. Returns its id.
fn find<'a>(call: &Call<'a>, number_x_name: &'static str) -> Result<&'a str, Refusal> {
    let id = call.required("SubsId")?;
    let number_x = call.required(number_x_name)?;
    let selector = call.pool_or_product()?;
    let matches = |binding: &&Binding| {
        binding.number_x == number_x
            && selector.pool_key.is_none_or(|key| binding.pool_key == key)
            && selector.product_type.is_none_or(|name| matches_product_type(binding, name))
    };
    match call.state.bindings.get(id).filter(matches) {
        Some(_) => Ok(id),
        None => Err(Refusal::no_such_binding()),
    }
}

fn matches_product_type(binding: &Binding, product_type: &str) -> bool {
    let has_prefix_95 = binding.number_x.starts_with("95");
    match product_type {
        "AXB_170" => binding.kind == BindingKind::Axb,
        "AXN_170" => binding.kind == BindingKind::Axn && !has_prefix_95,
        "AXN_95" => binding.kind == BindingKind::Axn && has_prefix_95,
        "AXN_EXTENSION_REUSE" => binding.kind == BindingKind::AxnExtension,
        _ => false,
    }
}

fn replace_group(call: &mut Call<'_>, id: &str, group_id: &str) -> Result<(), Refusal> {
    let binding = call.state.bindings.get(id).filter(|binding| binding.kind == BindingKind::Axg);
    let binding = binding.ok_or_else(|| Refusal::forbidden("the pool is not AXG"))?;
    check_group(call, &binding.pool_key, group_id)?;
    change(call, id, |binding| binding.group_id = Some(group_id.to_owned()));
    Ok(())
}

fn replace_party(call: &mut Call<'_>, id: &str, party: Party, name: &'static str) -> Result<(), Refusal> {
    let number = update_parameter(call, name)?;
    check_phone_number(number)?;
    let other = match party {
        Party::A => Party::B,
        Party::B => Party::A,
    };
    if call.state.bindings.get(id).and_then(|binding| binding.party(other)) == Some(number) {
        return Err(Refusal::illegal_argument("PhoneNoA and PhoneNoB are the same"));
    }
    let replaced = call.state.bindings.replace_party(id, party, number, call.now);
    replaced.map_err(|_| Refusal::business("isv.UPDATE_CONFLICT", "the number is already bound to this X number"))
}

fn change(call: &mut Call<'_>, id: &str, change: impl FnOnce(&mut Binding)) {
    if let Some(binding) = call.state.bindings.get_mut(id) {
        change(binding);
    }
}

/// The parameter that an update needs. The schema cannot require it, so the product checks it.
fn update_parameter<'a>(call: &Call<'a>, name: &'static str) -> Result<&'a str, Refusal> {
    call.optional(name).ok_or_else(|| Refusal::illegal_argument("the parameter that OperateType requires is missing"))
}

/// The service writes texts of digits as JSON numbers, unless a leading zero would be lost.
fn number_if_possible(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => Value::from(number),
        _ => Value::from(text),
    }
}
