//! The stream of events: requests as they come, and the state when it has changed.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future;
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::state;
use crate::emulator::gateways::Gateways;
use crate::emulator::ledger::{Entry, Following};

/// How many requests one step sends. A reader that is slower skips those between.
const MOST: usize = 200;
/// How long changes are collected before they are sent.
const COLLECTING: Duration = Duration::from_millis(100);
/// What begins or ends by the clock alone is seen after this time.
const TICK: Duration = Duration::from_secs(1);
/// A comment is sent after this time without events, so that both sides notice a lost connection.
const SILENCE: Duration = Duration::from_secs(10);

/// What one reader has seen.
pub(super) struct Events {
    /// The number of the latest request.
    after: u64,
    clears: Option<u64>,
    state: String,
    sent: Instant,
    changes: watch::Receiver<()>,
    clock: watch::Receiver<u64>,
}

/// Endless. It holds no lock while it waits, and nothing waits for it.
pub(crate) fn stream(gateways: Arc<Gateways>, after: u64) -> impl Stream<Item = Bytes> + Send + 'static {
    let events = Events::new(&gateways, after);
    stream::unfold((gateways, events), |(gateways, mut events)| async move {
        let text = events.next(&gateways).await;
        Some((Bytes::from(text), (gateways, events)))
    })
}

impl Events {
    pub(super) fn new(gateways: &Gateways, after: u64) -> Self {
        Self {
            after,
            clears: None,
            state: String::new(),
            sent: Instant::now(),
            changes: gateways.inspections().subscribe(),
            clock: gateways.clock().subscribe(),
        }
    }

    /// What has happened since the last call.
    pub(super) fn take(&mut self, gateways: &Gateways) -> String {
        let mut text = String::new();
        let Following { entries, missed, clears } = gateways.ledger().following(self.after, MOST);
        match self.clears.replace(clears) {
            None => {
                let operations: Vec<_> = gateways.operations().collect();
                let hello = json!({
                    "run": gateways.inspections().run(),
                    "version": env!("CARGO_PKG_VERSION"),
                    "operations": operations,
                });
                write("hello", None, &hello, &mut text);
            }
            Some(before) if before != clears => write("cleared", None, &json!({}), &mut text),
            Some(_) => {}
        }
        if missed > 0 {
            write("missed", None, &json!({"count": missed}), &mut text);
        }
        for (number, entry) in entries {
            self.after = number;
            let id = format!("{}.{number}", gateways.inspections().run());
            write("request", Some(&id), &request(number, &entry), &mut text);
        }
        let state = state::to_json(gateways).to_string();
        if state != self.state {
            text.push_str("event: state\ndata: {\"now\":\"");
            text.push_str(&gateways.clock().now().to_rfc3339());
            text.push_str("\",\"state\":");
            text.push_str(&state);
            text.push_str("}\n\n");
            self.state = state;
        }
        text
    }

    async fn next(&mut self, gateways: &Gateways) -> String {
        let is_first = self.clears.is_none();
        if !is_first {
            sleep(COLLECTING).await;
        }
        loop {
            let mut text = self.take(gateways);
            if text.is_empty() && self.sent.elapsed() >= SILENCE {
                ":\n\n".clone_into(&mut text);
            }
            if !text.is_empty() {
                self.sent = Instant::now();
                return text;
            }
            let changed = future::select(Box::pin(self.changes.changed()), Box::pin(self.clock.changed()));
            let _changed_or_not = timeout(TICK, changed).await;
            sleep(COLLECTING).await;
        }
    }
}

/// A request as the list shows it: without any value.
pub(super) fn request(number: u64, entry: &Entry) -> Value {
    json!({
        "number": number,
        "time": entry.time.to_rfc3339(),
        "operation": entry.operation,
        "code": entry.code,
        "executed": entry.executed,
        "fault": entry.fault,
        "request_id": entry.request_id,
        "shop": entry.shop,
        "attempt": entry.attempt,
    })
}

/// JSON has no line breaks here, so one line of data is enough.
fn write(event: &str, id: Option<&str>, data: &Value, into: &mut String) {
    if let Some(id) = id {
        into.push_str(&format!("id: {id}\n"));
    }
    into.push_str(&format!("event: {event}\ndata: {data}\n\n"));
}
