//! A call that has passed the checks of the gateway, and its success.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::refusal::Refusal;
use crate::emulator::answer::Members;
use crate::emulator::china_time;
use crate::emulator::request::Parameters;
use crate::emulator::store::State;
use crate::emulator::store::shop::ShopId;

pub(super) struct Call<'a> {
    pub(super) parameters: &'a Parameters,
    pub(super) state: &'a mut State,
    /// The shop of the session.
    pub(super) shop: Option<ShopId>,
    pub(super) now: DateTime<Utc>,
}

/// A response under the root of the method.
pub(super) struct Success {
    pub(super) members: Members,
    /// The code of a response with `success: false`.
    pub(super) failure: Option<&'static str>,
}

impl Call<'_> {
    pub(super) fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.parameters.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// The shop of the session. The gateway has already checked that there is one.
    pub(super) fn session_shop(&self) -> Result<ShopId, Refusal> {
        self.shop.ok_or_else(|| Refusal::new(26, "Missing session"))
    }
}

impl Call<'_> {
    /// A parameter that is one JSON object.
    pub(super) fn json_object(&self, name: &'static str) -> Result<Value, Refusal> {
        match serde_json::from_str(self.required(name)?) {
            Ok(object @ Value::Object(_)) => Ok(object),
            _ => Err(Refusal::invalid(name)),
        }
    }

    /// A parameter that is a JSON array.
    pub(super) fn json_array(&self, name: &'static str) -> Result<Vec<Value>, Refusal> {
        match serde_json::from_str(self.required(name)?) {
            Ok(Value::Array(elements)) => Ok(elements),
            _ => Err(Refusal::invalid(name)),
        }
    }

    /// A number that may be absent; otherwise it is in the range.
    pub(super) fn number(&self, name: &'static str, range: RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.parameters.get(name) else { return Ok(None) };
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Refusal::invalid(name)),
        }
    }

    /// A time that may be absent.
    pub(super) fn time(&self, name: &'static str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let Some(text) = self.parameters.get(name) else { return Ok(None) };
        china_time::parse(text).map(Some).ok_or_else(|| Refusal::invalid(name))
    }
}

impl From<Members> for Success {
    fn from(members: Members) -> Self {
        Self { members, failure: None }
    }
}

/// A text member of a JSON parameter. An absent, null or empty member is missing; another type is invalid.
pub(super) fn text_member<'a>(object: &'a Value, name: &'static str) -> Result<&'a str, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Err(Refusal::missing(name)),
        Some(Value::String(text)) if text.is_empty() => Err(Refusal::missing(name)),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Refusal::invalid(name)),
    }
}

/// A number member of a JSON parameter, in a range.
pub(super) fn number_member(object: &Value, name: &'static str, range: RangeInclusive<u64>) -> Result<u64, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Err(Refusal::missing(name)),
        Some(value) => value.as_u64().filter(|number| range.contains(number)).ok_or_else(|| Refusal::invalid(name)),
    }
}
