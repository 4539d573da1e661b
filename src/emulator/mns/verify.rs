//! Whether a request comes from the holder of a valid token for the queue.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{HeaderMap, Request};
use md5::{Digest, Md5};

use super::protocol::VERSION_HEADER;
use super::refusal::{
    INVALID_ACCESS_KEY, INVALID_AUTHORIZATION, INVALID_DATE, INVALID_DIGEST, MISSING_AUTHORIZATION, MISSING_DATE,
    MISSING_VERSION, OTHER_QUEUE, Refusal, SIGNATURE_MISMATCH, TIME_EXPIRED, WRONG_TOKEN,
};
use crate::emulator::signature;
use crate::emulator::store::queue_token::QueueTokens;

/// How much the time of a request can differ from the clock.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(15);

pub(super) fn verify(
    request: &Request<Bytes>,
    queue: &str,
    tokens: &QueueTokens,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let headers = request.headers();
    let authorization = header(headers, "authorization").ok_or(MISSING_AUTHORIZATION)?;
    let credentials = authorization.strip_prefix("MNS ").and_then(|credentials| credentials.split_once(':'));
    let (id, sent_signature) = credentials.ok_or(INVALID_AUTHORIZATION)?;
    header(headers, VERSION_HEADER).ok_or(MISSING_VERSION)?;
    check_date(headers, now)?;
    check_digest(headers, request.body())?;
    let token = tokens.valid(id, now).ok_or(INVALID_ACCESS_KEY)?;
    let resource = request.uri().path_and_query().map_or("/", |resource| resource.as_str());
    let text = signature::mns_string_to_sign(request.method().as_str(), headers, resource);
    if signature::mns(&token.access_key_secret, &text).as_deref() != Some(sent_signature) {
        return Err(SIGNATURE_MISMATCH);
    }
    if header(headers, "security-token") != Some(&token.security_token) {
        return Err(WRONG_TOKEN);
    }
    if token.queue_name != queue {
        return Err(OTHER_QUEUE);
    }
    Ok(())
}

fn check_date(headers: &HeaderMap, now: DateTime<Utc>) -> Result<(), Refusal> {
    let text = header(headers, "x-mns-date").or_else(|| header(headers, "date")).ok_or(MISSING_DATE)?;
    let date = NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").map_err(|_| INVALID_DATE)?;
    let is_near = now.signed_duration_since(date.and_utc()).abs() <= MAX_SKEW;
    if is_near { Ok(()) } else { Err(TIME_EXPIRED) }
}

/// The documents describe the digest in base64; the official Python client sends its hexadecimal text in base64.
fn check_digest(headers: &HeaderMap, body: &Bytes) -> Result<(), Refusal> {
    let Some(sent) = header(headers, "content-md5") else { return Ok(()) };
    let digest = Md5::digest(body);
    let hexadecimal = signature::upper_hex(&digest).to_ascii_lowercase();
    let is_valid = sent == STANDARD.encode(digest) || sent == STANDARD.encode(hexadecimal);
    if is_valid { Ok(()) } else { Err(INVALID_DIGEST) }
}

/// An empty header counts as missing.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty())
}
