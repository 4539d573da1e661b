//! Bindings of 700 numbers, in the form in which calls see the other bindings.

use chrono::{DateTime, Utc};

use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::number700::{Binding700, Parties};

/// The bindings in force of a 700 number that this caller uses, with their ids.
pub(super) fn bindings(state: &State, caller: &str, number_x: &str, now: DateTime<Utc>) -> Vec<(String, Binding)> {
    let in_force = state.bindings_700.by_number_x(number_x).filter(|(_, binding)| binding.in_force(now));
    in_force.filter_map(|(id, binding)| Some((id.to_string(), seen_by(state, binding, caller, now)?))).collect()
}

/// The binding with the party of the caller, or that B calls, as A. `None` if the caller is no party.
fn seen_by(state: &State, binding: &Binding700, caller: &str, now: DateTime<Utc>) -> Option<Binding> {
    let is_b = binding.number_b == caller;
    let (kind, number_a) = match &binding.parties {
        Parties::Axb { number_a } if is_b || number_a == caller => (BindingKind::Axb700, number_a.clone()),
        Parties::Axb { .. } => return None,
        // B calls the default A; without one nobody is rung.
        Parties::Gxb { default_a, .. } if is_b => (BindingKind::Gxb700, default_a.clone().unwrap_or_default()),
        Parties::Gxb { group_id, default_a } => {
            let group = group_id.as_deref().and_then(|id| state.groups.get(&binding.pool_key, id));
            let is_member = group.is_some_and(|group| group.numbers.contains(caller));
            if !is_member && default_a.as_deref() != Some(caller) {
                return None;
            }
            (BindingKind::Gxb700, caller.to_owned())
        }
    };
    Some(Binding {
        kind,
        pool_key: binding.pool_key.clone(),
        number_x: binding.number_x.clone(),
        number_a,
        number_b: Some(binding.number_b.clone()),
        extension: None,
        group_id: binding.group_id().map(ToOwned::to_owned),
        created: now,
        expires: binding.expires,
        call_restrict: binding.call_restrict.clone(),
        out_id: binding.out_id.clone(),
        recording: binding.recording,
        asr: binding.asr,
        asr_model_id: binding.asr_model_id.clone(),
    })
}
