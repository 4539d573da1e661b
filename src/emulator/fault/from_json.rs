//! Faults as the control endpoint takes them.

use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;

use super::{Fault, Throttle};
use crate::emulator::{json_body, operation};

/// Longer pauses are taken for a mistake in the unit.
const LONGEST: u64 = 24 * 60 * 60 * 1000;

#[derive(Deserialize, PartialEq, Default)]
#[serde(deny_unknown_fields)]
struct Members {
    fault: String,
    on: Option<String>,
    after: Option<u64>,
    times: Option<u64>,
    probability: Option<f64>,
    seed: Option<u64>,
    executed: Option<bool>,
    milliseconds: Option<u64>,
    scope: Option<Scope>,
    code: Option<String>,
    bytes: Option<u64>,
    seconds: Option<i64>,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Api,
    App,
    AppApi,
    Dynamic,
    Product,
}

/// Reads a fault, or says what is wrong with it.
pub(crate) fn read(body: &[u8]) -> Result<Fault, String> {
    let members: Members = json_body::read(body)?;
    let mut fault = members.kind()?;
    if fault.refuses_connections().is_some() && !members.has_milliseconds_alone() {
        return Err("connection_refused takes milliseconds alone".to_owned());
    }
    if let Some(name) = &members.on {
        fault = fault.on(operation::known(name).ok_or_else(|| "on names no operation".to_owned())?);
    }
    if let Some(requests) = members.after {
        fault = fault.after(requests);
    }
    if let Some(times) = members.times {
        fault = fault.times(times);
    }
    match members.probability {
        None => {}
        Some(probability) if (0.0..=1.0).contains(&probability) => {
            fault = fault.probability(probability, members.seed.unwrap_or_default());
        }
        Some(_) => return Err("probability must be between 0 and 1".to_owned()),
    }
    Ok(if members.executed == Some(true) { fault.executed() } else { fault })
}

impl Members {
    fn kind(&self) -> Result<Fault, String> {
        let pause = || self.pause()?.ok_or_else(|| "milliseconds is missing".to_owned());
        Ok(match self.fault.as_str() {
            "throttled" => Fault::throttled(self.throttle(), self.pause()?.unwrap_or_default()),
            "quota_exceeded" => Fault::quota_exceeded(),
            "error" => Fault::error(self.code.clone().ok_or_else(|| "code is missing".to_owned())?),
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
            "oversized" => Fault::oversized(self.bytes.ok_or_else(|| "bytes is missing".to_owned())?),
            "slow_drip" => Fault::slow_drip(pause()?),
            "clock_skew" => Fault::clock_skew(self.skew()?),
            _ => return Err("fault names no fault".to_owned()),
        })
    }

    fn throttle(&self) -> Throttle {
        match self.scope {
            None | Some(Scope::Api) => Throttle::Api,
            Some(Scope::App) => Throttle::App,
            Some(Scope::AppApi) => Throttle::AppApi,
            Some(Scope::Dynamic) => Throttle::Dynamic,
            Some(Scope::Product) => Throttle::Product,
        }
    }

    /// Negative if the gateway's clock is behind.
    fn skew(&self) -> Result<TimeDelta, String> {
        let seconds = self.seconds.ok_or_else(|| "seconds is missing".to_owned())?;
        TimeDelta::try_seconds(seconds).ok_or_else(|| "seconds is out of range".to_owned())
    }

    fn pause(&self) -> Result<Option<Duration>, String> {
        match self.milliseconds {
            Some(count) if count > LONGEST => Err("milliseconds must be at most a day".to_owned()),
            count => Ok(count.map(Duration::from_millis)),
        }
    }

    fn has_milliseconds_alone(&self) -> bool {
        let alone = Self { fault: self.fault.clone(), milliseconds: self.milliseconds, ..Self::default() };
        *self == alone
    }
}
