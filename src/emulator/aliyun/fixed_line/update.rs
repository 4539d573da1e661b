//! Changing and removing a binding of the fixed-line platform. The result is told twice, outside and inside `Data`.

use serde_json::Value;

use super::parameters::{Common, answer, expiration, number, subts, terms};
use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::fixed_line::FixedLineKind;

pub(super) fn update(call: &mut Call<'_>, kind: FixedLineKind) -> Result<Members, Refusal> {
    let common = Common::read(call)?;
    let id = call.required("SubId")?;
    // It says when the binding was made, which a change does not alter.
    subts(call.required("Subts")?)?;
    if kind == FixedLineKind::AxnExtension {
        call.required("TelA")?;
    }
    common.check_pool(call)?;
    if call.state.fixed_lines.has_order_id(common.app_id, common.order_id) {
        return Err(inside("isv.UPDATE_CONFLICT", "OrderId was used before"));
    }
    let binding = call.state.fixed_lines.get(kind, common.app_id, id, call.now);
    let mut binding = binding.cloned().ok_or_else(no_such_binding)?;
    let number_a = number(call, "TelA")?;
    let number_b = if kind == FixedLineKind::AxnExtension { None } else { number(call, "TelB")? };
    if number_a.is_some() && number_b.is_some() {
        return Err(inside("isv.ILLEGAL_ARGUMENT", "TelA and TelB cannot change together"));
    }
    let is_party_changed = number_a.is_some() || number_b.is_some();
    if let Some(number) = number_a {
        binding.number_a = number;
    }
    if number_b.is_some() {
        binding.number_b = number_b;
    }
    if binding.number_b.as_ref() == Some(&binding.number_a) {
        return Err(inside("isv.ILLEGAL_ARGUMENT", "TelA and TelB are the same"));
    }
    if is_party_changed && !call.state.fixed_lines.is_free(&binding, Some(id), call.now) {
        return Err(inside("isv.UPDATE_CONFLICT", "the number is already bound to this X number"));
    }
    binding.terms.replace(terms(call, kind)?);
    if binding.terms.callback.as_deref() == Some("2") && binding.number_b.is_none() {
        return Err(inside("isv.ILLEGAL_ARGUMENT", "Callback 2 needs TelB"));
    }
    if let Some(text) = call.optional("Expiration") {
        (binding.expiration, binding.ends) = expiration(text, call.now)?;
    }
    call.state.fixed_lines.replace(id, binding);
    call.state.fixed_lines.record_order_id(common.app_id, common.order_id);
    Ok(done())
}

pub(super) fn delete(call: &mut Call<'_>, kind: FixedLineKind) -> Result<Members, Refusal> {
    let common = Common::read(call)?;
    let id = call.required("SubId")?;
    common.check_pool(call)?;
    call.state.fixed_lines.get(kind, common.app_id, id, call.now).ok_or_else(no_such_binding)?;
    call.state.fixed_lines.remove(id);
    Ok(done())
}

fn done() -> Members {
    answer(Value::Object(result("0", "OK", true)))
}

fn no_such_binding() -> Refusal {
    inside("isv.SUBS_NOT_EXIST", "the binding does not exist")
}

/// A refusal that the outer result does not tell.
fn inside(code: &'static str, message: &'static str) -> Refusal {
    Refusal::InData { code, data: Value::Object(result(code, message, false)) }
}

fn result(code: &str, message: &str, success: bool) -> Members {
    members([("Code", Value::from(code)), ("Message", Value::from(message)), ("Success", Value::from(success))])
}
