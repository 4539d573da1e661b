//! The JSON members that describe a fault.

use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;

use super::substitute::Throttle;

/// A longer duration is probably a mistake in the unit.
const MAX_MILLISECONDS: u64 = 24 * 60 * 60 * 1000;

#[derive(Deserialize, PartialEq, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Members {
    pub(super) fault: String,
    pub(super) on: Option<String>,
    pub(super) after: Option<u64>,
    pub(super) times: Option<u64>,
    pub(super) probability: Option<f64>,
    pub(super) seed: Option<u64>,
    pub(super) executed: Option<bool>,
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

impl Members {
    /// The required duration.
    pub(super) fn duration(&self) -> Result<Duration, String> {
        self.optional_duration()?.ok_or_else(|| "milliseconds is missing".to_owned())
    }

    pub(super) fn optional_duration(&self) -> Result<Option<Duration>, String> {
        match self.milliseconds {
            Some(count) if count > MAX_MILLISECONDS => Err("milliseconds must be at most a day".to_owned()),
            count => Ok(count.map(Duration::from_millis)),
        }
    }

    /// What is throttled; the operation by default.
    pub(super) fn throttle(&self) -> Throttle {
        match self.scope {
            None | Some(Scope::Api) => Throttle::Api,
            Some(Scope::App) => Throttle::App,
            Some(Scope::AppApi) => Throttle::AppApi,
            Some(Scope::Dynamic) => Throttle::Dynamic,
            Some(Scope::Product) => Throttle::Product,
        }
    }

    /// The required error code.
    pub(super) fn code(&self) -> Result<String, String> {
        self.code.clone().ok_or_else(|| "code is missing".to_owned())
    }

    /// The required length of a body.
    pub(super) fn bytes(&self) -> Result<u64, String> {
        self.bytes.ok_or_else(|| "bytes is missing".to_owned())
    }

    /// The required clock skew. It is negative if the gateway's clock is behind.
    pub(super) fn clock_skew(&self) -> Result<TimeDelta, String> {
        let seconds = self.seconds.ok_or_else(|| "seconds is missing".to_owned())?;
        TimeDelta::try_seconds(seconds).ok_or_else(|| "seconds is out of range".to_owned())
    }

    /// Whether no other member than `fault` and `milliseconds` is present.
    pub(super) fn has_only_milliseconds(&self) -> bool {
        let only = Self { fault: self.fault.clone(), milliseconds: self.milliseconds, ..Self::default() };
        *self == only
    }
}
