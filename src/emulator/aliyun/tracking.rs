//! Waybill numbers of bindings: `AddAxnTrackNo` and `QueryPhoneNoAByTrackNo`.

use serde_json::Value;

use super::action::Action;
use super::binding::extension_of;
use super::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::binding::{Binding, BindingKind};

pub(super) const ACTIONS: &[Action] =
    &[Action::new("AddAxnTrackNo", add), Action::new("QueryPhoneNoAByTrackNo", query)];

fn add(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let number_x = call.required("PhoneNoX")?;
    let track_no = call.required("trackNo")?;
    let id = call.required("SubsId")?;
    let pool_key = call.pool_key()?;
    let is_meant = |binding: &&Binding| binding.pool_key == pool_key && binding.number_x == number_x;
    let binding = call.state.bindings.get(id).filter(is_meant).ok_or_else(Refusal::no_such_binding)?;
    if !binding.in_force(call.now) {
        return Err(Refusal::forbidden("the binding is expired"));
    }
    if !matches!(binding.kind, BindingKind::Axn | BindingKind::AxnExtension) {
        return Err(Refusal::forbidden("the binding is not AXN"));
    }
    call.state.track_nos.add(track_no, id);
    Ok(succeeded())
}

/// An unknown waybill number has no bindings, which is not an error.
fn query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let track_no = call.required("trackNo")?;
    let number_x = call.optional("PhoneNoX");
    let ids = call.state.track_nos.binding_ids(track_no).iter();
    let bindings = ids.filter_map(|id| call.state.bindings.get(id));
    let meant = bindings
        .filter(|binding| binding.in_force(call.now))
        .filter(|binding| number_x.is_none_or(|number_x| binding.number_x == number_x));
    let module = meant.map(|binding| {
        Value::Object(members([
            ("PhoneNoA", Value::from(binding.number_a.as_str())),
            ("PhoneNoX", Value::from(binding.number_x.as_str())),
            ("Extension", Value::from(extension_of(binding))),
        ]))
    });
    let mut answer = succeeded();
    answer.insert("Module".to_owned(), module.collect());
    Ok(answer)
}

fn succeeded() -> Members {
    members([("Message", Value::from("请求成功"))])
}
