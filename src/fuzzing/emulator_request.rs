use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response};
use reqwest::Url;

use super::message::{Message, split_once};
use crate::answer::parse_xml;
use crate::emulator::{Clock, Emulator, Gateways};
use crate::params::Params;
use crate::redact::Secret;
use crate::sign::pop::{HttpMethod, signature, string_to_sign};
use crate::sign::top::{SignMethod, sign, sorted_text};
use crate::time::{china_text, utc_text};

/// The most requests of one input, to keep each run fast.
const MAX_REQUESTS: usize = 8;

/// Sends requests to one emulator: each one unchanged, then once more with the missing parameters and a signature. A
/// request is `POST /`, header lines, an empty line and the body; a line of `---` separates requests. Every answer must
/// be well formed, and no signature of this crate may be refused.
pub fn emulator_request(text: &[u8]) {
    let time = "2026-01-06T02:00:00Z".parse().unwrap();
    let gateways = Emulator::builder().clock(Clock::stopped_at(time)).build();
    let mut may_have_faults = false;
    for (number, request) in parts(text).take(MAX_REQUESTS).filter_map(parse).enumerate() {
        may_have_faults |= request.uri().path() == "/_emulator/faults";
        let signed = signed(&request, &gateways, number);
        assert_is_well_formed(&gateways.respond(request), may_have_faults);
        let Some(signed) = signed else { continue };
        assert_is_well_formed(&gateways.respond(signed), may_have_faults);
        let code = gateways.ledger().entries().pop().unwrap().code;
        assert!(may_have_faults || !["25", "SignatureDoesNotMatch"].contains(&&*code), "{code}");
    }
}

/// The parts of a text between lines of `---`.
fn parts(mut text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let (part, rest) = split_once(text, b"\n---\n").unwrap_or_else(|| {
            is_over = true;
            (text, b"")
        });
        text = rest;
        Some(part)
    })
}

/// `None` if the first line is not valid HTTP.
fn parse(text: &[u8]) -> Option<Request<Bytes>> {
    let Message { first_line, headers, body } = Message::parse(text);
    let (method, target) = first_line.split_once(' ')?;
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = method.parse().ok()?;
    *request.uri_mut() = target.parse().ok()?;
    *request.headers_mut() = headers;
    Some(request)
}

/// A POST with the parameters of a request, completed and signed.
fn signed(request: &Request<Bytes>, gateways: &Gateways, number: usize) -> Option<Request<Bytes>> {
    let mut url = Url::parse("http://127.0.0.1/").unwrap();
    let mut given = BTreeMap::new();
    for form in [request.uri().query().unwrap_or_default().as_bytes(), request.body()] {
        url.set_query(Some(&String::from_utf8_lossy(form)));
        given.extend(url.query_pairs().into_owned());
    }
    let path = request.uri().path();
    let params = match path {
        "/router/rest" => signed_for_top(given, gateways),
        "/" => signed_for_aliyun(given, gateways, number),
        _ => return None,
    };
    let mut form = Request::new(Bytes::from(params.form_encoded()));
    *form.method_mut() = Method::POST;
    *form.uri_mut() = path.parse().unwrap();
    form.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    Some(form)
}

fn signed_for_top(mut given: BTreeMap<String, String>, gateways: &Gateways) -> Params {
    given.retain(|name, value| !name.is_empty() && !value.is_empty() && name != "sign");
    given.entry("session".to_owned()).or_insert_with(|| "emulator-session".to_owned());
    let method = SignMethod::HmacSha256;
    let own = [
        ("app_key", "12345678"),
        ("v", "2.0"),
        ("timestamp", &china_text(&gateways.clock().now())),
        ("sign_method", method.as_str()),
    ];
    let mut params = with_own(given, &own);
    let sign = sign(method, &Secret::from("emulator-app-secret"), &sorted_text(&params));
    params.push("sign", sign);
    params
}

fn signed_for_aliyun(mut given: BTreeMap<String, String>, gateways: &Gateways, number: usize) -> Params {
    given.remove("Signature");
    given.remove("SecurityToken");
    given.entry("Version".to_owned()).or_insert_with(|| "2017-05-25".to_owned());
    let own = [
        ("AccessKeyId", "emulator-access-key-id"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &format!("nonce {number}")),
        ("Timestamp", &utc_text(gateways.clock().now())),
    ];
    let mut params = with_own(given, &own);
    let text = string_to_sign(HttpMethod::Post, &params);
    let signature = signature(&Secret::from("emulator-access-key-secret"), &text);
    params.push("Signature", signature);
    params
}

fn with_own(mut given: BTreeMap<String, String>, own: &[(&str, &str)]) -> Params {
    given.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    given.into_iter().collect()
}

fn assert_is_well_formed(response: &Response<Bytes>, may_be_corrupted: bool) {
    assert!(response.status().as_u16() >= 200);
    let kind = response.headers().get(CONTENT_TYPE).unwrap().to_str().unwrap();
    let body = response.body();
    if may_be_corrupted {
        return;
    }
    if kind.contains("xml") {
        assert!(parse_xml(body).is_ok(), "{body:?}");
    } else if kind.contains("json") || kind.contains("javascript") {
        assert!(serde_json::from_slice::<serde_json::Value>(body).is_ok(), "{body:?}");
    }
}
