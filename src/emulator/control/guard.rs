//! Restricts the control endpoints to programs on this machine, so that no web page in a browser can use them.
//!
//! A page of another site can send requests to 127.0.0.1. With a host name that resolves to 127.0.0.1 (DNS rebinding)
//! it could also read the responses. Browsers send correct `Origin` and `Host` headers, and they send JSON to another
//! site only after a preflight request, which is refused here.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderValue, Request, StatusCode, Uri};

use super::reply::Problem;

/// Allows only loopback hosts, since the server listens on 127.0.0.1 only.
pub(super) fn check(request: &Request<Bytes>) -> Result<(), Problem> {
    let headers = request.headers();
    // Every browser sends `Host`. A request in process has none.
    let is_allowed_host = headers.get_all(HOST).iter().all(|host| host_is_loopback(host.as_bytes()))
        && request.uri().authority().is_none_or(authority_is_loopback);
    if !is_allowed_host {
        let reason = "the Host must be localhost or a loopback address: only programs on this machine can use the control endpoints";
        return Err(Problem::new(StatusCode::FORBIDDEN, reason));
    }
    if !headers.get_all(ORIGIN).iter().all(origin_is_loopback) {
        let reason = "the Origin must be localhost or a loopback address: web pages cannot use the control endpoints";
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

/// `null`, the origin of pages without one, is not a loopback address.
fn origin_is_loopback(origin: &HeaderValue) -> bool {
    let Ok(origin) = Uri::try_from(origin.as_bytes()) else { return false };
    origin.scheme().is_some() && origin.authority().is_some_and(authority_is_loopback)
}

fn is_json(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
