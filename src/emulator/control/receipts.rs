//! Receipts: their queues and their pushes.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, created, ok};
use super::request::{NUMBERS, body, optional_body, wants_whole_numbers};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;
use crate::emulator::store::push_settings::PushSettings;

/// The longest wait of `settle` in seconds.
const MAX_WAIT: u64 = 60;
/// The wait of `settle` in seconds, if the request has none.
const DEFAULT_WAIT: u64 = 10;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "receipts",
        "the receipts whose time has come; their bodies only with whole numbers",
        receipts,
        "Receipts",
    )
    .query(&[NUMBERS]),
    Endpoint::post("receipts", "publishes a receipt: type, and body or text", publish, "NewReceipt", "QueueName")
        .creates()
        .refuses(&[StatusCode::NOT_FOUND]),
    Endpoint::get("queues", "how many receipts each queue has", queues, "Queues"),
    Endpoint::post("queues", "sets visibility_timeout in seconds", set_queues, "QueueSettings", "Queues"),
    Endpoint::get("push", "the pushes of receipts, with all attempts", pushes, "Pushes"),
    Endpoint::post(
        "push",
        "sets the URLs of receipts: base, urls, batch, duplicates, newest_first",
        push_receipts,
        "PushSettings",
        "Pushes",
    ),
    Endpoint::post(
        "settle",
        "waits until all pushes that are due were sent and answered: timeout in seconds",
        settle,
        "Settle",
        "Settled",
    )
    .body_is_optional(),
];

/// A receipt has either a JSON body or any text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewReceipt {
    #[serde(rename = "type")]
    message_type: String,
    body: Option<Value>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueSettings {
    /// In seconds.
    visibility_timeout: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPush {
    base: Option<String>,
    /// The URL of each type.
    #[serde(default)]
    urls: BTreeMap<String, String>,
    batch: Option<u32>,
    #[serde(default)]
    duplicates: u32,
    #[serde(default)]
    newest_first: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settle {
    /// In seconds.
    timeout: Option<u64>,
}

fn receipts(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let mut receipts = gateways.receipts();
    if !wants_whole_numbers(request)? {
        for receipt in receipts.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            receipt.remove("pushed");
            receipt.remove("queued");
        }
    }
    Ok(ok(&receipts))
}

fn publish(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let queue = body::<NewReceipt>(request)?.publish(gateways)?;
    Ok(created(&json!({"queue": queue})))
}

fn queues(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.queues()))
}

fn set_queues(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    body::<QueueSettings>(request)?.apply(gateways)?;
    Ok(ok(&gateways.queues()))
}

fn pushes(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.pushes()))
}

fn push_receipts(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    gateways.push_receipts(body::<NewPush>(request)?.into_settings()?);
    Ok(ok(&gateways.pushes()))
}

/// The server has waited already: see [`limit_of_settle`].
fn settle(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    optional_body::<Settle>(request)?.limit()?;
    let is_settled = gateways.lock_state().pushes.is_settled(gateways.clock().now());
    Ok(ok(&json!({"settled": is_settled})))
}

/// How long a valid request waits at most.
pub(super) fn limit_of_settle(request: &Request<Bytes>) -> Option<Duration> {
    optional_body::<Settle>(request).and_then(|settle| settle.limit()).ok()
}

impl Settle {
    fn limit(&self) -> Result<Duration, Problem> {
        match self.timeout.unwrap_or(DEFAULT_WAIT) {
            seconds @ 0..=MAX_WAIT => Ok(Duration::from_secs(seconds)),
            _ => Err(Problem::bad_request(format!("timeout must be at most {MAX_WAIT} seconds"))),
        }
    }
}

impl NewReceipt {
    /// Publishes the receipt. Returns the name of its queue.
    fn publish(&self, gateways: &Gateways) -> Result<String, Problem> {
        let is_published = match (&self.body, &self.text) {
            (Some(body), None) => gateways.publish_receipt(&self.message_type, body),
            (None, Some(text)) => gateways.publish_text(&self.message_type, text),
            _ => return Err(Problem::bad_request("a receipt has either body or text")),
        };
        if is_published {
            Ok(gateways.queue_name(&self.message_type))
        } else {
            Err(Problem::new(StatusCode::NOT_FOUND, "there is no queue for this type"))
        }
    }
}

impl QueueSettings {
    fn apply(&self, gateways: &Gateways) -> Result<(), Problem> {
        if !(1..=43_200).contains(&self.visibility_timeout) {
            return Err(Problem::bad_request("visibility_timeout must be between 1 and 43200 seconds"));
        }
        gateways.set_visibility_timeout(Duration::from_secs(self.visibility_timeout));
        Ok(())
    }
}

impl NewPush {
    fn into_settings(self) -> Result<PushSettings, Problem> {
        let is_url = |url: &String| reqwest::Url::parse(url).is_ok_and(|url| url.has_host());
        if !self.base.iter().chain(self.urls.values()).all(is_url) {
            return Err(Problem::bad_request("base and urls must be URLs with a host"));
        }
        if self.batch == Some(0) {
            return Err(Problem::bad_request("batch must be at least 1"));
        }
        let mut settings = self.base.map_or_else(PushSettings::new, PushSettings::to);
        for (message_type, url) in self.urls {
            settings = settings.type_to(message_type, url);
        }
        settings =
            settings.batch(usize::try_from(self.batch.unwrap_or(1)).unwrap_or(usize::MAX)).duplicates(self.duplicates);
        Ok(if self.newest_first { settings.newest_first() } else { settings })
    }
}
