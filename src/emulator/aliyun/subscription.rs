//! Living with bindings: `UpdateSubscription`, `UnbindSubscription`, `QuerySubscriptionDetail` and `QuerySubsId`.

use http::StatusCode;
use serde_json::Value;

use super::action::Action;
use super::binding::extension_of;
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
            let expires = call.expiration(companion(call, "Expiration")?)?;
            change(call, id, |binding| binding.expires = expires);
        }
        "updateCallRestrict" => {
            let restriction = call_restrict(companion(call, "CallRestrict")?)?;
            change(call, id, |binding| binding.call_restrict = restriction);
        }
        "updateIsRecordingEnabled" => {
            companion(call, "IsRecordingEnabled")?;
            let recording = call.boolean("IsRecordingEnabled")?.unwrap_or_default();
            change(call, id, |binding| binding.recording = recording);
        }
        "updateAsr" => {
            companion(call, "ASRStatus")?;
            let asr = call.boolean("ASRStatus")?.unwrap_or_default();
            let model = call.optional("ASRModelId").map(str::to_owned);
            change(call, id, |binding| {
                binding.asr = asr;
                binding.asr_model_id = model.or(binding.asr_model_id.take());
            });
        }
        // It shows in call records alone, which the emulator does not write.
        "updateOutId" => {
            companion(call, "OutId")?;
        }
        // The one value there is has been checked above, and is what every binding shows.
        "updateCallDisplayType" => {
            companion(call, "CallDisplayType")?;
        }
        "updateAxgGroup" => {
            let group_id = companion(call, "GroupId")?;
            replace_group(call, id, group_id)?;
        }
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    }
    Ok(Members::new())
}

fn unbind(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "SecretNo")?;
    // An expired binding has been released already.
    if !call.state.bindings.get(id).is_some_and(|binding| binding.in_force(call.now)) {
        return Err(Refusal::no_such_binding());
    }
    call.state.bindings.remove(id);
    call.state.track_nos.forget_binding(id);
    // Documented as text, sent as a boolean.
    Ok(members([("ChargeId", Value::from(true))]))
}

fn query_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "PhoneNoX")?;
    let binding = call.state.bindings.get(id).ok_or_else(Refusal::no_such_binding)?;
    let mut detail = members([
        ("SubsId", Value::from(id)),
        ("Status", Value::from(u8::from(binding.in_force(call.now)))),
        ("PhoneNoA", number_if_it_can_be(&binding.number_a)),
        ("PhoneNoX", number_if_it_can_be(&binding.number_x)),
        ("Extension", number_if_it_can_be(extension_of(binding))),
        ("NeedRecord", Value::from(binding.recording)),
        ("ASRStatus", Value::from(binding.asr)),
        ("GmtCreate", Value::from(china_time::format(binding.created))),
        ("ExpireDate", Value::from(china_time::format(binding.expires))),
    ]);
    let texts =
        [("PhoneNoB", &binding.number_b), ("GroupId", &binding.group_id), ("ASRModelId", &binding.asr_model_id)];
    for (name, text) in texts {
        if let Some(text) = text {
            detail.insert(name.to_owned(), number_if_it_can_be(text));
        }
    }
    if let Some(restriction) = &binding.call_restrict {
        // The service puts a space behind it.
        detail.insert("CallRestrict".to_owned(), Value::from(format!("{restriction} ")));
    }
    Ok(members([("SecretBindDetailDTO", Value::Object(detail))]))
}

fn query_ids(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_x = call.required("PhoneNoX")?;
    if !call.state.pools.exists(pool_key) {
        // This action has a code of its own for it.
        return Err(Refusal::gateway(StatusCode::BAD_REQUEST, "POOLKEY_NOT_EXIST", "poolKey not exsit."));
    }
    let is_meant = |binding: &Binding| binding.pool_key == pool_key && binding.in_force(call.now);
    let bindings = call.state.bindings.of_number_x(number_x);
    let ids: Vec<_> = bindings.filter(|(_, binding)| is_meant(binding)).map(|(id, _)| id).collect();
    Ok(members([("SubsId", Value::from(ids.join(",")))]))
}

/// The id of the binding that the call names by pool or product type, by id and by X number.
fn find<'a>(call: &Call<'a>, number_x_name: &'static str) -> Result<&'a str, Refusal> {
    let id = call.required("SubsId")?;
    let number_x = call.required(number_x_name)?;
    let meant = call.pool_or_product()?;
    let is_meant = |binding: &&Binding| {
        binding.number_x == number_x
            && meant.pool_key.is_none_or(|key| binding.pool_key == key)
            && meant.product_type.is_none_or(|name| is_of_product(binding, name))
    };
    match call.state.bindings.get(id).filter(is_meant) {
        Some(_) => Ok(id),
        None => Err(Refusal::no_such_binding()),
    }
}

fn is_of_product(binding: &Binding, product_type: &str) -> bool {
    let begins_with_95 = binding.number_x.starts_with("95");
    match product_type {
        "AXB_170" => binding.kind == BindingKind::Axb,
        "AXN_170" => binding.kind == BindingKind::Axn && !begins_with_95,
        "AXN_95" => binding.kind == BindingKind::Axn && begins_with_95,
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
    let number = companion(call, name)?;
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

/// The parameter that a kind of update needs. The schema cannot ask for it, so the product does.
fn companion<'a>(call: &Call<'a>, name: &'static str) -> Result<&'a str, Refusal> {
    call.optional(name).ok_or_else(|| Refusal::illegal_argument("the parameter that goes with OperateType is missing"))
}

/// The service writes texts of digits as JSON numbers. A leading zero would be lost in one.
fn number_if_it_can_be(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => Value::from(number),
        _ => Value::from(text),
    }
}
