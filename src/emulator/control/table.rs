//! The table of control endpoints. It routes requests. `GET /_emulator/` returns it as a list, and
//! `GET /_emulator/openapi.json` as an OpenAPI document.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, ok};
use super::{
    about, accounts, calls, console, faults, ledger, openapi, order_life, orders, pools, receipts, reports, shops,
    state, stock,
};
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

static OF_THE_TABLE: &[Endpoint] = &[
    Endpoint::get("", "this list", index, "Index"),
    Endpoint::get("openapi.json", "this list as an OpenAPI document, with all bodies and answers", openapi, "OpenApi"),
];

/// The endpoints of each subject. No two have the same method and path.
static SUBJECTS: &[&[Endpoint]] = &[
    OF_THE_TABLE,
    about::ENDPOINTS,
    state::ENDPOINTS,
    shops::ENDPOINTS,
    orders::ENDPOINTS,
    order_life::ENDPOINTS,
    accounts::ENDPOINTS,
    pools::ENDPOINTS,
    stock::ENDPOINTS,
    reports::ENDPOINTS,
    receipts::ENDPOINTS,
    calls::ENDPOINTS,
    ledger::ENDPOINTS,
    faults::ENDPOINTS,
    console::ENDPOINTS,
];

pub(super) fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    SUBJECTS.iter().copied().flatten()
}

fn index(_: &Request<Bytes>, _: &Gateways) -> Result<Reply, Problem> {
    let endpoints = endpoints().map(|endpoint| {
        json!({
            "method": endpoint.method,
            "path": format!("/_emulator/{}", endpoint.path),
            "about": endpoint.about,
        })
    });
    Ok(ok(&json!({"endpoints": endpoints.collect::<Value>()})))
}

fn openapi(_: &Request<Bytes>, _: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&openapi::document(endpoints())))
}
