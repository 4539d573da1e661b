//! A call that has passed the gateway, and what it can be refused with.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::Value;

use crate::emulator::china_time;
use crate::emulator::request::Parameters;
use crate::emulator::store::State;

/// A binding must last longer than this.
const SHORTEST_BINDING: TimeDelta = TimeDelta::minutes(1);

pub(super) struct Call<'a> {
    pub(super) parameters: &'a Parameters,
    pub(super) state: &'a mut State,
    pub(super) now: DateTime<Utc>,
}

pub(super) enum Refusal {
    /// By the gateway: an HTTP status of its own, root `Error`.
    Gateway { status: StatusCode, code: Cow<'static, str>, message: Cow<'static, str> },
    /// By the product: HTTP 200, the operation's root, no payload.
    Business { code: &'static str, message: &'static str },
}

impl Refusal {
    pub(super) fn gateway(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Refusal {
        Refusal::Gateway { status, code: code.into(), message: message.into() }
    }

    pub(super) fn missing(name: &'static str) -> Refusal {
        Refusal::gateway(
            StatusCode::BAD_REQUEST,
            format!("Missing{name}"),
            format!("{name} is mandatory for this action."),
        )
    }

    pub(super) fn invalid(name: &'static str) -> Refusal {
        Refusal::gateway(
            StatusCode::BAD_REQUEST,
            format!("Invalid{name}"),
            format!("Specified parameter {name} is not valid."),
        )
    }

    pub(super) fn business(code: &'static str, message: &'static str) -> Refusal {
        Refusal::Business { code, message }
    }

    pub(super) fn illegal_argument(message: &'static str) -> Refusal {
        Refusal::business("isv.ILLEGAL_ARGUMENT", message)
    }

    pub(super) fn code(&self) -> &str {
        match self {
            Refusal::Gateway { code, .. } => code,
            Refusal::Business { code, .. } => code,
        }
    }
}

impl<'a> Call<'a> {
    pub(super) fn optional(&self, name: &'static str) -> Option<&'a str> {
        self.parameters.get(name)
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&'a str, Refusal> {
        self.optional(name).ok_or_else(|| Refusal::missing(name))
    }

    /// `True` and `False` pass too: some documents and clients write them so.
    pub(super) fn boolean(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.optional(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    /// Checks the parameters that both making and changing a binding take, and that the emulator does not act upon.
    pub(super) fn check_call_settings(&self) -> Result<(), Refusal> {
        if !matches!(self.optional("CallDisplayType"), None | Some("1")) {
            return Err(Refusal::illegal_argument("CallDisplayType must be 1"));
        }
        if self.optional("CallTimeout").is_some_and(|text| text.parse::<u32>().is_err()) {
            return Err(Refusal::invalid("CallTimeout"));
        }
        for name in ["RingConfig", "DtmfConfig"] {
            let is_object = |text| matches!(serde_json::from_str(text), Ok(Value::Object(_)));
            if !self.optional(name).is_none_or(is_object) {
                return Err(Refusal::illegal_argument("RingConfig and DtmfConfig must be JSON objects"));
            }
        }
        Ok(())
    }

    pub(super) fn check_pool(&self, pool_key: &str) -> Result<(), Refusal> {
        if self.state.pools.exists(pool_key) {
            Ok(())
        } else {
            Err(Refusal::business("isv.POOLKEY_NOT_EXISTS", "the pool does not exist"))
        }
    }

    /// Reads an expiration: China time, more than a minute away.
    pub(super) fn expiration(&self, text: &str) -> Result<DateTime<Utc>, Refusal> {
        let code = "isv.EXPIRE_DATE_ILLEGAL";
        let time =
            china_time::parse(text).ok_or_else(|| Refusal::business(code, "expireDate is not yyyy-MM-dd HH:mm:ss"))?;
        if time.signed_duration_since(self.now) <= SHORTEST_BINDING {
            return Err(Refusal::business(code, "expireDate less than 1 minutes from now"));
        }
        Ok(time)
    }
}

/// A mobile number, or a fixed line with its area code and no hyphen: digits only.
pub(super) fn check_phone_number(text: &str) -> Result<(), Refusal> {
    if (5..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Refusal::business("isv.MOBILE_NUMBER_ILLEGAL", "the number must be digits only"))
    }
}

/// `None` clears a restriction.
pub(super) fn call_restrict(text: &str) -> Result<Option<String>, Refusal> {
    match text {
        "CONTROL_AX_DISABLE" | "CONTROL_BX_DISABLE" => Ok(Some(text.to_owned())),
        "CONTROL_CLEAR_DISABLE" => Ok(None),
        _ => Err(Refusal::illegal_argument("CallRestrict is unknown")),
    }
}
