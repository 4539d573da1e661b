//! Bindings of 700 numbers: `BindAxb700`, `BindGxb700`, `UpdateSubs700` and `UnbindSubs700`.
//!
//! No document lists their codes: the refusals have the codes of the older actions.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal, check_phone_number};
use super::group::check_group;
use crate::emulator::answer::{Members, members};
use crate::emulator::store::binding::BindingKind;
use crate::emulator::store::number_pool::is_700;
use crate::emulator::store::number700::{Binding700, Order, Parties};

pub(super) const ACTIONS: &[Action] = &[
    Action::newer("BindAxb700", "200", bind_axb),
    Action::newer("BindGxb700", "OK", bind_gxb),
    Action::newer("UpdateSubs700", "OK", update),
    Action::newer("UnbindSubs700", "200", unbind),
];

const AXB_SLOTS: [&str; 6] = ["ACallX_Apre", "ACallX_Ain", "ACallX_Bin", "BCallX_Bpre", "BCallX_Ain", "BCallX_Bin"];
const GXB_SLOTS: [&str; 6] = ["GCallX_Gpre", "GCallX_Gin", "GCallX_Bin", "BCallX_Bpre", "BCallX_Gin", "BCallX_Bin"];

fn bind_axb(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_a = call.required("TelA")?;
    let number_b = call.required("TelB")?;
    check_pool(call, pool_key, BindingKind::Axb700)?;
    check_phone_number(number_a)?;
    check_not_same(number_a, number_b)?;
    bind(call, pool_key, number_b, Parties::Axb { number_a: number_a.to_owned() })
}

fn bind_gxb(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let pool_key = call.required("PoolKey")?;
    let number_b = call.required("TelB")?;
    check_pool(call, pool_key, BindingKind::Gxb700)?;
    // The documents mean some G groups, presumably these.
    let group_id = call.optional("GroupId");
    group_id.map_or(Ok(()), |group_id| check_group(call, pool_key, group_id))?;
    let default_a = call.optional("DefaultA");
    default_a.map_or(Ok(()), check_phone_number)?;
    let parties = Parties::Gxb { group_id: group_id.map(str::to_owned), default_a: default_a.map(str::to_owned) };
    bind(call, pool_key, number_b, parties)
}

fn bind(call: &mut Call<'_>, pool_key: &str, number_b: &str, parties: Parties) -> Result<Members, Refusal> {
    let expires = call.required("Expiration")?;
    check_phone_number(number_b)?;
    let expires = call.expiration(expires)?;
    check_settings(call)?;
    let order = match (call.optional("OrderId"), call.optional("IndustrialId")) {
        (Some(id), None) => Order::OrderId(identifier(id)?),
        (None, Some(id)) => Order::IndustrialId(identifier(id)?),
        _ => return Err(Refusal::illegal_argument("one of OrderId and IndustrialId is required")),
    };
    let mut binding = Binding700 {
        pool_key: pool_key.to_owned(),
        number_x: String::new(),
        number_b: number_b.to_owned(),
        call_restrict: call.optional("CallRestrict").map(|text| call_restrict(text, &parties)).transpose()?,
        audio: call.optional("Audio").map(|text| audio(text, &parties)).transpose()?,
        parties,
        order,
        expires,
        recording: call.boolean("NeedRecord")?.unwrap_or_default(),
        asr: call.boolean("NeedAsr")?.unwrap_or_default(),
        asr_model_id: call.optional("AsrModelId").map(str::to_owned),
        out_id: call.optional("OutId").map(str::to_owned),
    };
    // An order must not be used twice. What the service answers then is not documented.
    if call.state.bindings_700.has_order(&binding.order, call.now) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "the order is already bound"));
    }
    choose_number_x(call, &mut binding)?;
    let number_x = Value::from(binding.number_x.as_str());
    let id = call.state.bindings_700.insert(binding, call.now);
    let bound = members([("SecretNo", number_x), ("SubsId", Value::from(id))]);
    Ok(members([("Data", Value::Object(bound))]))
}

/// Sets the X number that the request has, or a free 700 number of the pool.
fn choose_number_x(call: &Call<'_>, binding: &mut Binding700) -> Result<(), Refusal> {
    let bindings = &call.state.bindings_700;
    let Some(requested) = call.optional("TelX") else {
        let pool_key = binding.pool_key.clone();
        let mut numbers = call.state.pools.numbers_700(&pool_key);
        let found = numbers.any(|number_x| {
            number_x.clone_into(&mut binding.number_x);
            bindings.is_free(binding, None, call.now)
        });
        return if found { Ok(()) } else { Err(Refusal::business("isv.NO_AVAILABLE_NUMBER", "no available number")) };
    };
    call.check_number_x(&binding.pool_key, requested)?;
    if !is_700(requested) {
        return Err(Refusal::forbidden("the number is no 700 number"));
    }
    if call.state.pools.get(&binding.pool_key, requested).is_some_and(|number| number.locked) {
        return Err(Refusal::forbidden("the number is locked"));
    }
    requested.clone_into(&mut binding.number_x);
    if !bindings.is_free(binding, None, call.now) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "the number is already bound"));
    }
    Ok(())
}

fn update(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let operate_type = call.required("OperateType")?;
    let (id, mut binding) = find(call)?;
    if !binding.in_force(call.now) {
        return Err(Refusal::forbidden("the binding is expired"));
    }
    check_settings(call)?;
    match operate_type {
        "updateNoA" => {
            let number = phone_number(call, "TelA")?;
            check_not_same(number, &binding.number_b)?;
            match &mut binding.parties {
                Parties::Axb { number_a } => number.clone_into(number_a),
                Parties::Gxb { .. } => return Err(not_of_this_kind()),
            }
        }
        "updateNoB" => {
            let number = phone_number(call, "TelB")?;
            if let Parties::Axb { number_a } = &binding.parties {
                check_not_same(number_a, number)?;
            }
            number.clone_into(&mut binding.number_b);
        }
        "updateExpire" => binding.expires = call.expiration(update_parameter(call, "Expiration")?)?,
        "updateGroup" => {
            let id = update_parameter(call, "GroupId")?;
            match &mut binding.parties {
                Parties::Gxb { group_id, .. } => *group_id = Some(id.to_owned()),
                Parties::Axb { .. } => return Err(not_of_this_kind()),
            }
            check_group(call, &binding.pool_key, id)?;
        }
        "updateNoDefaultA" => {
            let number = phone_number(call, "DefaultA")?;
            match &mut binding.parties {
                Parties::Gxb { default_a, .. } => *default_a = Some(number.to_owned()),
                Parties::Axb { .. } => return Err(not_of_this_kind()),
            }
        }
        "updateCallRestrict" => {
            binding.call_restrict = Some(call_restrict(update_parameter(call, "CallRestrict")?, &binding.parties)?);
        }
        "updateOutId" => binding.out_id = Some(update_parameter(call, "OutId")?.to_owned()),
        "updateIsRecordingEnabled" => {
            update_parameter(call, "NeedRecord")?;
            binding.recording = call.boolean("NeedRecord")?.unwrap_or_default();
        }
        "updateAsr" => {
            update_parameter(call, "NeedAsr")?;
            binding.asr = call.boolean("NeedAsr")?.unwrap_or_default();
            binding.asr_model_id = call.optional("AsrModelId").map(str::to_owned).or(binding.asr_model_id);
        }
        "updateAudio" => binding.audio = Some(audio(update_parameter(call, "Audio")?, &binding.parties)?),
        _ => return Err(Refusal::illegal_argument("OperateType is unknown")),
    }
    if !call.state.bindings_700.is_free(&binding, Some(id), call.now) {
        return Err(Refusal::business("isv.UPDATE_CONFLICT", "the number is already bound to this X number"));
    }
    call.state.bindings_700.replace(id, binding);
    Ok(members([("Data", Value::Object(Members::new()))]))
}

fn unbind(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let (id, binding) = find(call)?;
    // An expired binding is already released. What the service answers for a binding that is gone is not documented.
    if !binding.in_force(call.now) {
        return Err(Refusal::no_such_binding());
    }
    call.state.bindings_700.remove(id);
    Ok(members([("Data", Value::Object(Members::new()))]))
}

/// The binding that the call selects by its id, X number and pool; its order must be given too.
fn find(call: &Call<'_>) -> Result<(u64, Binding700), Refusal> {
    let pool_key = call.required("PoolKey")?;
    call.required("SubsId")?;
    let number_x = call.required("TelX")?;
    call.check_pool(pool_key)?;
    let id = call.integer("SubsId")?.and_then(|id| u64::try_from(id).ok());
    let (order_id, industrial_id) = (call.optional("OrderId"), call.optional("IndustrialId"));
    // The schema requires neither, the text one of them.
    if order_id.is_none() && industrial_id.is_none() {
        return Err(Refusal::illegal_argument("OrderId or IndustrialId is required"));
    }
    let found = id.and_then(|id| Some((id, call.state.bindings_700.get(id)?)));
    let found = found.filter(|(_, binding)| binding.pool_key == pool_key && binding.number_x == number_x);
    let (id, binding) = found.ok_or_else(Refusal::no_such_binding)?;
    // The service makes the other identifier itself, so that only the one of the bind can be compared.
    let (given, own) = match &binding.order {
        Order::OrderId(own) => (order_id, own),
        Order::IndustrialId(own) => (industrial_id, own),
    };
    if given.is_some_and(|given| given != own) {
        return Err(Refusal::illegal_argument("the binding is of another order"));
    }
    Ok((id, binding.clone()))
}

fn check_pool(call: &Call<'_>, pool_key: &str, kind: BindingKind) -> Result<(), Refusal> {
    call.check_pool(pool_key)?;
    call.check_pool_kind(pool_key, &[kind])
}

/// Checks the settings that have no effect in the emulator.
fn check_settings(call: &Call<'_>) -> Result<(), Refusal> {
    call.check_call_settings()?;
    if call.integer("CallTimeout")?.is_some_and(|seconds| !(5..=20).contains(&seconds)) {
        return Err(Refusal::illegal_argument("CallTimeout must be 5 to 20"));
    }
    if !matches!(call.optional("RecType"), None | Some("mp3" | "wav")) {
        return Err(Refusal::illegal_argument("RecType must be mp3 or wav"));
    }
    Ok(())
}

fn identifier(text: &str) -> Result<String, Refusal> {
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Err(Refusal::illegal_argument("OrderId and IndustrialId must have no invisible characters"));
    }
    Ok(text.to_owned())
}

/// Checks a call restriction. The help page has other values for GXB than its own sample; both are accepted.
fn call_restrict(text: &str, parties: &Parties) -> Result<String, Refusal> {
    let is_known = match parties {
        Parties::Axb { .. } => matches!(text, "CONTROL_AX_DISABLE" | "CONTROL_BX_DISABLE"),
        Parties::Gxb { .. } => matches!(text, "CONTROL_AX_DISABLE" | "CONTROL_BX_DISABLE" | "CONTROL_GX_DISABLE"),
    };
    if is_known { Ok(text.to_owned()) } else { Err(Refusal::illegal_argument("CallRestrict is unknown")) }
}

/// Checks ring tones: a JSON object of texts, with the slots of this kind of binding.
fn audio(text: &str, parties: &Parties) -> Result<String, Refusal> {
    let slots = match parties {
        Parties::Axb { .. } => AXB_SLOTS,
        Parties::Gxb { .. } => GXB_SLOTS,
    };
    let object: Option<Members> = serde_json::from_str(text).ok();
    let is_good = |(slot, code): (&String, &Value)| slots.contains(&slot.as_str()) && code.is_string();
    if object.is_some_and(|object| object.iter().all(is_good)) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::illegal_argument("Audio must be a JSON object of the slots of this kind of binding"))
    }
}

fn phone_number<'a>(call: &Call<'a>, name: &'static str) -> Result<&'a str, Refusal> {
    let number = update_parameter(call, name)?;
    check_phone_number(number).map(|()| number)
}

fn check_not_same(number_a: &str, number_b: &str) -> Result<(), Refusal> {
    if number_a == number_b { Err(Refusal::illegal_argument("TelA and TelB are the same")) } else { Ok(()) }
}

fn not_of_this_kind() -> Refusal {
    Refusal::illegal_argument("the binding is not of the kind that OperateType is for")
}

/// The parameter that an update needs. The schema cannot require it, so the product checks it.
fn update_parameter<'a>(call: &Call<'a>, name: &'static str) -> Result<&'a str, Refusal> {
    call.optional(name).ok_or_else(|| Refusal::illegal_argument("the parameter that OperateType requires is missing"))
}
