//! The state of Phone Number Protection as JSON, for assertions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::work_number;
use crate::emulator::calls;
use crate::emulator::china_time;
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::fixed_line::{FixedLineBinding, FixedLineKind};
use crate::emulator::store::number_pool::Pool;
use crate::emulator::store::number700::{Binding700, Order, Parties};

const AXB_700: &str = "AXB_700";
const GXB_700: &str = "GXB_700";

/// Pools, bindings, waybills, work numbers and calls. `show` writes the phone numbers.
pub(crate) fn to_json(state: &State, now: DateTime<Utc>, show: fn(&str) -> String) -> Value {
    let pools = state.pools.iter().map(|(key, value)| (key.to_owned(), pool(state, key, value, now, show)));
    let bindings = state.bindings.iter().map(|(id, value)| (id.to_owned(), binding(state, id, value, now, show)));
    let fixed_lines = state.fixed_lines.iter().map(|(id, value)| (id.to_owned(), fixed_line(value, now, show)));
    let bindings =
        bindings.chain(state.bindings_700.iter().map(|(id, value)| (id.to_string(), binding_700(value, now, show))));
    let waybills = state.waybills.iter().map(|(order_code, waybill)| {
        json!({
            "order_code": order_code,
            "mail_no": waybill.mail_no,
            "pick_up_code": waybill.pick_up_code,
            "cancelled": waybill.cancelled,
        })
    });
    let reports = state.number_reports.iter().map(|(group, number, report)| {
        let review = state.number_reports.review(report, now);
        json!({
            "white_group": group,
            "number": show(number),
            "kind": if report.is_fixed { "Fixed" } else { "Mobile" },
            "status": review.name(),
        })
    });
    let photos = state.number_reports.photos().map(|(path, sha256)| (path.to_owned(), Value::from(sha256)));
    json!({
        "pools": Value::Object(pools.collect()),
        "bindings": Value::Object(bindings.collect()),
        "fixed_line_bindings": Value::Object(fixed_lines.collect()),
        "waybills": waybills.collect::<Value>(),
        "work_numbers": work_number::state::to_json(&state.work_numbers, now, show),
        "reports": reports.collect::<Value>(),
        "photos": Value::Object(photos.collect()),
        "calls": calls::state::calls(state, now, show),
    })
}

fn pool(state: &State, pool_key: &str, pool: &Pool, now: DateTime<Utc>, show: fn(&str) -> String) -> Value {
    let is_bound = |number: &str| {
        state.bindings.by_number_x(number).any(|(_, binding)| binding.in_force(now))
            || state.bindings_700.by_number_x(number).any(|(_, binding)| binding.in_force(now))
            || state.fixed_lines.iter().any(|(_, binding)| binding.number_x == number && binding.in_force(now))
    };
    let numbers = pool.numbers.iter().map(|number| {
        json!({
            "number": show(&number.number),
            "city": number.city,
            "locked": number.locked,
            "bound": is_bound(&number.number),
        })
    });
    let groups = state.groups.iter().filter(|(_, group)| group.pool_key == pool_key);
    let groups = groups.map(|(id, group)| (id.to_owned(), shown_list(&group.numbers, show)));
    let blacklist = state.blacklists.get(pool_key);
    let pairs = blacklist.into_iter().flat_map(|blacklist| &blacklist.pairs).map(
        |((first, second), way_control)| json!({"first": show(first), "second": show(second), "way_control": way_control.name()}),
    );
    json!({
        "numbers": numbers.collect::<Value>(),
        "groups": Value::Object(groups.collect()),
        "black_numbers": shown_list(blacklist.into_iter().flat_map(|blacklist| &blacklist.numbers), show),
        "black_pairs": pairs.collect::<Value>(),
    })
}

fn shown_list<'a>(numbers: impl IntoIterator<Item = &'a String>, show: fn(&str) -> String) -> Value {
    numbers.into_iter().map(|number| show(number)).collect()
}

fn binding(state: &State, id: &str, binding: &Binding, now: DateTime<Utc>, show: fn(&str) -> String) -> Value {
    let kind = match binding.kind {
        BindingKind::Axb => "AXB",
        BindingKind::Axn => "AXN",
        BindingKind::AxnExtension => "AXN_EXTENSION",
        BindingKind::Axg => "AXG",
        BindingKind::Axb700 => AXB_700,
        BindingKind::Gxb700 => GXB_700,
    };
    json!({
        "kind": kind,
        "pool_key": binding.pool_key,
        "number_x": show(&binding.number_x),
        "number_a": show(&binding.number_a),
        "number_b": binding.number_b.as_deref().map(show),
        "extension": binding.extension,
        "group_id": binding.group_id,
        "in_force": binding.in_force(now),
        "track_nos": state.track_nos.by_binding(id),
    })
}

fn fixed_line(binding: &FixedLineBinding, now: DateTime<Utc>, show: fn(&str) -> String) -> Value {
    let kind = match binding.kind {
        FixedLineKind::Axb => "AXB",
        FixedLineKind::Axn => "AXN",
        FixedLineKind::AxnExtension => "AXN_EXTENSION",
    };
    json!({
        "kind": kind,
        "app_id": binding.app_id,
        "number_x": show(&binding.number_x),
        "extension": binding.extension,
        "number_a": show(&binding.number_a),
        "number_b": binding.number_b.as_deref().map(show),
        "in_force": binding.in_force(now),
    })
}

fn binding_700(binding: &Binding700, now: DateTime<Utc>, show: fn(&str) -> String) -> Value {
    let (kind, number_a, default_a) = match &binding.parties {
        Parties::Axb { number_a } => (AXB_700, Some(number_a), None),
        Parties::Gxb { default_a, .. } => (GXB_700, None, default_a.as_ref()),
    };
    let (order_id, industrial_id) = match &binding.order {
        Order::OrderId(id) => (Some(id), None),
        Order::IndustrialId(id) => (None, Some(id)),
    };
    json!({
        "kind": kind,
        "pool_key": binding.pool_key,
        "number_x": show(&binding.number_x),
        "number_a": number_a.map(|number| show(number)),
        "number_b": show(&binding.number_b),
        "group_id": binding.group_id(),
        "default_a": default_a.map(|number| show(number)),
        "order_id": order_id,
        "industrial_id": industrial_id,
        "out_id": binding.out_id,
        "expires": china_time::format(binding.expires),
        "in_force": binding.in_force(now),
        "call_restrict": binding.call_restrict,
        "recording": binding.recording,
        "asr": binding.asr,
        "asr_model_id": binding.asr_model_id,
        "audio": binding.audio,
    })
}
