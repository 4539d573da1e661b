//! The checks of the gateway before a method runs, in the gateway's order.

use chrono::{DateTime, TimeDelta, Utc};

use super::method::Method;
use super::methods::method_by_name;
use super::refusal::Refusal;
use crate::emulator::answer::TopFormat;
use crate::emulator::china_time;
use crate::emulator::context::RequestContext;
use crate::emulator::request::Parameters;
use crate::emulator::signature;
use crate::emulator::store::State;
use crate::emulator::store::shop::{SessionState, ShopId};

/// The maximum difference between a timestamp and the gateway's time, in both directions.
const TIMESTAMP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// The response format. XML is the default, and the format in which an invalid `format` is refused.
pub(crate) fn response_format(parameters: &Parameters) -> TopFormat {
    match (parameters.get("format"), parameters.get("simplify")) {
        (Some("json"), Some("true")) => TopFormat::SimplifiedJson,
        (Some("json"), _) => TopFormat::Json,
        _ => TopFormat::Xml,
    }
}

/// Checks everything except the session, which needs the state.
pub(super) fn verify(parameters: &Parameters, context: &RequestContext<'_>) -> Result<&'static Method, Refusal> {
    let Some(name) = parameters.get("method") else {
        let refusal = Refusal::new(21, "Missing method");
        return Err(refusal.sub_message("http传入的参数加入method字段"));
    };
    let method = method_by_name(name).ok_or_else(|| Refusal::new(22, "Invalid method"))?;
    let app_key = parameters.get("app_key").ok_or_else(|| Refusal::new(28, "Missing app Key"))?;
    let Some(app_secret) = context.app_secret(app_key) else {
        return Err(Refusal::new(29, "Invalid app Key").sub_code("isv.appkey-not-exists"));
    };
    timestamp(parameters, context.now)?;
    version(parameters)?;
    if !matches!(parameters.get("format"), None | Some("xml" | "json")) {
        return Err(Refusal::new(23, "Invalid format"));
    }
    let sign = parameters.get("sign").ok_or_else(|| Refusal::new(24, "Missing signature"))?;
    let sign_method = parameters.get("sign_method").unwrap_or_default();
    let expected = signature::top(sign_method, &app_secret, parameters.iter());
    if expected.as_deref() != Some(sign) {
        return Err(Refusal::new(25, "Invalid signature"));
    }
    Ok(method)
}

/// The shop of the session. A session is checked even if the method needs none.
pub(super) fn session(method: &Method, parameters: &Parameters, state: &State) -> Result<Option<ShopId>, Refusal> {
    let Some(session) = parameters.get("session") else {
        return if method.needs_session { Err(Refusal::new(26, "Missing session")) } else { Ok(None) };
    };
    match state.shops.session_state(session) {
        SessionState::Valid(shop) => Ok(Some(shop)),
        SessionState::Expired(_) => {
            Err(Refusal::new(27, "Invalid session:session-expired").sub_code("session-expired"))
        }
        SessionState::Unknown => Err(Refusal::new(27, "Invalid session")
            .sub_code("invalid-sessionkey")
            .sub_message("非法或过期的SessionKey参数，请使用有效的SessionKey参数")),
    }
}

/// Whether a parameter belongs to the request and not to the method. Attempts of one call can differ in it.
pub(crate) fn is_system_parameter(name: &str) -> bool {
    matches!(
        name,
        "app_key"
            | "format"
            | "partner_id"
            | "session"
            | "sign"
            | "sign_method"
            | "simplify"
            | "target_app_key"
            | "timestamp"
            | "v"
    )
}

fn timestamp(parameters: &Parameters, now: DateTime<Utc>) -> Result<(), Refusal> {
    let text = parameters.get("timestamp").ok_or_else(|| Refusal::new(30, "Missing timestamp"))?;
    // Official clients in some languages send milliseconds since 1970 instead of the documented text.
    let time = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok().and_then(DateTime::from_timestamp_millis)
    } else {
        china_time::parse(text)
    };
    match time {
        Some(time) if now.signed_duration_since(time).abs() <= TIMESTAMP_WINDOW => Ok(()),
        _ => Err(Refusal::new(31, "Invalid timestamp")),
    }
}

fn version(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.get("v") {
        None => Err(Refusal::new(32, "Missing version")),
        Some("2.0") => Ok(()),
        Some(other) if other.split('.').all(|part| part.parse::<u16>().is_ok()) => {
            Err(Refusal::new(34, "Unsupported version"))
        }
        Some(_) => Err(Refusal::new(33, "Invalid version")),
    }
}
