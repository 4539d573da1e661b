//! Bindings of all families, in one list.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::mask::number as masked;
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::fixed_line::{FixedLineBinding, FixedLineKind};
use crate::emulator::store::number700::{Binding700, Parties};
use crate::emulator::store::work_number::WorkNumber;

/// The X numbers that bindings in force use.
pub(super) fn bound_numbers(state: &State, now: DateTime<Utc>) -> HashSet<&str> {
    let x_numbers = state.bindings.iter().filter(|(_, binding)| binding.in_force(now));
    let of_700 = state.bindings_700.iter().filter(|(_, binding)| binding.in_force(now));
    let fixed_lines = state.fixed_lines.iter().filter(|(_, binding)| binding.in_force(now));
    let numbers = x_numbers.map(|(_, binding)| &binding.number_x);
    let numbers = numbers.chain(of_700.map(|(_, binding)| &binding.number_x));
    numbers.chain(fixed_lines.map(|(_, binding)| &binding.number_x)).map(String::as_str).collect()
}

/// The bindings, newest first in each family: at most `most` of each. A and B are masked.
pub(super) fn list(state: &State, now: DateTime<Utc>, most: usize) -> Value {
    let mut of_x: Vec<_> = state.bindings.iter().collect();
    of_x.sort_unstable_by(|(first, _), (second, _)| second.cmp(first));
    let mut of_700: Vec<_> = state.bindings_700.iter().collect();
    of_700.reverse();
    let fixed_lines: Vec<_> = state.fixed_lines.iter().collect();
    let work_numbers: Vec<_> = state.work_numbers.iter().filter(|number| number.employee.is_some()).collect();
    let in_force = of_x.iter().filter(|(_, binding)| binding.in_force(now)).count();
    let in_force = in_force.saturating_add(of_700.iter().filter(|(_, binding)| binding.in_force(now)).count());
    let in_force = in_force.saturating_add(fixed_lines.iter().filter(|(_, binding)| binding.in_force(now)).count());
    let total = of_x.len().saturating_add(of_700.len()).saturating_add(fixed_lines.len());
    let shown = of_x.iter().take(most).map(|(id, value)| binding(id, value, now));
    let shown = shown.chain(of_700.iter().take(most).map(|(id, value)| binding_700(*id, value, now)));
    let shown = shown.chain(fixed_lines.iter().rev().take(most).map(|(id, value)| fixed_line(id, value, now)));
    let shown = shown.chain(work_numbers.iter().take(most).filter_map(|number| work_number(number)));
    json!({
        "total": total.saturating_add(work_numbers.len()),
        "in_force": in_force.saturating_add(work_numbers.len()),
        "list": shown.collect::<Value>(),
    })
}

/// The whole numbers of the parties of a binding.
pub(super) fn parties(state: &State, id: &str) -> Option<Value> {
    if let Some(binding) = state.bindings.get(id) {
        return Some(json!({"number_a": binding.number_a, "number_b": binding.number_b}));
    }
    if let Some(binding) = id.parse().ok().and_then(|id| state.bindings_700.get(id)) {
        return Some(json!({"number_a": number_a_of_700(binding), "number_b": binding.number_b}));
    }
    if let Some((_, binding)) = state.fixed_lines.iter().find(|(other, _)| *other == id) {
        return Some(json!({"number_a": binding.number_a, "number_b": binding.number_b}));
    }
    let mut employees = state.work_numbers.iter().filter_map(|number| number.employee.as_ref());
    employees.find(|employee| employee.auth_id == id).map(|employee| json!({"number_b": employee.number_b}))
}

fn binding(id: &str, binding: &Binding, now: DateTime<Utc>) -> Value {
    let kind = match binding.kind {
        BindingKind::Axb => "AXB",
        BindingKind::Axn => "AXN",
        BindingKind::AxnExtension => "AXN_EXTENSION",
        BindingKind::Axg => "AXG",
        BindingKind::Axb700 => "AXB_700",
        BindingKind::Gxb700 => "GXB_700",
    };
    json!({
        "id": id,
        "kind": kind,
        "pool_key": binding.pool_key,
        "number_x": binding.number_x,
        "extension": binding.extension,
        "number_a": masked(&binding.number_a),
        "number_b": binding.number_b.as_deref().map(masked),
        "group_id": binding.group_id,
        "expires": binding.expires.to_rfc3339(),
        "in_force": binding.in_force(now),
    })
}

fn binding_700(id: u64, binding: &Binding700, now: DateTime<Utc>) -> Value {
    let kind = if matches!(binding.parties, Parties::Axb { .. }) { "AXB_700" } else { "GXB_700" };
    json!({
        "id": id.to_string(),
        "kind": kind,
        "pool_key": binding.pool_key,
        "number_x": binding.number_x,
        "extension": null,
        "number_a": number_a_of_700(binding).map(masked),
        "number_b": masked(&binding.number_b),
        "group_id": binding.group_id(),
        "expires": binding.expires.to_rfc3339(),
        "in_force": binding.in_force(now),
    })
}

fn number_a_of_700(binding: &Binding700) -> Option<&str> {
    match &binding.parties {
        Parties::Axb { number_a } => Some(number_a),
        Parties::Gxb { default_a, .. } => default_a.as_deref(),
    }
}

fn fixed_line(id: &str, binding: &FixedLineBinding, now: DateTime<Utc>) -> Value {
    let kind = match binding.kind {
        FixedLineKind::Axb => "AXB",
        FixedLineKind::Axn => "AXN",
        FixedLineKind::AxnExtension => "AXN_EXTENSION",
    };
    json!({
        "id": id,
        "kind": kind,
        "pool_key": binding.app_id,
        "number_x": binding.number_x,
        "extension": binding.extension,
        "number_a": masked(&binding.number_a),
        "number_b": binding.number_b.as_deref().map(masked),
        "group_id": null,
        "expires": binding.ends.map(|ends| ends.to_rfc3339()),
        "in_force": binding.in_force(now),
        "fixed_line": true,
    })
}

fn work_number(number: &WorkNumber) -> Option<Value> {
    let employee = number.employee.as_ref()?;
    Some(json!({
        "id": employee.auth_id,
        "kind": "XB",
        "pool_key": number.pool_key,
        "number_x": number.number,
        "extension": null,
        "number_a": null,
        "number_b": masked(&employee.number_b),
        "group_id": null,
        "expires": null,
        "in_force": true,
    }))
}
