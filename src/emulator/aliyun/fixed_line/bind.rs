//! `BindAxbFixedLine`, `BindAxnFixedLine` and `BindAxnExtensionFixedLine`.

use serde_json::Value;

use super::parameters::{Common, answer, expiration, number, subts, terms};
use crate::emulator::aliyun::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::fixed_line::{FixedLineBinding, FixedLineKind};

const EXTENSION_DIGITS: usize = 4;

pub(super) fn bind(call: &mut Call<'_>, kind: FixedLineKind) -> Result<Members, Refusal> {
    let common = Common::read(call)?;
    let bind_type = call.required("BindType")?;
    let number_a = call.required("TelA")?;
    if kind == FixedLineKind::Axb {
        call.required("TelB")?;
    }
    call.required("Anucode")?;
    let expires = call.required("Expiration")?;
    let subts = subts(call.required("Subts")?)?;
    common.check_pool(call)?;
    if call.state.fixed_lines.has_order_id(common.app_id, common.order_id) {
        return Err(Refusal::business("isv.BIND_CONFLICT", "OrderId was used before"));
    }
    check_phone_number(number_a)?;
    let number_b = if kind == FixedLineKind::AxnExtension { None } else { number(call, "TelB")? };
    if number_b.as_deref() == Some(number_a) {
        return Err(Refusal::illegal_argument("TelA and TelB are the same"));
    }
    let terms = terms(call, kind)?;
    if terms.callback.as_deref() == Some("2") && number_b.is_none() {
        return Err(Refusal::illegal_argument("Callback 2 needs TelB"));
    }
    let (expiration, ends) = expiration(expires, call.now)?;
    let mut binding = FixedLineBinding {
        kind,
        app_id: common.app_id.to_owned(),
        number_x: String::new(),
        extension: None,
        number_a: number_a.to_owned(),
        number_b,
        expiration,
        ends,
        subts,
        terms,
    };
    match bind_type {
        "mode101" => take_given(call, &mut binding)?,
        "mode102" => pick(call, &mut binding)?,
        _ => return Err(Refusal::illegal_argument("BindType is unknown")),
    }
    let mut data = members([("TelX", Value::from(binding.number_x.as_str()))]);
    if let Some(extension) = &binding.extension {
        data.insert("TelXext".to_owned(), Value::from(extension.as_str()));
    }
    data.insert("Subid".to_owned(), Value::from(call.state.fixed_lines.insert(binding, call.now)));
    call.state.fixed_lines.record_order_id(common.app_id, common.order_id);
    let mut answer = answer(Value::Object(data));
    if kind == FixedLineKind::AxnExtension {
        // A boolean in all other actions.
        answer.insert("Success".to_owned(), Value::from("true"));
    }
    Ok(answer)
}

/// Sets the X number that the request has, and its extension.
fn take_given(call: &Call<'_>, binding: &mut FixedLineBinding) -> Result<(), Refusal> {
    let needed = |name| call.optional(name).ok_or_else(|| Refusal::illegal_argument("mode101 needs TelX and TelXext"));
    let number_x = needed("TelX")?;
    if binding.kind == FixedLineKind::AxnExtension {
        let extension = needed("TelXext")?;
        if extension.len() != EXTENSION_DIGITS || !extension.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::illegal_argument("TelXext must be 4 digits"));
        }
        binding.extension = Some(extension.to_owned());
    }
    call.check_number_x(&binding.app_id, number_x)?;
    if call.state.pools.get(&binding.app_id, number_x).is_some_and(|number| number.locked) {
        return Err(Refusal::forbidden("the number is locked"));
    }
    number_x.clone_into(&mut binding.number_x);
    if call.state.fixed_lines.is_free(binding, None, call.now) {
        Ok(())
    } else {
        Err(Refusal::business("isv.BIND_CONFLICT", "the number is already bound"))
    }
}

/// Sets a free X number of the pool, in the area that the request has, and a free extension.
fn pick(call: &Call<'_>, binding: &mut FixedLineBinding) -> Result<(), Refusal> {
    let area = call.optional("Areacode").map(|code| format!("0{}", code.strip_prefix('0').unwrap_or(code)));
    let is_in_area = |number: &&str| area.as_ref().is_none_or(|area| number.starts_with(area));
    let app_id = binding.app_id.clone();
    for number_x in call.state.pools.by_preference(&app_id, None).filter(is_in_area) {
        number_x.clone_into(&mut binding.number_x);
        let is_free = |binding: &FixedLineBinding| call.state.fixed_lines.is_free(binding, None, call.now);
        let is_free = match binding.kind {
            FixedLineKind::Axb | FixedLineKind::Axn => is_free(binding),
            FixedLineKind::AxnExtension => (1000..=9999).any(|extension: u16| {
                binding.extension = Some(extension.to_string());
                is_free(binding)
            }),
        };
        if is_free {
            return Ok(());
        }
    }
    Err(Refusal::business("isv.NO_AVAILABLE_NUMBER", "no available number"))
}
