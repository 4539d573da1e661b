//! A call that has passed the checks of the gateway, and the refusals that it can get.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::Value;

use crate::emulator::accounts::AccessKey;
use crate::emulator::china_time;
use crate::emulator::request::Parameters;
use crate::emulator::store::State;
use crate::emulator::store::binding::BindingKind;

/// The minimum duration of a binding; it must be longer than this.
const SHORTEST_BINDING: TimeDelta = TimeDelta::minutes(1);

pub(super) struct Call<'a> {
    pub(super) parameters: &'a Parameters,
    pub(super) state: &'a mut State,
    pub(super) now: DateTime<Utc>,
    pub(super) recording_host: RecordingHost<'a>,
}

/// The host that recordings are downloaded from.
#[derive(Clone, Copy)]
pub(super) struct RecordingHost<'a> {
    /// The host name by which the client addresses this server.
    pub(super) host: &'a str,
    /// The key that signs the URLs.
    pub(super) access_key: &'a AccessKey,
}

pub(super) enum Refusal {
    /// The gateway refuses: an HTTP status of its own, root `Error`.
    Gateway { status: StatusCode, code: Cow<'static, str>, message: Cow<'static, str> },
    /// The product refuses: HTTP 200, the operation's root, no payload.
    Business { code: &'static str, message: &'static str },
    /// The product refuses inside a successful answer: `Data` is false, or has a member that is.
    InData { code: &'static str, data: Value },
}

impl Refusal {
    pub(super) fn gateway(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Gateway { status, code: code.into(), message: message.into() }
    }

    pub(super) fn missing(name: impl fmt::Display) -> Self {
        Self::gateway(
            StatusCode::BAD_REQUEST,
            format!("Missing{name}"),
            format!("{name} is mandatory for this action."),
        )
    }

    pub(super) fn invalid(name: impl fmt::Display) -> Self {
        Self::gateway(
            StatusCode::BAD_REQUEST,
            format!("Invalid{name}"),
            format!("Specified parameter {name} is not valid."),
        )
    }

    pub(super) fn business(code: &'static str, message: &'static str) -> Self {
        Self::Business { code, message }
    }

    pub(super) fn illegal_argument(message: &'static str) -> Self {
        Self::business("isv.ILLEGAL_ARGUMENT", message)
    }

    /// The state does not allow the call. The documents call it 无权操作. The message has the reason.
    pub(super) fn forbidden(message: &'static str) -> Self {
        Self::business("isv.FORBIDDEN_ACTION", message)
    }

    pub(super) fn no_such_binding() -> Self {
        Self::business("isv.SUBS_NOT_EXIST", "the binding does not exist")
    }

    pub(super) fn code(&self) -> &str {
        match self {
            Self::Gateway { code, .. } => code,
            Self::Business { code, .. } | Self::InData { code, .. } => code,
        }
    }
}

/// How a call selects bindings: by pool, or by product type (for early customers).
pub(super) struct PoolOrProduct<'a> {
    pub(super) pool_key: Option<&'a str>,
    pub(super) product_type: Option<&'a str>,
}

const PRODUCT_TYPES: [&str; 4] = ["AXB_170", "AXN_170", "AXN_95", "AXN_EXTENSION_REUSE"];

impl<'a> Call<'a> {
    pub(super) fn optional(&self, name: &'static str) -> Option<&'a str> {
        self.parameters.get(name)
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&'a str, Refusal> {
        self.optional(name).ok_or_else(|| Refusal::missing(name))
    }

    /// `True` and `False` are accepted too: some documents and clients use them.
    pub(super) fn boolean(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.optional(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    pub(super) fn integer(&self, name: &'static str) -> Result<Option<i64>, Refusal> {
        self.optional(name).map(|text| text.parse().map_err(|_| Refusal::invalid(name))).transpose()
    }

    /// Checks the parameters that binding and updating share and that have no effect in the emulator.
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

    /// The required `PoolKey`; the pool must exist.
    pub(super) fn pool_key(&self) -> Result<&'a str, Refusal> {
        let pool_key = self.required("PoolKey")?;
        self.check_pool(pool_key)?;
        Ok(pool_key)
    }

    /// Reads `PoolKey` and `ProductType`. At least one of them is required.
    pub(super) fn pool_or_product(&self) -> Result<PoolOrProduct<'a>, Refusal> {
        let product_type = self.optional("ProductType");
        if product_type.is_some_and(|name| !PRODUCT_TYPES.contains(&name)) {
            return Err(Refusal::illegal_argument("ProductType is unknown"));
        }
        let pool_key = self.optional("PoolKey");
        if pool_key.is_none() && product_type.is_none() {
            return Err(Refusal::missing("PoolKey"));
        }
        if let Some(pool_key) = pool_key {
            self.check_pool(pool_key)?;
        }
        Ok(PoolOrProduct { pool_key, product_type })
    }

    /// Checks that the pool supports one of these kinds of bindings.
    pub(super) fn check_pool_kind(&self, pool_key: &str, kinds: &[BindingKind]) -> Result<(), Refusal> {
        if kinds.iter().any(|kind| self.state.pools.supports(pool_key, *kind)) {
            Ok(())
        } else {
            Err(Refusal::forbidden("the pool is not of this kind"))
        }
    }

    /// Checks that an X number belongs to this pool.
    pub(super) fn check_number_x(&self, pool_key: &str, number_x: &str) -> Result<(), Refusal> {
        let pools = &self.state.pools;
        if !pools.any_contains(number_x) {
            return Err(Refusal::business("isv.NO_NOT_EXIST", "the number does not exist"));
        }
        if !pools.contains(pool_key, number_x) {
            return Err(Refusal::forbidden("the number is not in this pool"));
        }
        Ok(())
    }

    /// Parses an expiration: China time, more than a minute from now.
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

/// Checks a mobile number, or a landline with area code and without hyphen: digits only.
pub(super) fn check_phone_number(text: &str) -> Result<(), Refusal> {
    if (5..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Refusal::business("isv.MOBILE_NUMBER_ILLEGAL", "the number must be digits only"))
    }
}

/// Parses a call restriction. `None` removes the restriction.
pub(super) fn call_restrict(text: &str) -> Result<Option<String>, Refusal> {
    match text {
        "CONTROL_AX_DISABLE" | "CONTROL_BX_DISABLE" => Ok(Some(text.to_owned())),
        "CONTROL_CLEAR_DISABLE" => Ok(None),
        _ => Err(Refusal::illegal_argument("CallRestrict is unknown")),
    }
}
