//! Living with bindings: `UpdateSubscription`, `UnbindSubscription` and `QuerySubscriptionDetail`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal, call_restrict, check_phone_number};
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::store::binding::{Binding, Party};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("UpdateSubscription", update),
    Action::new("UnbindSubscription", unbind),
    Action::new("QuerySubscriptionDetail", query_detail),
];

/// The product type of all bindings so far.
const AXB: &str = "AXB_170";
const PRODUCT_TYPES: [&str; 4] = [AXB, "AXN_170", "AXN_95", "AXN_EXTENSION_REUSE"];

fn update(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "PhoneNoX")?;
    let operate_type = call.required("OperateType")?;
    if !call.state.bindings.get(id).is_some_and(|binding| binding.in_force(call.now)) {
        return Err(Refusal::business("isv.FORBIDDEN_ACTION", "the binding is expired"));
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
            companion(call, "GroupId")?;
            return Err(Refusal::business("isv.FORBIDDEN_ACTION", "the pool is not AXG"));
        }
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    }
    Ok(Members::new())
}

fn unbind(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "SecretNo")?;
    // An expired binding has been released already.
    if !call.state.bindings.get(id).is_some_and(|binding| binding.in_force(call.now)) {
        return Err(not_found());
    }
    call.state.bindings.remove(id);
    // Documented as text, sent as a boolean.
    Ok(members([("ChargeId", Value::from(true))]))
}

fn query_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = find(call, "PhoneNoX")?;
    let binding = call.state.bindings.get(id).ok_or_else(not_found)?;
    let mut detail = members([
        ("SubsId", Value::from(id)),
        ("Status", Value::from(u8::from(binding.in_force(call.now)))),
        ("PhoneNoA", number_if_it_can_be(&binding.number_a)),
        ("PhoneNoB", number_if_it_can_be(&binding.number_b)),
        ("PhoneNoX", number_if_it_can_be(&binding.number_x)),
        ("Extension", Value::from(130)),
        ("NeedRecord", Value::from(binding.recording)),
        ("ASRStatus", Value::from(binding.asr)),
        ("GmtCreate", Value::from(china_time::format(binding.created))),
        ("ExpireDate", Value::from(china_time::format(binding.expires))),
    ]);
    if let Some(model) = &binding.asr_model_id {
        detail.insert("ASRModelId".to_owned(), number_if_it_can_be(model));
    }
    if let Some(restriction) = &binding.call_restrict {
        // The service puts a space behind it.
        detail.insert("CallRestrict".to_owned(), Value::from(format!("{restriction} ")));
    }
    Ok(members([("SecretBindDetailDTO", Value::Object(detail))]))
}

/// The id of the binding that the call names by pool or product type, by id and by X number.
fn find<'a>(call: &Call<'a>, number_x_name: &'static str) -> Result<&'a str, Refusal> {
    let id = call.required("SubsId")?;
    let number_x = call.required(number_x_name)?;
    let product_type = call.optional("ProductType");
    if product_type.is_some_and(|name| !PRODUCT_TYPES.contains(&name)) {
        return Err(Refusal::illegal_argument("ProductType is unknown"));
    }
    let pool_key = match (call.optional("PoolKey"), product_type) {
        (None, None) => return Err(Refusal::missing("PoolKey")),
        (pool_key, _) => pool_key,
    };
    if let Some(pool_key) = pool_key {
        call.check_pool(pool_key)?;
    }
    let is_meant = |binding: &&Binding| {
        binding.number_x == number_x
            && pool_key.is_none_or(|key| binding.pool_key == key)
            && product_type.is_none_or(|name| name == AXB)
    };
    match call.state.bindings.get(id).filter(is_meant) {
        Some(_) => Ok(id),
        None => Err(not_found()),
    }
}

fn replace_party(call: &mut Call<'_>, id: &str, party: Party, name: &'static str) -> Result<(), Refusal> {
    let number = companion(call, name)?;
    check_phone_number(number)?;
    let other = call.state.bindings.get(id).map(|binding| match party {
        Party::A => binding.number_b.as_str(),
        Party::B => binding.number_a.as_str(),
    });
    if other == Some(number) {
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

fn not_found() -> Refusal {
    Refusal::business("isv.SUBS_NOT_EXIST", "the binding does not exist")
}

/// The service writes texts of digits as JSON numbers. A leading zero would be lost in one.
fn number_if_it_can_be(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => Value::from(number),
        _ => Value::from(text),
    }
}
