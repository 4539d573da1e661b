//! The task that pushes receipts to a URL.

use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::{Either, select};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect;
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::gateways::Gateways;
use super::store::push::{DuePush, PushResult};

/// How long the platform waits for the acknowledgement.
const TIMEOUT: Duration = Duration::from_millis(700);
/// The maximum length of an acknowledgement in bytes.
const MAX_BODY: usize = 64 * 1024;
/// The wait while nothing is due: only a change of the clock or of the receipts ends it.
const FOREVER: Duration = Duration::from_secs(24 * 60 * 60);

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// The body of an acknowledgement. The platform checks only that `code` is a number.
#[derive(Deserialize)]
struct Acknowledgement {
    #[serde(rename = "code")]
    _code: serde_json::Number,
}

/// Sends what is due by the emulator's clock, until it is aborted. No lock is held while it waits.
pub(crate) async fn run(gateways: Arc<Gateways>) {
    let client = Arc::new(OnceLock::new());
    let mut requests = JoinSet::new();
    loop {
        // Subscribed before the time is read, so that no change of the clock is missed.
        let mut clock = gateways.clock().subscribe();
        let now = gateways.clock().now();
        let (due, next_due, mut changes) = {
            let mut state = gateways.lock_state();
            let due = state.pushes.take_due(now);
            (due, state.pushes.next_due(), state.pushes.subscribe())
        };
        for push in due {
            requests.spawn(attempt(Arc::clone(&gateways), Arc::clone(&client), push));
        }
        while requests.try_join_next().is_some() {}
        // What is due already waits for a request that is being sent.
        let until_due = next_due.filter(|due| *due > now && gateways.clock().is_running());
        let limit = until_due.and_then(|due| due.signed_duration_since(now).to_std().ok()).unwrap_or(FOREVER);
        let is_replaced = {
            let (changed, clock) = (pin!(changes.changed()), pin!(clock.changed()));
            matches!(timeout(limit, select(changed, clock)).await, Ok(Either::Left((Err(_), _))))
        };
        if is_replaced {
            // The requests of the former state are stopped.
            requests.abort_all();
        }
    }
}

/// Waits until everything that is due was sent and answered.
pub(crate) async fn settle(gateways: &Gateways) {
    loop {
        let mut changes = {
            let state = gateways.lock_state();
            if state.pushes.is_settled(gateways.clock().now()) {
                return;
            }
            state.pushes.subscribe()
        };
        // An error means that the state was replaced.
        let _ = changes.changed().await;
    }
}

async fn attempt(gateways: Arc<Gateways>, client: Arc<OnceLock<Option<reqwest::Client>>>, push: DuePush) {
    let result = match client.get_or_init(build_client) {
        Some(client) => timeout(TIMEOUT, send(client, &push)).await.unwrap_or(PushResult::TimedOut),
        None => PushResult::Failed,
    };
    let now = gateways.clock().now();
    gateways.lock_state().pushes.record(&push, result, now);
}

async fn send(client: &reqwest::Client, push: &DuePush) -> PushResult {
    let request = client.post(&push.url).header(CONTENT_TYPE, JSON).body(push.body.to_string());
    let Ok(mut response) = request.send().await else { return PushResult::Failed };
    let status = response.status();
    if status != reqwest::StatusCode::OK {
        return PushResult::Status(status.as_u16());
    }
    let mut body = Vec::new();
    while body.len() <= MAX_BODY {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(_) => return PushResult::Failed,
        }
    }
    match serde_json::from_slice::<Acknowledgement>(&body) {
        Ok(_) => PushResult::Acknowledged,
        Err(_) => PushResult::NoCode,
    }
}

/// A client that sends each request once, to the URL itself.
fn build_client() -> Option<reqwest::Client> {
    let client = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .build();
    client.inspect_err(|_| tracing::debug!("the client that pushes receipts could not be built")).ok()
}
