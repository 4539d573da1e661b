//! The part of a ledger entry that depends on the request alone.

use chrono::{DateTime, Utc};

use super::ledger::{Ledger, RequestFacts};
use super::request::{Parameters, Received};
use super::request_kind::GatewayKind;
use super::store::State;

/// The maximum number of names that are kept. No operation has more parameters.
const MAX_NAMES: usize = 100;
const MAX_NAME_LENGTH: usize = 64;
const MAX_DIGITS: usize = 3;
/// Replaces the names that are not shown. In a body that is not a form, a name could be any data.
const NOT_SHOWN: &str = "?";

/// Collects the facts. Call it before the request is executed, since that can consume the token that identifies the
/// shop.
pub(crate) fn collect(received: &Received<'_>, state: &State, ledger: &Ledger, time: DateTime<Utc>) -> RequestFacts {
    let path = received.request.uri().path();
    let gateway = GatewayKind::from_path(path);
    let Some(parameters) = received.parameters() else {
        let fingerprint = ledger.fingerprint((path, received.request.uri().query(), received.request.body()));
        return RequestFacts { time, shop: None, parameters: Box::default(), fingerprint };
    };
    let shop = if gateway == Some(GatewayKind::Top) { shop(parameters, state) } else { None };
    let is_business = |name: &str| gateway.is_none_or(|gateway| !gateway.is_system_parameter(name));
    let business: Vec<_> = parameters.iter().filter(|(name, _)| is_business(name)).collect();
    let action = received.request.headers().get("x-acs-action");
    // A batch names its messages in the body.
    let body = (gateway == Some(GatewayKind::Mns)).then(|| (received.request.method(), received.request.body()));
    let fingerprint = ledger.fingerprint((path, action, &shop, business, body));
    RequestFacts { time, shop, parameters: names(parameters), fingerprint }
}

/// The shop of the session or, without a session, of the client token.
fn shop(parameters: &Parameters, state: &State) -> Option<String> {
    let shop = match (parameters.get("session"), parameters.get("sec_once_token")) {
        (Some(session), _) => state.shops.session_state(session).shop()?,
        (None, token) => state.client_tokens.shop(token?)?,
    };
    state.shops.get(shop).map(|shop| shop.name.clone())
}

fn names(parameters: &Parameters) -> Box<str> {
    let mut names = String::new();
    let mut is_whole = true;
    for (number, (name, _)) in parameters.iter().enumerate() {
        if number >= MAX_NAMES {
            is_whole = false;
            break;
        }
        if is_shown(name) {
            push(name, &mut names);
        } else {
            is_whole = false;
        }
    }
    if !is_whole {
        push(NOT_SHOWN, &mut names);
    }
    names.into_boxed_str()
}

fn push(name: &str, into: &mut String) {
    if !into.is_empty() {
        into.push(' ');
    }
    into.push_str(name);
}

fn is_shown(name: &str) -> bool {
    name.len() <= MAX_NAME_LENGTH
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}
