//! The emulator's own endpoints, for tests in other languages.

mod view;

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::aliyun::recording_file;
use super::delivery::{Delivery, Reply};
use super::fault;
use super::gateways::Gateways;

const PREFIX: &str = "/_emulator/";

/// `None` for a path that is not one of these endpoints.
pub(crate) fn answer(request: &Request<Bytes>, gateways: &Gateways) -> Option<Reply> {
    let path = request.uri().path();
    let endpoint = path.strip_prefix(PREFIX).filter(|_| !path.starts_with(recording_file::PATH))?;
    let body = request.body();
    Some(match (endpoint, request.method()) {
        ("faults", &Method::POST) => inject(body, gateways),
        ("faults", &Method::GET) => ok(&gateways.faults().to_json()),
        ("faults", &Method::DELETE) => {
            let cleared = ok(&json!({"cleared": gateways.faults().clear()}));
            Reply { delivery: Delivery::ThenAccept, ..cleared }
        }
        ("ledger", &Method::GET) => ok(&view::ledger(gateways.ledger())),
        ("ledger", &Method::DELETE) => {
            gateways.ledger().clear();
            ok(&json!({}))
        }
        ("state", &Method::GET) => ok(&view::state(gateways)),
        ("clock", &Method::GET) => ok(&clock(gateways)),
        ("clock", &Method::POST) => match set_clock(body, gateways) {
            Ok(()) => ok(&clock(gateways)),
            Err(reason) => refused(StatusCode::BAD_REQUEST, reason),
        },
        ("info", &Method::GET) => ok(&view::info(host(request), gateways)),
        ("faults" | "ledger" | "state" | "clock" | "info", _) => {
            refused(StatusCode::METHOD_NOT_ALLOWED, "the endpoint knows no such method")
        }
        _ => refused(StatusCode::NOT_FOUND, "there are faults, ledger, state, clock and info"),
    })
}

fn inject(body: &[u8], gateways: &Gateways) -> Reply {
    let fault = match fault::from_json(body) {
        Ok(fault) => fault,
        Err(reason) => return refused(StatusCode::BAD_REQUEST, &reason),
    };
    let name = json!({"fault": fault.name()});
    let delivery = fault.refuses_connections().map_or(Delivery::Whole, |lasting| Delivery::ThenRefuse { lasting });
    gateways.inject(fault);
    Reply { delivery, ..json_reply(StatusCode::CREATED, &name) }
}

fn clock(gateways: &Gateways) -> Value {
    json!({"now": gateways.clock().now().to_rfc3339(), "running": gateways.clock().is_running()})
}

/// `{"set": "2026-01-06T02:00:00Z"}`, `{"advance": 3600}` in seconds, `{"run": true}`; together in this order.
fn set_clock(body: &[u8], gateways: &Gateways) -> Result<(), &'static str> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return Err("the body must be a JSON object");
    };
    if members.is_empty() || members.keys().any(|name| !matches!(name.as_str(), "set" | "advance" | "run")) {
        return Err("the members are set, advance and run");
    }
    let set = match members.get("set") {
        None => None,
        Some(time) => {
            let time = time.as_str().and_then(|time| DateTime::parse_from_rfc3339(time).ok());
            Some(time.ok_or("set must be a time such as 2026-01-06T02:00:00Z")?.with_timezone(&Utc))
        }
    };
    let advance = match members.get("advance") {
        None => None,
        Some(seconds) => Some(seconds.as_u64().ok_or("advance must be a whole number of seconds")?),
    };
    let run = match members.get("run") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err("run must be true or false"),
    };
    let clock = gateways.clock();
    if let Some(time) = set {
        clock.set(time);
    }
    if let Some(seconds) = advance {
        clock.advance(Duration::from_secs(seconds));
    }
    if run {
        clock.run();
    }
    Ok(())
}

/// By which name the caller knows the server.
fn host(request: &Request<Bytes>) -> &str {
    request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1")
}

fn ok(body: &Value) -> Reply {
    json_reply(StatusCode::OK, body)
}

fn refused(status: StatusCode, reason: &str) -> Reply {
    json_reply(status, &json!({"error": reason}))
}

fn json_reply(status: StatusCode, body: &Value) -> Reply {
    let mut response = Response::new(Bytes::from(format!("{body}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Reply::from(response)
}
