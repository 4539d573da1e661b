//! Keeps the control endpoints to programs on this machine: a web page that a browser shows must not reach them.
//!
//! A page of another site can send requests to 127.0.0.1, and with a name of its own that resolves to 127.0.0.1 (DNS
//! rebinding) it could read the answers. Browsers tell the truth in `Origin` and `Host`, and send JSON to another site
//! only after a preflight request, which is refused here.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderValue, Request, StatusCode, Uri};

use super::reply::Problem;

/// The server listens on 127.0.0.1 alone, so only its names and those of the other loopback addresses are its own.
pub(super) fn check(request: &Request<Bytes>) -> Result<(), Problem> {
    let headers = request.headers();
    // Every browser sends `Host`; a call in process has none.
    let is_own_host = headers.get_all(HOST).iter().all(|host| host_is_loopback(host.as_bytes()))
        && request.uri().authority().is_none_or(authority_is_loopback);
    if !is_own_host {
        let reason = "the Host must be localhost or a loopback address: the controls are for programs on this machine";
        return Err(Problem::new(StatusCode::FORBIDDEN, reason));
    }
    if !headers.get_all(ORIGIN).iter().all(origin_is_loopback) {
        let reason = "the Origin must be localhost or a loopback address: the controls are not for web pages";
        return Err(Problem::new(StatusCode::FORBIDDEN, reason));
    }
    let mut types = headers.get_all(CONTENT_TYPE).iter().peekable();
    let is_json = if types.peek().is_none() { request.body().is_empty() } else { types.all(is_json) };
    if !is_json {
        let reason = "the body must be JSON, with the header Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    Ok(())
}

fn host_is_loopback(host: &[u8]) -> bool {
    Authority::try_from(host).is_ok_and(|authority| authority_is_loopback(&authority))
}

fn authority_is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let without_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match without_brackets {
        Some(address) => address.parse() == Ok(Ipv6Addr::LOCALHOST),
        None => {
            host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        }
    }
}

/// `null`, which pages without an origin of their own send, is no loopback address.
fn origin_is_loopback(origin: &HeaderValue) -> bool {
    let Ok(origin) = Uri::try_from(origin.as_bytes()) else { return false };
    origin.scheme().is_some() && origin.authority().is_some_and(authority_is_loopback)
}

fn is_json(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
