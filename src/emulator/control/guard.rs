//! Decides who can use the control endpoints: programs on this machine, or whoever has the control token. No web page
//! of another site can use them.
//!
//! A page of another site can send requests to 127.0.0.1. With a host name that resolves to 127.0.0.1 (DNS rebinding)
//! it could also read the responses. Browsers send correct `Origin` and `Host` headers, and they send JSON to another
//! site only after a preflight request, which is refused here. A page of another site does not have the control token.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderValue, Request, StatusCode, Uri};
use subtle::ConstantTimeEq;

use super::reply::{Problem, wants_html};

/// The endpoints that need no control token. A browser that opens a page cannot send one, so the page asks for it.
const WITHOUT_TOKEN: [&str; 2] = ["health", "console"];

/// Checks a request for an endpoint. `token` is the control token if there is one.
pub(super) fn check(path: &str, request: &Request<Bytes>, token: Option<&str>) -> Result<(), Problem> {
    match token {
        None => check_loopback(request)?,
        Some(token) => {
            check_same_origin(request)?;
            let opens_page = path.is_empty() && wants_html(request);
            if !WITHOUT_TOKEN.contains(&path) && !opens_page && !has_token(request, token) {
                let reason = "send the control token, with the header Authorization: Bearer <token>";
                return Err(Problem::new(StatusCode::UNAUTHORIZED, reason));
            }
        }
    }
    let mut types = request.headers().get_all(CONTENT_TYPE).iter().peekable();
    let is_json = if types.peek().is_none() { request.body().is_empty() } else { types.all(is_json) };
    if !is_json {
        let reason = "the body must be JSON, with the header Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    Ok(())
}

/// Without a token the server listens on a loopback address only, so only loopback hosts are allowed.
fn check_loopback(request: &Request<Bytes>) -> Result<(), Problem> {
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
    Ok(())
}

fn check_same_origin(request: &Request<Bytes>) -> Result<(), Problem> {
    let headers = request.headers();
    let host = headers.get(HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
    let is_same = |origin: &HeaderValue| {
        let authority = authority_of_origin(origin);
        authority.is_some() && authority == host
    };
    if headers.get_all(ORIGIN).iter().all(is_same) {
        return Ok(());
    }
    let reason = "the Origin must be this server: web pages of other sites cannot use the control endpoints";
    Err(Problem::new(StatusCode::FORBIDDEN, reason))
}

/// The comparison takes the same time wherever the tokens differ.
fn has_token(request: &Request<Bytes>, token: &str) -> bool {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Some((scheme, sent)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else { return false };
    scheme.eq_ignore_ascii_case("Bearer") && bool::from(sent.trim().as_bytes().ct_eq(token.as_bytes()))
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

fn origin_is_loopback(origin: &HeaderValue) -> bool {
    authority_of_origin(origin).as_ref().is_some_and(authority_is_loopback)
}

/// `None` for `null`, the origin of pages without one.
fn authority_of_origin(origin: &HeaderValue) -> Option<Authority> {
    let origin = Uri::try_from(origin.as_bytes()).ok()?;
    origin.scheme()?;
    origin.into_parts().authority
}

fn is_json(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
