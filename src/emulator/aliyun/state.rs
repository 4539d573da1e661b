//! What Phone Number Protection remembers, for assertions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::emulator::gateways::Gateways;
use crate::emulator::store::State;
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::call_record::CallRecord;
use crate::emulator::store::number_pool::Pool;

impl Gateways {
    /// Adds a finished call or an intercepted message, as if it had just been seen.
    pub fn add_call_record(&self, record: CallRecord) {
        self.lock_state().call_records.insert(record, &self.accounts().pool_key);
    }

    /// Whether the pool's blacklist lets `caller` call `called` over its X numbers.
    #[must_use]
    pub fn may_call(&self, pool_key: &str, caller: &str, called: &str) -> bool {
        let state = self.lock_state();
        state.blacklists.get(pool_key).is_none_or(|blacklist| blacklist.lets(caller, called))
    }

    /// Everything that operations of Phone Number Protection have changed, as JSON.
    ///
    /// `pools` has each pool's `numbers`, `groups`, `black_numbers` and `black_pairs` under its key; `bindings` has
    /// every binding under its id, expired ones too; `waybills` is the list of all orders. It holds whole numbers: do
    /// not log it.
    #[must_use]
    pub fn phone_number_protection(&self) -> Value {
        let now = self.clock().now();
        let state = self.lock_state();
        let pools = state.pools.iter().map(|(pool_key, own)| (pool_key.to_owned(), pool(&state, pool_key, own, now)));
        let bindings = state.bindings.iter().map(|(id, own)| (id.to_owned(), binding(&state, id, own, now)));
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
        })
    }
}

fn pool(state: &State, pool_key: &str, pool: &Pool, now: DateTime<Utc>) -> Value {
    let is_bound = |number: &str| state.bindings.of_number_x(number).any(|(_, binding)| binding.in_force(now));
    let numbers = pool.numbers.iter().map(|own| {
        json!({
            "number": own.number,
            "city": own.city,
            "locked": own.locked,
            "bound": is_bound(&own.number),
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
        "track_nos": state.track_nos.of_binding(id),
    })
}
