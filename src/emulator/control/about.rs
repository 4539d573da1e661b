//! What the emulator is and has.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, ok};
use super::request::host;
use super::view;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("health", "version and uptime; needs no token", health, "Health"),
    Endpoint::get("info", "endpoints, keys, session, pool key, queues and orders", info, "Info"),
    Endpoint::get("operations", "the names of all operations of both gateways", operations, "Operations"),
];

fn health(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let (version, uptime) = (env!("CARGO_PKG_VERSION"), gateways.uptime().as_secs());
    Ok(ok(&json!({"status": "ok", "version": version, "uptime_seconds": uptime})))
}

fn info(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::info(host(request), gateways)))
}

fn operations(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&json!({"operations": gateways.operations().collect::<Value>()})))
}
