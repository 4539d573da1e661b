//! The state of Phone Number Protection as JSON, for assertions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::emulator::calls;
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::number_pool::Pool;

/// Pools, bindings, waybills and calls, with whole numbers.
pub(crate) fn to_json(state: &State, now: DateTime<Utc>) -> Value {
    let pools = state.pools.iter().map(|(key, value)| (key.to_owned(), pool(state, key, value, now)));
    let bindings = state.bindings.iter().map(|(id, value)| (id.to_owned(), binding(state, id, value, now)));
    let waybills = state.waybills.iter().map(|(order_code, waybill)| {
        json!({
            "order_code": order_code,
            "mail_no": waybill.mail_no,
            "pick_up_code": waybill.pick_up_code,
            "cancelled": waybill.cancelled,
        })
    });
    json!({
        "pools": Value::Object(pools.collect()),
        "bindings": Value::Object(bindings.collect()),
        "waybills": waybills.collect::<Value>(),
        "calls": calls::state::calls(state, now, str::to_owned),
    })
}

fn pool(state: &State, pool_key: &str, pool: &Pool, now: DateTime<Utc>) -> Value {
    let is_bound = |number: &str| state.bindings.by_number_x(number).any(|(_, binding)| binding.in_force(now));
    let numbers = pool.numbers.iter().map(|number| {
        json!({
            "number": number.number,
            "city": number.city,
            "locked": number.locked,
            "bound": is_bound(&number.number),
        })
    });
    let groups = state.groups.iter().filter(|(_, group)| group.pool_key == pool_key);
    let groups = groups.map(|(id, group)| (id.to_owned(), json!(group.numbers)));
    let blacklist = state.blacklists.get(pool_key);
    let pairs = blacklist.into_iter().flat_map(|blacklist| &blacklist.pairs).map(
        |((first, second), way_control)| json!({"first": first, "second": second, "way_control": way_control.name()}),
    );
    json!({
        "numbers": numbers.collect::<Value>(),
        "groups": Value::Object(groups.collect()),
        "black_numbers": blacklist.map(|blacklist| json!(blacklist.numbers)).unwrap_or_else(|| json!([])),
        "black_pairs": pairs.collect::<Value>(),
    })
}

fn binding(state: &State, id: &str, binding: &Binding, now: DateTime<Utc>) -> Value {
    let kind = match binding.kind {
        BindingKind::Axb => "AXB",
        BindingKind::Axn => "AXN",
        BindingKind::AxnExtension => "AXN_EXTENSION",
        BindingKind::Axg => "AXG",
    };
    json!({
        "kind": kind,
        "pool_key": binding.pool_key,
        "number_x": binding.number_x,
        "number_a": binding.number_a,
        "number_b": binding.number_b,
        "extension": binding.extension,
        "group_id": binding.group_id,
        "in_force": binding.in_force(now),
        "track_nos": state.track_nos.by_binding(id),
    })
}
