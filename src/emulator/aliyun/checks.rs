//! The checks of the gateway before an action runs, in the gateway's order.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{Method, StatusCode};

use super::action::{Action, Product};
use super::actions::action_by_name;
use super::call::Refusal;
use crate::emulator::accounts::AccessKey;
use crate::emulator::answer::PopFormat;
use crate::emulator::context::RequestContext;
use crate::emulator::request::Parameters;
use crate::emulator::signature;
use crate::emulator::store::State;

/// The maximum difference between a timestamp and the gateway's time, in both directions.
const TIMESTAMP_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// A request with a valid signature.
pub(super) struct Verified<'a> {
    pub(super) action: &'static Action,
    pub(super) nonce: &'a str,
}

/// The response format. JSON is the default, and the format in which an invalid `Format` is refused.
pub(crate) fn response_format(parameters: &Parameters) -> PopFormat {
    match parameters.get("Format") {
        Some(format) if format.eq_ignore_ascii_case("XML") => PopFormat::Xml,
        _ => PopFormat::Json,
    }
}

/// Checks everything except the nonce, which needs the state.
pub(super) fn verify<'a>(
    http_method: &Method,
    parameters: &'a Parameters,
    context: &RequestContext<'_>,
) -> Result<Verified<'a>, Refusal> {
    let required = |name| parameters.get(name).ok_or_else(|| Refusal::missing(name));
    self::http_method(http_method)?;
    let action = self::action(required("Action")?, required("Version")?)?;
    method_of_action(action, http_method)?;
    if !parameters.get("Format").is_none_or(is_format) {
        return Err(Refusal::invalid("Format"));
    }
    let key = access_key(required("AccessKeyId")?, context)?;
    timestamp(required("Timestamp")?, context.now)?;
    let nonce = required("SignatureNonce")?;
    if required("SignatureMethod")? != "HMAC-SHA1" {
        return Err(refused("InvalidSignatureMethod", "Specified signature method is not valid."));
    }
    if required("SignatureVersion")? != "1.0" {
        return Err(Refusal::invalid("SignatureVersion"));
    }
    security_token(parameters.get("SecurityToken"), &key)?;
    signature(http_method, required("Signature")?, parameters, &key)?;
    Ok(Verified { action, nonce })
}

pub(super) fn http_method(method: &Method) -> Result<(), Refusal> {
    if matches!(*method, Method::GET | Method::POST) { Ok(()) } else { Err(unsupported_method()) }
}

/// The action of this name, in the product of this version.
pub(super) fn action(name: &str, version: &str) -> Result<&'static Action, Refusal> {
    if Product::from_version(version).is_none() {
        return Err(refused("InvalidVersion", "Specified parameter Version is not valid."));
    }
    action_by_name(name).filter(|action| action.product.version() == version).ok_or_else(|| {
        Refusal::gateway(
            StatusCode::NOT_FOUND,
            "InvalidAction.NotFound",
            "Specified api is not found, please check your url and method.",
        )
    })
}

pub(super) fn method_of_action(action: &Action, method: &Method) -> Result<(), Refusal> {
    if action.post_only && method != Method::POST { Err(unsupported_method()) } else { Ok(()) }
}

fn unsupported_method() -> Refusal {
    refused("UnsupportedHTTPMethod", "This http method is not supported.")
}

/// Refuses a replay. Only a request with a valid signature consumes its nonce.
pub(super) fn nonce(nonce: &str, state: &mut State, now: DateTime<Utc>) -> Result<(), Refusal> {
    if state.nonces.take(nonce, now) {
        Ok(())
    } else {
        Err(refused("SignatureNonceUsed", "Specified signature nonce was used already."))
    }
}

pub(super) fn access_key<'a>(id: &str, context: &'a RequestContext<'_>) -> Result<Cow<'a, AccessKey>, Refusal> {
    context.access_key(id).ok_or_else(|| {
        Refusal::gateway(StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    })
}

pub(super) fn timestamp(text: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ")
        .map_err(|_| refused("InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."))?;
    if now.signed_duration_since(time.and_utc()).abs() > TIMESTAMP_WINDOW {
        let message = "Specified time stamp or date value is expired.";
        return Err(refused("InvalidTimeStamp.Expired", message));
    }
    Ok(())
}

/// A temporary key needs its security token. A permanent key must not have one.
pub(super) fn security_token(sent: Option<&str>, key: &AccessKey) -> Result<(), Refusal> {
    match (sent, key.security_token.as_deref()) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Refusal::missing("SecurityToken")),
        (Some(sent), Some(expected)) if sent == expected => Ok(()),
        (Some(_), _) => Err(refused(
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )),
    }
}

fn signature(http_method: &Method, sent: &str, parameters: &Parameters, key: &AccessKey) -> Result<(), Refusal> {
    let text = signature::pop_string_to_sign(http_method.as_str(), parameters.iter());
    if signature::pop(&key.secret, &text).as_deref() == Some(sent) {
        return Ok(());
    }
    let message = format!("Specified signature is not matched with our calculation. server string to sign is:{text}");
    Err(Refusal::gateway(StatusCode::BAD_REQUEST, "SignatureDoesNotMatch", message))
}

fn is_format(text: &str) -> bool {
    ["JSON", "XML"].iter().any(|format| text.eq_ignore_ascii_case(format))
}

pub(super) fn refused(code: &'static str, message: &'static str) -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, code, message)
}
