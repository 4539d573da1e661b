//! Waybill numbers of bindings: `AddAxnTrackNo` and `QueryPhoneNoAByTrackNo`.

use serde_json::Value;

use super::action::Action;
use super::binding::shown_extension;
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
    let matches = |binding: &&Binding| binding.pool_key == pool_key && binding.number_x == number_x;
    let binding = call.state.bindings.get(id).filter(matches).ok_or_else(Refusal::no_such_binding)?;
    if !binding.in_force(call.now) {
        return Err(Refusal::forbidden("the binding is expired"));
    }
    if !matches!(binding.kind, BindingKind::Axn | BindingKind::AxnExtension) {
        return Err(Refusal::forbidden("the binding is not AXN"));
    }
    call.state.track_nos.add(track_no, id);
    Ok(success_message())
}

/// An unknown waybill number gives an empty list, not an error.
fn query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let track_no = call.required("trackNo")?;
    let number_x = call.optional("PhoneNoX");
    let ids = call.state.track_nos.binding_ids(track_no).iter();
    let bindings = ids.filter_map(|id| call.state.bindings.get(id));
    let selected = bindings
        .filter(|binding| binding.in_force(call.now))
        .filter(|binding| number_x.is_none_or(|number_x| binding.number_x == number_x));
    let module = selected.map(|binding| {
        Value::Object(members([
            ("PhoneNoA", Value::from(binding.number_a.as_str())),
            ("PhoneNoX", Value::from(binding.number_x.as_str())),
            ("Extension", Value::from(shown_extension(binding))),
        ]))
    });
    let mut answer = success_message();
    answer.insert("Module".to_owned(), module.collect());
    Ok(answer)
}

fn success_message() -> Members {
    members([("Message", Value::from("请求成功"))])
}
