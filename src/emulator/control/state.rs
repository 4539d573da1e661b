//! The state as a whole, its clock, and the reset.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::reply::{Problem, ok};
use super::request::{NUMBERS, body, host, optional_body, shown_numbers};
use super::view;
use crate::emulator::aliyun;
use crate::emulator::clock::Clock;
use crate::emulator::delivery::{Delivery, Reply};
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("state", "counts and identifiers, no phone numbers", state, "State"),
    Endpoint::get(
        "phone_number_protection",
        "pools, bindings, work numbers, reports and calls of Phone Number Protection",
        phone_number_protection,
        "PhoneNumberProtection",
    )
    .query(&[NUMBERS]),
    Endpoint::post("reset", "restores the initial state", reset, "Empty", "Info").body_is_optional(),
    Endpoint::post("seed", "sets the seed of generated numbers and orders: seed", set_seed, "SeedChange", "Seed"),
    Endpoint::get("clock", "the time, and whether the clock runs", clock, "Clock"),
    Endpoint::post(
        "clock",
        "set to a time or to now, advance by seconds, run or stop",
        set_clock,
        "ClockChange",
        "Clock",
    )
    .refuses(&[StatusCode::CONFLICT]),
];

/// After this time, a time in JSON would have a year of more than four digits.
const END_OF_TIME: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(time) => time,
    None => DateTime::<Utc>::MAX_UTC,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedChange {
    seed: u64,
}

/// Sets the time, then advances the clock, then starts or stops it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    /// Such as `2026-01-06T02:00:00Z`.
    set: Option<String>,
    now: Option<bool>,
    /// In seconds.
    advance: Option<u64>,
    run: Option<bool>,
}

fn state(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&view::state(gateways)))
}

fn phone_number_protection(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let show = shown_numbers(request)?;
    let now = gateways.clock().now();
    Ok(ok(&aliyun::state::to_json(&gateways.lock_state(), now, show)))
}

fn reset(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let Empty {} = optional_body(request)?;
    gateways.reset();
    Ok(Reply { delivery: Delivery::ThenAcceptConnections, ..ok(&view::info(host(request), gateways)) })
}

fn set_seed(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let SeedChange { seed } = body(request)?;
    gateways.lock_state().set_seed(seed);
    Ok(ok(&json!({"seed": seed})))
}

fn clock(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&clock_json(gateways)))
}

fn set_clock(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    body::<ClockChange>(request)?.apply(gateways.clock())?;
    Ok(ok(&clock_json(gateways)))
}

fn clock_json(gateways: &Gateways) -> Value {
    json!({"now": gateways.clock().now().to_rfc3339(), "running": gateways.clock().is_running()})
}

impl ClockChange {
    fn apply(self, clock: &Clock) -> Result<(), Problem> {
        let time = match &self.set {
            None => None,
            Some(text) => {
                let time = DateTime::parse_from_rfc3339(text)
                    .map_err(|_| Problem::bad_request("set must be a time such as 2026-01-06T02:00:00Z"))?;
                Some(time.to_utc())
            }
        };
        let begins_at = match (time, self.now) {
            (Some(_), Some(_)) => return Err(Problem::bad_request("set and now cannot be used together")),
            (_, Some(false)) => return Err(Problem::bad_request("now must be true; use run false to stop the clock")),
            (None, None) if self.advance.is_none() && self.run.is_none() => {
                return Err(Problem::bad_request("the members are set, now, advance and run"));
            }
            (Some(time), None) => time,
            (None, Some(true)) => Utc::now(),
            (None, None) => clock.now(),
        };
        let step = Duration::from_secs(self.advance.unwrap_or_default());
        let ends_at = TimeDelta::from_std(step).ok().and_then(|step| begins_at.checked_add_signed(step));
        if begins_at < DateTime::UNIX_EPOCH || ends_at.is_none_or(|time| time > END_OF_TIME) {
            return Err(Problem::new(StatusCode::CONFLICT, "the time must be between the years 1970 and 9999"));
        }
        match (time, self.now) {
            (Some(time), _) => clock.set(time),
            (None, Some(_)) => clock.follow_system(),
            (None, None) => {}
        }
        if !step.is_zero() {
            clock.advance(step);
        }
        match self.run {
            Some(true) => clock.run(),
            Some(false) => clock.stop(),
            None => {}
        }
        Ok(())
    }
}
