//! The record of all requests.

use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::endpoint::{Endpoint, QueryParameter};
use super::reply::{Problem, ok};
use super::request::parameter;
use super::view;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("ledger", "counts by operation, and the latest requests", ledger, "Ledger").query(&[
        QueryParameter {
            name: "operation",
            about: "Only this operation, such as `BindAxb` or `taobao.top.oaid.decrypt`.",
            schema: r#"{"type": "string", "examples": ["BindAxb"]}"#,
        },
    ]),
    Endpoint::delete("ledger", "removes all requests and counts", clear_ledger, "Empty"),
];

fn ledger(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let operation = parameter(request, "operation")?;
    Ok(ok(&view::ledger(gateways.ledger(), operation.as_deref())))
}

fn clear_ledger(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    gateways.ledger().clear();
    Ok(ok(&json!({})))
}
