//! The table of control endpoints. It routes requests, and `GET /_emulator/` returns it.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::reply::{Problem, ok};
use super::{actions, console};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

/// One HTTP method of one path.
pub(super) struct Endpoint {
    pub(super) method: Method,
    /// The path below `/_emulator/`. It is empty for `/_emulator/` itself.
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    pub(super) run: Run,
}

type Run = fn(&Request<Bytes>, &Gateways) -> Result<Reply, Problem>;

pub(super) static ENDPOINTS: [Endpoint; 30] = [
    Endpoint::new(Method::GET, "", "this list", index),
    Endpoint::new(Method::GET, "health", "version and uptime; needs no token", actions::health),
    Endpoint::new(Method::GET, "info", "endpoints, keys, session, pool key, queues and orders", actions::info),
    Endpoint::new(Method::GET, "state", "counts and identifiers, no phone numbers", actions::state),
    Endpoint::new(Method::POST, "reset", "restores the initial state", actions::reset),
    Endpoint::new(Method::GET, "shops", "the shops, with session and number of orders", actions::shops),
    Endpoint::new(
        Method::POST,
        "shops",
        "adds a shop: shop, session, orders, callers, client_tokens",
        actions::add_shop,
    ),
    Endpoint::new(Method::POST, "shops/expire", "expires the session of a shop: shop", actions::expire_session),
    Endpoint::new(Method::POST, "shops/rotate", "gives a shop a new session: shop, session", actions::rotate_session),
    Endpoint::new(Method::POST, "orders", "adds orders to a shop: shop, orders of tid and oaid", actions::add_orders),
    Endpoint::new(
        Method::POST,
        "reports/review",
        "decides the review of a reported number: number, white_group, result, reasons",
        actions::review_report,
    ),
    Endpoint::new(Method::POST, "receipts", "publishes a receipt: type, and body or text", actions::publish_receipt),
    Endpoint::new(Method::GET, "queues", "how many receipts each queue has", actions::queues),
    Endpoint::new(Method::POST, "queues", "sets visibility_timeout in seconds", actions::set_queues),
    Endpoint::new(Method::GET, "calls", "the calls and messages, with parts of the numbers", actions::calls),
    Endpoint::new(
        Method::POST,
        "calls",
        "places a call: caller, x, extension, course, rings_for, talks_for, hung_up_by",
        actions::place_call,
    ),
    Endpoint::new(
        Method::POST,
        "sms",
        "sends a message to an X number: sender, x, extension, content",
        actions::send_message,
    ),
    Endpoint::new(Method::GET, "push", "the pushes of receipts, with all attempts", actions::pushes),
    Endpoint::new(
        Method::POST,
        "push",
        "sets the URLs of receipts: base, urls, batch, duplicates, newest_first",
        actions::push_receipts,
    ),
    Endpoint::new(Method::GET, "clock", "the time, and whether the clock runs", actions::clock),
    Endpoint::new(
        Method::POST,
        "clock",
        "set to a time or to now, advance by seconds, run or stop",
        actions::set_clock,
    ),
    Endpoint::new(Method::GET, "ledger", "counts by operation, and the latest requests", actions::ledger),
    Endpoint::new(Method::DELETE, "ledger", "removes all requests and counts", actions::clear_ledger),
    Endpoint::new(Method::GET, "faults", "the injected faults, and how often each was applied", actions::faults),
    Endpoint::new(Method::POST, "faults", "injects a fault", actions::inject),
    Endpoint::new(Method::DELETE, "faults", "removes all faults, and accepts connections again", actions::clear_faults),
    Endpoint::new(Method::GET, "console", "the page for browsers; needs no token", console::page),
    Endpoint::new(Method::GET, "events", "the requests and the state as server-sent events", console::events),
    Endpoint::new(
        Method::GET,
        "requests",
        "one of the latest 200 requests, with its explained signature: number, parameter, part",
        console::request,
    ),
    Endpoint::new(
        Method::GET,
        "details",
        "the whole values of one of: binding, order, call, receipt",
        console::details,
    ),
];

impl Endpoint {
    const fn new(method: Method, path: &'static str, about: &'static str, run: Run) -> Self {
        Self { method, path, about, run }
    }
}

fn index(_: &Request<Bytes>, _: &Gateways) -> Result<Reply, Problem> {
    let endpoints = ENDPOINTS.iter().map(|endpoint| {
        json!({
            "method": endpoint.method.as_str(),
            "path": format!("/_emulator/{}", endpoint.path),
            "about": endpoint.about,
        })
    });
    Ok(ok(&json!({"endpoints": endpoints.collect::<Value>()})))
}
