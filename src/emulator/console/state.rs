//! What the console shows of the state. Numbers of phones are shown in part.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::bindings;
use super::mask::number as masked;
use crate::emulator::clock::Setting;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::State;
use crate::emulator::store::decryption::Decryption;
use crate::emulator::store::order::NumberKind;
use crate::emulator::store::queue::{message_types, queue_name};
use crate::emulator::{calls, mns};

/// How many items of each list are shown.
const MOST: usize = 100;
/// How many receipts are shown before they come.
const COMING: usize = 20;

/// Everything that does not change by the passing of time alone, except what begins and ends.
pub(super) fn to_json(gateways: &Gateways) -> Value {
    let now = gateways.clock().now();
    let setting = match gateways.clock().setting() {
        Setting::Running { ahead_of_system } => {
            json!({"running": true, "ahead_milliseconds": ahead_of_system.num_milliseconds()})
        }
        Setting::Stopped { at } => json!({"running": false, "at": at.to_rfc3339()}),
    };
    let faults = gateways.faults().to_json();
    let state = gateways.lock_state();
    json!({
        "clock": setting,
        "pools": pools(&state, now),
        "bindings": bindings::list(&state, now, MOST),
        "shops": shops(&state, now),
        "orders": orders(&state),
        "quotas": quotas(&state),
        "calls": phone_calls(&state),
        "queues": queues(&state, now),
        "receipts": receipts(&state, now),
        "pushes": pushes(&state),
        "faults": faults,
    })
}

fn pools(state: &State, now: DateTime<Utc>) -> Value {
    let bound = bindings::bound_numbers(state, now);
    let of_pools = state.pools.iter().map(|(key, pool)| {
        let is_bound = |number: &str| bound.contains(number);
        json!({
            "pool_key": key,
            "numbers": pool.numbers.len(),
            "bound": pool.numbers.iter().filter(|number| is_bound(&number.number)).count(),
            "locked": pool.numbers.iter().filter(|number| number.locked).count(),
        })
    });
    let mut work_numbers: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for number in state.work_numbers.iter() {
        let (numbers, bound) = work_numbers.entry(&number.pool_key).or_default();
        *numbers = numbers.saturating_add(1);
        *bound = bound.saturating_add(usize::from(number.employee.is_some()));
    }
    let of_work_numbers = work_numbers.into_iter().map(|(key, (numbers, bound))| {
        json!({"pool_key": key, "numbers": numbers, "bound": bound, "locked": 0, "work_numbers": true})
    });
    of_pools.chain(of_work_numbers).collect()
}

fn shops(state: &State, now: DateTime<Utc>) -> Value {
    let shops = state.shops.iter().map(|(id, shop)| {
        json!({
            "shop": shop.name,
            "expired": shop.session_expired,
            "orders": shop.tids.len(),
            "callers": state.shops.callers(id).len(),
            "decrypted_today": state.decryption.decrypted_by(id, now),
        })
    });
    shops.collect()
}

/// The orders by shop, in the order in which they were added.
fn orders(state: &State) -> Value {
    let all = state.shops.iter().flat_map(|(id, shop)| {
        let orders = shop.tids.iter().filter_map(|tid| Some((tid, state.orders.get(tid)?)));
        orders.filter(move |(_, order)| order.shop == id).map(move |(tid, order)| (shop, tid, order))
    });
    let shown = all.take(MOST).map(|(shop, tid, order)| {
        let kind = match order.kind {
            NumberKind::WithExtension => "11+4",
            NumberKind::SevenHundred => "700",
            NumberKind::Plain => "plain",
        };
        let callers = order.kind.needs_reported_callers().then(|| state.caller_groups.callers(&order.oaid).len());
        json!({"shop": shop.name, "tid": tid, "kind": kind, "callers": callers, "changes": order.changes, "status": order.life.status.as_str()})
    });
    json!({"total": state.orders.count(), "list": shown.collect::<Value>()})
}

fn quotas(state: &State) -> Value {
    let decryption = match state.decryption.switch {
        Decryption::On => "on",
        Decryption::OffBySeller => "off_by_seller",
        Decryption::OffForApp => "off_for_app",
    };
    json!({
        "decryption": decryption,
        "decryptions_per_day": state.decryption.orders_per_day,
        "numbers_bought": state.stock.sold(),
        "purchase_limit": state.stock.limit(),
        "nonces": state.nonces.count(),
    })
}

/// The latest calls and messages, newest first.
fn phone_calls(state: &State) -> Value {
    let latest = state.phone_calls.iter().rev().take(MOST).map(|call| {
        json!({
            "id": call.id,
            "kind": if call.is_message { "message" } else { "call" },
            "caller": masked(&call.caller),
            "dialled": call.dialled,
            "subs_id": call.subs_id,
            "called": call.called.as_deref().map(masked),
            "refused": call.refused,
            "placed": call.placed.to_rfc3339(),
            "rings": call.rings.map(|time| time.to_rfc3339()),
            "answered": call.answered.map(|time| time.to_rfc3339()),
            "released": call.released.to_rfc3339(),
        })
    });
    latest.collect()
}

/// All queues, with the type of their receipts.
fn queues(state: &State, now: DateTime<Utc>) -> Value {
    let depths = mns::state(state, now);
    let queues = message_types().map(|message_type| {
        let name = queue_name(message_type);
        let depth = depths.get(&name);
        let count = |member: &str| depth.and_then(|depth| depth.get(member)).cloned().unwrap_or_default();
        json!({"type": message_type, "name": name, "visible": count("visible"), "hidden": count("hidden")})
    });
    queues.collect()
}

fn receipts(state: &State, now: DateTime<Utc>) -> Value {
    let coming: Vec<_> = state.receipts.coming(now).take(COMING).map(|found| (found, false)).collect();
    let came = state.receipts.latest(now).take(MOST).map(|found| (found, true));
    let shown = coming.into_iter().rev().chain(came).map(|(((time, number), receipt), has_come)| {
        json!({
            "number": number,
            "type": receipt.message_type,
            "time": time.to_rfc3339(),
            "call_id": receipt.call_id,
            "has_come": has_come,
        })
    });
    shown.collect()
}

/// The latest pushes, newest first.
fn pushes(state: &State) -> Value {
    let mut pushes = calls::state::latest_pushes(state, MOST);
    if let Value::Object(members) = &mut pushes {
        members.insert("counts".to_owned(), calls::state::push_counts(state));
    }
    pushes
}
