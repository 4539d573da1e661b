//! Faults as the control endpoint takes them.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use super::{Fault, Throttle};
use crate::emulator::operation;

/// Longer pauses are taken for a mistake in the unit.
const LONGEST: u64 = 24 * 60 * 60 * 1000;

const MEMBERS: [&str; 12] = [
    "fault",
    "on",
    "after",
    "times",
    "probability",
    "seed",
    "executed",
    "milliseconds",
    "scope",
    "code",
    "bytes",
    "seconds",
];

/// Reads a fault, or says what is wrong with it.
pub(crate) fn read(body: &[u8]) -> Result<Fault, String> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return Err("the body must be a JSON object".to_owned());
    };
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(format!("there is no member {unknown}"));
    }
    let mut fault = kind(&members)?;
    if fault.refuses_connections().is_some() && members.len() > 2 {
        return Err("connection_refused takes milliseconds alone".to_owned());
    }
    if let Some(name) = text(&members, "on")? {
        fault = fault.on(operation::known(name).ok_or_else(|| "on names no operation".to_owned())?);
    }
    if let Some(requests) = number(&members, "after")? {
        fault = fault.after(requests);
    }
    if let Some(times) = number(&members, "times")? {
        fault = fault.times(times);
    }
    match members.get("probability") {
        None | Some(Value::Null) => {}
        Some(value) => {
            let probability = value.as_f64().filter(|probability| (0.0..=1.0).contains(probability));
            let probability = probability.ok_or_else(|| "probability must be between 0 and 1".to_owned())?;
            fault = fault.probability(probability, number(&members, "seed")?.unwrap_or_default());
        }
    }
    match members.get("executed") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(fault),
        Some(Value::Bool(true)) => Ok(fault.executed()),
        Some(_) => Err("executed must be true or false".to_owned()),
    }
}

fn kind(members: &Map<String, Value>) -> Result<Fault, String> {
    let pause = || milliseconds(members)?.ok_or_else(|| "milliseconds is missing".to_owned());
    let name = text(members, "fault")?.ok_or_else(|| "fault is missing".to_owned())?;
    Ok(match name {
        "throttled" => Fault::throttled(scope(members)?, milliseconds(members)?.unwrap_or_default()),
        "quota_exceeded" => Fault::quota_exceeded(),
        "error" => Fault::error(text(members, "code")?.ok_or_else(|| "code is missing".to_owned())?),
        "internal_error" => Fault::internal_error(),
        "unavailable" => Fault::unavailable(),
        "bad_gateway_page" => Fault::bad_gateway_page(),
        "nonce_used" => Fault::nonce_used(),
        "delay_before" => Fault::delay_before(pause()?),
        "delay_after" => Fault::delay_after(pause()?),
        "connection_refused" => Fault::connection_refused(pause()?),
        "reset_before_execution" => Fault::reset_before_execution(),
        "reset_after_execution" => Fault::reset_after_execution(),
        "torn_body" => Fault::torn_body(),
        "torn_json" => Fault::torn_json(),
        "garbled" => Fault::garbled(),
        "wrong_gzip" => Fault::wrong_gzip(),
        "oversized" => Fault::oversized(number(members, "bytes")?.ok_or_else(|| "bytes is missing".to_owned())?),
        "slow_drip" => Fault::slow_drip(pause()?),
        "clock_skew" => Fault::clock_skew(skew(members)?),
        _ => return Err("fault names no fault".to_owned()),
    })
}

fn scope(members: &Map<String, Value>) -> Result<Throttle, String> {
    Ok(match text(members, "scope")? {
        None | Some("api") => Throttle::Api,
        Some("app") => Throttle::App,
        Some("app_api") => Throttle::AppApi,
        Some("dynamic") => Throttle::Dynamic,
        Some("product") => Throttle::Product,
        Some(_) => return Err("scope must be api, app, app_api, dynamic or product".to_owned()),
    })
}

/// Negative if the gateway's clock is behind.
fn skew(members: &Map<String, Value>) -> Result<TimeDelta, String> {
    members
        .get("seconds")
        .and_then(Value::as_i64)
        .and_then(TimeDelta::try_seconds)
        .ok_or_else(|| "seconds must be a whole number".to_owned())
}

fn milliseconds(members: &Map<String, Value>) -> Result<Option<Duration>, String> {
    match number(members, "milliseconds")? {
        Some(count) if count > LONGEST => Err("milliseconds must be at most a day".to_owned()),
        count => Ok(count.map(Duration::from_millis)),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a text")),
    }
}

fn number(members: &Map<String, Value>, name: &str) -> Result<Option<u64>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| format!("{name} must be a whole number, 0 or more")),
    }
}
