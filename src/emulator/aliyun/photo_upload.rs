//! The file store to which photos of reports are uploaded by a form, as OSS PostObject does it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::form_data::{self, Part};
use crate::emulator::answer::{GatewayResponse, Members, PopFormat, members};
use crate::emulator::context::RequestContext;
use crate::emulator::ledger::Decision;
use crate::emulator::request::Received;
use crate::emulator::signature;

/// The path of the file store.
pub(crate) const PATH: &str = "/_emulator/uploads";
/// The name of uploads in the ledger. It is not an operation of a gateway.
pub(crate) const OPERATION: &str = "upload";

/// The path that all files begin with.
const START_PATH: &str = "100001";
/// The key that signs permissions. It signs nothing else.
const KEY_ID: &str = "emulator-upload-key-id";
const KEY_SECRET: &str = "emulator-upload-key-secret";
/// How long a permission lasts.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);
const MAX_BYTES: usize = 2_000_000;

/// An error of the file store.
struct StoreError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn denied(message: &'static str) -> StoreError {
    StoreError { status: StatusCode::FORBIDDEN, code: "AccessDenied", message }
}

const fn invalid(message: &'static str) -> StoreError {
    StoreError { status: StatusCode::BAD_REQUEST, code: "InvalidArgument", message }
}

/// A permission to upload. It contains everything that is needed to check it, so that no state is kept.
pub(super) fn policy(host: &str, now: DateTime<Utc>) -> Members {
    let expires = now.checked_add_signed(LIFETIME).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let document = json!({
        "expiration": expires.to_rfc3339_opts(SecondsFormat::Millis, true),
        "conditions": [["starts-with", "$key", format!("{START_PATH}/")], ["content-length-range", 0, MAX_BYTES]],
    });
    let policy = STANDARD.encode(document.to_string());
    let signature = signature::oss(KEY_SECRET, &policy).unwrap_or_default();
    members([
        ("Host", Value::from(format!("http://{host}{PATH}"))),
        ("StartPath", Value::from(START_PATH)),
        ("Policy", Value::from(policy)),
        ("AccessKeyId", Value::from(KEY_ID)),
        ("Signature", Value::from(signature)),
        ("ExpireTime", Value::from(expires.timestamp().to_string())),
    ])
}

/// Answers a request for [`PATH`].
pub(crate) fn respond(received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
    match store(received, context) {
        Ok(status) => GatewayResponse {
            status,
            content_type: "application/xml",
            body: Bytes::new(),
            decision: Decision::executed(OPERATION),
        },
        Err(StoreError { status, code, message }) => {
            let request_id = context.pop_request_id();
            let decision = Decision::refused(OPERATION, code).with_request_id(&request_id);
            let error = members([
                ("Code", Value::from(code)),
                ("Message", Value::from(message)),
                ("RequestId", Value::from(request_id)),
            ]);
            let body = Bytes::from(PopFormat::Xml.write("Error", error));
            GatewayResponse { status, content_type: "application/xml", body, decision }
        }
    }
}

/// Checks the form and keeps the hash of its file. Returns the status of the success that the form asks for.
fn store(received: &Received<'_>, context: &RequestContext<'_>) -> Result<StatusCode, StoreError> {
    let request = received.request;
    if request.method() != Method::POST {
        let message = "The specified method is not allowed against this resource.";
        return Err(StoreError { status: StatusCode::METHOD_NOT_ALLOWED, code: "MethodNotAllowed", message });
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let parts = form_data::parse(content_type, request.body())
        .ok_or(invalid("The body of your POST request is not well-formed multipart/form-data."))?;
    let Some((file, fields)) = parts.split_last().filter(|(file, _)| file.is_file) else {
        return Err(invalid("POST requires exactly one file upload per request, as the last form field."));
    };
    if fields.iter().any(|field| field.is_file) {
        return Err(invalid("POST requires exactly one file upload per request."));
    }
    let path = check_policy(fields, file.content.len(), context.now)?;
    let hash = signature::sha256_hex(file.content);
    context.lock_state().number_reports.add_photo(path.to_owned(), hash);
    Ok(match value(fields, "success_action_status") {
        Some("200") => StatusCode::OK,
        Some("201") => StatusCode::CREATED,
        _ => StatusCode::NO_CONTENT,
    })
}

fn value<'a>(fields: &[Part<'a>], name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.name == name).and_then(|field| std::str::from_utf8(field.content).ok())
}

/// Checks the permission, and the path and the length by it. Returns the path.
fn check_policy<'a>(fields: &[Part<'a>], length: usize, now: DateTime<Utc>) -> Result<&'a str, StoreError> {
    let path = value(fields, "key").ok_or(invalid("Bucket POST must contain a field named 'key'."))?;
    let field = |name| value(fields, name).ok_or(denied("The form has no OSSAccessKeyId, policy or Signature."));
    let (id, policy, signature) = (field("OSSAccessKeyId")?, field("policy")?, field("Signature")?);
    if id != KEY_ID {
        let message = "The OSS Access Key Id you provided does not exist in our records.";
        return Err(StoreError { status: StatusCode::FORBIDDEN, code: "InvalidAccessKeyId", message });
    }
    if signature::oss(KEY_SECRET, policy).as_deref() != Some(signature) {
        let message = "The request signature we calculated does not match.";
        return Err(StoreError { status: StatusCode::FORBIDDEN, code: "SignatureDoesNotMatch", message });
    }
    let document = STANDARD.decode(policy).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let document = document.unwrap_or_default();
    let expires = document.get("expiration").and_then(Value::as_str).map(DateTime::parse_from_rfc3339);
    if !expires.is_some_and(|expires| expires.is_ok_and(|expires| now < expires)) {
        return Err(denied("Invalid according to Policy: Policy expired."));
    }
    let name = path.strip_prefix(START_PATH).and_then(|rest| rest.strip_prefix('/'));
    if name.is_none_or(str::is_empty) {
        return Err(denied("Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\"]"));
    }
    if length > MAX_BYTES {
        let message = "Your proposed upload exceeds the maximum allowed size.";
        return Err(StoreError { status: StatusCode::BAD_REQUEST, code: "EntityTooLarge", message });
    }
    Ok(path)
}
