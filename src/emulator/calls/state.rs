//! Calls, messages and pushes as JSON.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::emulator::store::State;
use crate::emulator::store::push::Push;

/// The calls and messages, oldest first. `show` writes the numbers.
pub(crate) fn calls(state: &State, now: DateTime<Utc>, show: impl Fn(&str) -> String) -> Value {
    let calls = state.phone_calls.iter().map(|call| {
        json!({
            "id": call.id,
            "kind": if call.is_message { "message" } else { "call" },
            "caller": show(&call.caller),
            "dialled": show(&call.dialled),
            "subs_id": call.subs_id,
            "called": call.called.as_deref().map(&show),
            "refused": call.refused,
            "placed": call.placed.to_rfc3339(),
            "released": call.released.to_rfc3339(),
            "ended": call.released <= now,
        })
    });
    calls.collect()
}

/// The pushes: first those that are delivered or lost, then those that are pending. It has no numbers and no URLs.
pub(crate) fn pushes(state: &State) -> Value {
    json!({
        "scheduled_receipts": state.pushes.scheduled(),
        "pushes": state.pushes.iter().map(push).collect::<Value>(),
    })
}

/// The latest pushes, newest first: at most `most`, with the pending ones.
pub(crate) fn latest_pushes(state: &State, most: usize) -> Value {
    json!({
        "scheduled_receipts": state.pushes.scheduled(),
        "pushes": state.pushes.iter().rev().take(most).map(push).collect::<Value>(),
    })
}

/// The number of pushes of each status.
pub(crate) fn push_counts(state: &State) -> Value {
    let mut counts = json!({"pending": 0, "delivered": 0, "lost": 0});
    for push in state.pushes.iter() {
        if let Some(count) = counts.get_mut(push.status.name()) {
            *count = Value::from(count.as_u64().unwrap_or_default().saturating_add(1));
        }
    }
    counts
}

fn push(push: &Push) -> Value {
    let attempts =
        push.attempts.iter().map(|attempt| json!({"time": attempt.time.to_rfc3339(), "result": attempt.result.name()}));
    json!({
        "id": push.id,
        "type": push.message_type,
        "call_ids": push.call_ids().collect::<Vec<_>>(),
        "receipts": push.size(),
        "status": push.status.name(),
        "duplicate": push.is_duplicate,
        "due": push.due.to_rfc3339(),
        "attempts": attempts.collect::<Value>(),
    })
}
