//! What the ledger keeps of a request itself.

use chrono::{DateTime, Utc};

use super::ledger::{Ledger, RequestFacts};
use super::request::{Parameters, Received};
use super::request_kind::GatewayKind;
use super::store::State;

/// More names than any operation has, so that no request fills the memory.
const MOST_NAMES: usize = 100;
const LONGEST_NAME: usize = 64;
const MOST_DIGITS: usize = 3;
/// Stands for names that are not shown: a body in a wrong form may have anything in the place of a name.
const NOT_SHOWN: &str = "?";

/// Must be called before the request is carried out, which may use up the token that tells its shop.
pub(crate) fn of(received: &Received<'_>, state: &State, ledger: &Ledger, time: DateTime<Utc>) -> RequestFacts {
    let path = received.request.uri().path();
    let gateway = GatewayKind::of_path(path);
    let Some(parameters) = received.parameters() else {
        let fingerprint = ledger.fingerprint((path, received.request.uri().query(), received.request.body()));
        return RequestFacts { time, shop: None, parameters: Box::default(), fingerprint };
    };
    let shop = if gateway == Some(GatewayKind::Top) { shop(parameters, state) } else { None };
    let is_business = |name: &str| gateway.is_none_or(|gateway| !gateway.is_system_parameter(name));
    let business: Vec<_> = parameters.iter().filter(|(name, _)| is_business(name)).collect();
    let action = received.request.headers().get("x-acs-action");
    let fingerprint = ledger.fingerprint((path, action, &shop, business));
    RequestFacts { time, shop, parameters: names(parameters), fingerprint }
}

/// The session's or, without one, the client token's.
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
        if number >= MOST_NAMES {
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
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}
