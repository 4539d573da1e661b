//! Reading bindings of the fixed-line platform.

use serde_json::Value;

use super::parameters::{Common, answer, extra_name};
use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::fixed_line::{FixedLineBinding, FixedLineKind};

/// A query by numbers that finds nothing is a success without content.
pub(super) fn query(call: &mut Call<'_>, kind: FixedLineKind) -> Result<Members, Refusal> {
    let common = Common::read(call)?;
    let query_type = call.required("QueryType")?;
    common.check_pool(call)?;
    let of_pool = || call.state.fixed_lines.of_pool(kind, common.app_id, call.now);
    let needed = |name| call.optional(name).ok_or_else(|| Refusal::illegal_argument("QueryType needs a parameter"));
    let found: Vec<Value> = match (kind, query_type) {
        (_, "0") => {
            let id = needed("SubId")?;
            let binding = call.state.fixed_lines.get(kind, common.app_id, id, call.now);
            vec![shown(id, binding.ok_or_else(Refusal::no_such_binding)?)]
        }
        (FixedLineKind::Axb, "1") => {
            let (number_x, number) = (needed("TelX")?, needed("Phone")?);
            let found = of_pool().filter(|(_, binding)| binding.number_x == number_x && binding.has_party(number));
            found.map(|(id, binding)| shown(id, binding)).collect()
        }
        (FixedLineKind::Axn, "1") => {
            let (number_a, number_x) = (needed("Phone")?, call.optional("TelX"));
            let of_a = of_pool().filter(|(_, binding)| binding.number_a == number_a);
            let found = of_a.filter(|(_, binding)| number_x.is_none_or(|number_x| binding.number_x == number_x));
            found.map(|(id, binding)| shown(id, binding)).collect()
        }
        (FixedLineKind::Axn, "2") => {
            let number_x = needed("TelX")?;
            let found = of_pool().filter(|(_, binding)| binding.number_x == number_x);
            found.map(|(id, binding)| shown(id, binding)).collect()
        }
        (FixedLineKind::AxnExtension, "1") => {
            let number_a = needed("TelA")?;
            let found = of_pool().filter(|(_, binding)| binding.number_a == number_a);
            found.map(|(id, binding)| shown(id, binding)).collect()
        }
        _ => return Err(Refusal::illegal_argument("QueryType is unknown")),
    };
    // One pair of X and a party is in one AXB binding at most.
    let only = || found.first().cloned().unwrap_or_else(|| Value::Object(Members::new()));
    Ok(answer(if kind == FixedLineKind::Axb { only() } else { Value::Array(found) }))
}

fn shown(id: &str, binding: &FixedLineBinding) -> Value {
    let terms = &binding.terms;
    let mut shown = members([
        ("Subid", Value::from(id)),
        ("TelA", Value::from(binding.number_a.as_str())),
        ("TelX", Value::from(binding.number_x.as_str())),
        ("Expiration", Value::from(binding.expiration.to_string())),
        ("Subts", Value::from(binding.subts.as_str())),
    ]);
    let texts = [
        ("TelB", binding.number_b.as_deref()),
        ("TelXext", binding.extension.as_deref()),
        ("Areacode", area_code(&binding.number_x)),
        ("Anucode", terms.anucode.as_deref()),
        ("Anucodecalled", terms.anucodecalled.as_deref()),
        ("TAnucodeConnect", terms.t_anucode_connect.as_deref()),
        ("Remark", terms.remark.as_deref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            shown.insert(name.to_owned(), Value::from(text));
        }
    }
    let mut extra = Members::new();
    for (name, value) in [("Callback", &terms.callback), ("Callrecording", &terms.callrecording)] {
        if let Some(value) = value {
            extra.insert(name.to_owned(), Value::from(value.as_str()));
        }
    }
    if !extra.is_empty() {
        shown.insert(extra_name(binding.kind).to_owned(), Value::Object(extra));
    }
    Value::Object(shown)
}

/// The area code of a landline, with the leading 0, as one sample has it.
fn area_code(number: &str) -> Option<&str> {
    match number.as_bytes() {
        [b'0', b'1' | b'2', ..] => number.get(..3),
        [b'0', ..] => number.get(..4),
        _ => None,
    }
}
