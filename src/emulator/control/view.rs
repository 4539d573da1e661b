//! What the gateways know, as JSON: counts and identifiers, no numbers, names, addresses or secrets but the made-up
//! keys of the emulator itself.

use serde_json::{Map, Value, json};

use crate::emulator::gateways::{Gateways, TOP_PATH};
use crate::emulator::ledger::Ledger;

pub(super) fn ledger(ledger: &Ledger) -> Value {
    let counts = ledger.counts().into_iter().map(|(operation, (handled, executed))| {
        (operation.to_owned(), json!({"handled": handled, "executed": executed}))
    });
    let entries = ledger.entries().into_iter().map(|entry| {
        json!({
            "operation": entry.operation,
            "verdict": entry.verdict,
            "executed": entry.executed,
            "fault": entry.fault,
        })
    });
    json!({"counts": counts.collect::<Map<String, Value>>(), "entries": entries.collect::<Value>()})
}

pub(super) fn state(gateways: &Gateways) -> Value {
    let orders = gateways.orders().len();
    let state = gateways.lock_state();
    json!({
        "orders": {"all": state.orders.count(), "of_the_first_shop": orders},
        "decrypted_today": state.decryption.decrypted(),
        "caller_groups": state.caller_groups.sizes(),
        "client_tokens": {"unused": state.client_tokens.unused()},
        "work_cards": {"bound": state.work_cards.bound()},
        "nonces": state.nonces.count(),
    })
}

/// All that a client needs.
pub(super) fn info(host: &str, gateways: &Gateways) -> Value {
    let accounts = gateways.accounts();
    let orders = gateways.orders().into_iter().map(|(tid, oaid)| json!({"tid": tid, "oaid": oaid}));
    json!({
        "top": format!("http://{host}{TOP_PATH}"),
        "aliyun": format!("http://{host}"),
        "app_key": accounts.app_key,
        "app_secret": accounts.app_secret,
        "session": accounts.session,
        "access_key_id": accounts.access_key.id,
        "access_key_secret": accounts.access_key.secret,
        "pool_key": accounts.pool_key,
        "orders": orders.collect::<Value>(),
    })
}
