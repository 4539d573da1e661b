//! The state of the gateways as JSON: counts and identifiers. It contains no phone numbers, names or addresses, and no
//! secrets except those of the emulator itself.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::emulator::calls::{self, DialledCall, SentMessage};
pub(super) use crate::emulator::console::masked_number as redacted;
use crate::emulator::gateways::Gateways;
use crate::emulator::ledger::Ledger;
use crate::emulator::seed::FIRST_SHOP;
use crate::emulator::shops::orders_of;
use crate::emulator::store::State;
use crate::emulator::store::queue::message_types;
use crate::emulator::store::shop::ShopId;
use crate::emulator::{mns, top};

/// The requests for one operation, or all.
pub(super) fn ledger(ledger: &Ledger, operation: Option<&str>) -> Value {
    let is_shown = |name: &str| operation.is_none_or(|operation| operation == name);
    let counts = ledger.counts().into_iter().filter(|(operation, _)| is_shown(operation)).map(
        |(operation, (handled, executed))| (operation.to_owned(), json!({"handled": handled, "executed": executed})),
    );
    let entries = ledger.entries().into_iter().filter(|entry| is_shown(entry.operation)).map(|entry| {
        json!({
            "time": entry.time.to_rfc3339(),
            "operation": entry.operation,
            "code": entry.code,
            "executed": entry.executed,
            "fault": entry.fault,
            "request_id": entry.request_id,
            "shop": entry.shop,
            "attempt": entry.attempt,
            "parameters": entry.parameters().collect::<Vec<_>>(),
        })
    });
    json!({"counts": counts.collect::<Map<String, Value>>(), "entries": entries.collect::<Value>()})
}

pub(super) fn state(gateways: &Gateways) -> Value {
    let orders = gateways.orders().len();
    let now = gateways.clock().now();
    let state = gateways.lock_state();
    json!({
        "orders": {"all": state.orders.count(), "of_the_first_shop": orders},
        "decrypted_today": state.decryption.decrypted(),
        "caller_groups": state.caller_groups.sizes(),
        "client_tokens": {"unused": state.client_tokens.unused()},
        "work_cards": {"bound": state.work_cards.bound()},
        "nonces": state.nonces.count(),
        "pools": pools(&state, now),
        "bindings": bindings(&state, now),
        "waybills": state.waybills.iter().count(),
        "reports": state.number_reports.iter().count(),
        "photos": state.number_reports.photos().count(),
        "queues": mns::state(&state, now),
        "calls": state.phone_calls.iter().count(),
        "pushes": calls::state::push_counts(&state),
    })
}

/// A new call. The test that has placed it also sees the whole number that was rung.
pub(super) fn call(call: &DialledCall) -> Value {
    let rung = call.result.as_ref().ok();
    json!({
        "call_id": call.id,
        "rung": rung.map(|rung| &rung.number),
        "shown": rung.map(|rung| &rung.shown),
        "refused": call.result.as_ref().err().map(|refusal| refusal.as_str()),
    })
}

pub(super) fn message(message: &SentMessage) -> Value {
    json!({
        "message_id": message.id,
        "receiver": message.receiver.as_ref().ok(),
        "refused": message.receiver.as_ref().err().map(|refusal| refusal.as_str()),
    })
}

/// All shops, in the order in which they were added.
pub(super) fn shops(gateways: &Gateways) -> Value {
    let state = gateways.lock_state();
    state.shops.iter().map(|(id, _)| shop_json(&state, id)).collect()
}

/// One shop, by its name.
pub(super) fn shop(gateways: &Gateways, name: &str) -> Value {
    let state = gateways.lock_state();
    state.shops.id(name).map(|id| shop_json(&state, id)).unwrap_or_default()
}

fn shop_json(state: &State, id: ShopId) -> Value {
    let shop = state.shops.get(id);
    json!({
        "shop": shop.map(|shop| &shop.name),
        "session": shop.map(|shop| &shop.session),
        "expired": shop.map(|shop| shop.session_expired),
        "orders": orders_of(state, id).len(),
    })
}

fn pools(state: &State, now: DateTime<Utc>) -> Value {
    let bindings = state.bindings.iter().filter(|(_, binding)| binding.in_force(now));
    let bindings_700 = state.bindings_700.iter().filter(|(_, binding)| binding.in_force(now));
    let bound: HashSet<&str> = bindings
        .map(|(_, binding)| binding.number_x.as_str())
        .chain(bindings_700.map(|(_, binding)| binding.number_x.as_str()))
        .collect();
    let pools = state.pools.iter().map(|(pool_key, pool)| {
        let counts = json!({
            "numbers": pool.numbers.len(),
            "bound": pool.numbers.iter().filter(|number| bound.contains(number.number.as_str())).count(),
            "locked": pool.numbers.iter().filter(|number| number.locked).count(),
            "groups": state.groups.iter().filter(|(_, group)| group.pool_key == pool_key).count(),
        });
        (pool_key.to_owned(), counts)
    });
    Value::Object(pools.collect())
}

fn bindings(state: &State, now: DateTime<Utc>) -> Value {
    let shown = |pool_key: &str, number_x: &str, in_force: bool| json!({"pool_key": pool_key, "number_x": redacted(number_x), "in_force": in_force});
    let bindings = state
        .bindings
        .iter()
        .map(|(id, binding)| (id.to_owned(), shown(&binding.pool_key, &binding.number_x, binding.in_force(now))));
    let bindings_700 = state
        .bindings_700
        .iter()
        .map(|(id, binding)| (id.to_string(), shown(&binding.pool_key, &binding.number_x, binding.in_force(now))));
    Value::Object(bindings.chain(bindings_700).collect())
}

/// The whole number, for requests that ask for it.
pub(super) fn whole(number: &str) -> String {
    number.to_owned()
}

/// Everything that a client needs.
pub(super) fn info(host: &str, gateways: &Gateways) -> Value {
    let accounts = gateways.accounts();
    let queues = message_types().map(|name| (name.to_owned(), Value::from(gateways.queue_name(name))));
    let orders = gateways.orders().into_iter().map(|(tid, oaid)| json!({"tid": tid, "oaid": oaid}));
    json!({
        "top": format!("http://{host}{}", top::PATH),
        "aliyun": format!("http://{host}"),
        "app_key": accounts.app_key,
        "app_secret": accounts.app_secret,
        "session": gateways.session_of(FIRST_SHOP),
        "shop": FIRST_SHOP,
        "access_key_id": accounts.access_key.id,
        "access_key_secret": accounts.access_key.secret,
        "pool_key": accounts.pool_key,
        "mns": format!("http://{host}"),
        "queues": queues.collect::<Map<String, Value>>(),
        "orders": orders.collect::<Value>(),
    })
}
