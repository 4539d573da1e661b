//! A call that has passed the gateway, and what it can come to.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::emulator::answer::Members;
use crate::emulator::request::Parameters;
use crate::emulator::store::State;
use crate::emulator::store::shop::ShopId;

pub(super) struct Call<'a> {
    pub(super) parameters: &'a Parameters,
    pub(super) state: &'a mut State,
    /// The session's shop.
    pub(super) shop: Option<ShopId>,
    pub(super) now: DateTime<Utc>,
}

/// An answer under the method's own root.
pub(super) struct Success {
    pub(super) members: Members,
    /// The code of an answer that says `success: false`.
    pub(super) failure: Option<&'static str>,
}

/// An `error_response`.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) message: Cow<'static, str>,
    pub(super) sub_code: Option<Cow<'static, str>>,
    pub(super) sub_message: Option<Cow<'static, str>>,
}

impl Call<'_> {
    pub(super) fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.parameters.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// The session's shop; the gateway has checked that there is one.
    pub(super) fn session_shop(&self) -> Result<ShopId, Refusal> {
        self.shop.ok_or_else(|| Refusal::new(26, "Missing session"))
    }
}

impl From<Members> for Success {
    fn from(members: Members) -> Self {
        Self { members, failure: None }
    }
}

impl Refusal {
    pub(super) fn new(code: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), sub_code: None, sub_message: None }
    }

    pub(super) fn sub_code(mut self, sub_code: impl Into<Cow<'static, str>>) -> Self {
        self.sub_code = Some(sub_code.into());
        self
    }

    pub(super) fn sub_message(mut self, text: &'static str) -> Self {
        self.sub_message = Some(Cow::Borrowed(text));
        self
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new(40, format!("Missing required arguments:{name}")).sub_code(format!("isv.missing-parameter:{name}"))
    }

    pub(super) fn invalid(name: &str) -> Self {
        Self::new(41, format!("Invalid arguments:{name}")).sub_code(format!("isv.invalid-parameter:{name}"))
    }

    /// The method itself refuses.
    pub(super) fn of_method(sub_code: &'static str) -> Self {
        Self::new(50, "Remote service error").sub_code(sub_code)
    }
}

/// A text member of a JSON parameter: missing if absent, null or empty, invalid if it is no text.
pub(super) fn text_member<'a>(object: &'a Value, name: &'static str) -> Result<&'a str, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Err(Refusal::missing(name)),
        Some(Value::String(text)) if text.is_empty() => Err(Refusal::missing(name)),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Refusal::invalid(name)),
    }
}
