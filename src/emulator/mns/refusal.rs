//! The error codes of the message service.

use http::StatusCode;
use serde_json::Value;

use super::protocol::{CONTENT_TYPE, HOST_ID, document};
use crate::emulator::answer::{GatewayResponse, members};
use crate::emulator::ledger::Decision;
use crate::emulator::store::queue::DeleteError;

/// The name by which a fault applies to every operation on queues.
pub(crate) const ALL_OPERATIONS: &str = "mns";

/// A refusal: a code and a text.
#[derive(Clone, Copy)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

pub(super) const MISSING_AUTHORIZATION: Refusal =
    Refusal::new("MissingAuthorizationHeader", "Authorization header is required.");
pub(super) const INVALID_AUTHORIZATION: Refusal =
    Refusal::new("InvalidAuthorizationHeader", "The Authorization header format is invalid.");
pub(super) const MISSING_DATE: Refusal = Refusal::new("MissingDateHeader", "Date header is required.");
pub(super) const INVALID_DATE: Refusal = Refusal::new("InvalidDateHeader", "The Date header format is invalid.");
pub(super) const MISSING_VERSION: Refusal = Refusal::new("MissingVersionHeader", "x-mns-version header is required.");
pub(super) const TIME_EXPIRED: Refusal = Refusal::new("TimeExpired", "The http request you sent is expired.");
pub(super) const INVALID_DIGEST: Refusal = Refusal::new("InvalidDegist", "The Content-MD5 you specified is invalid.");
pub(super) const INVALID_ACCESS_KEY: Refusal =
    Refusal::new("InvalidAccessKeyId", "The AccessKey Id you provided is not exist.");
pub(super) const SIGNATURE_MISMATCH: Refusal = Refusal::new(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
);
pub(super) const WRONG_TOKEN: Refusal = Refusal::new("AccessDenied", "The security token does not belong to the key.");
pub(super) const OTHER_QUEUE: Refusal = Refusal::new("AccessDenied", "The token is for another queue.");
pub(super) const NOT_ALLOWED: Refusal =
    Refusal::new("AccessDenied", "The token allows receiving and deleting messages only.");
pub(super) const QUEUE_NOT_EXIST: Refusal = Refusal::new("QueueNotExist", "The queue name you provided is not exist.");
pub(super) const MESSAGE_NOT_EXIST: Refusal = Refusal::new("MessageNotExist", "Message not exist.");
pub(super) const HANDLE_ERROR: Refusal =
    Refusal::new("ReceiptHandleError", "The receipt handle you provide is not valid.");
pub(super) const INVALID_ARGUMENT: Refusal =
    Refusal::new("InvalidArgument", "The value of a parameter is out of range.");
pub(super) const INVALID_QUERY_STRING: Refusal =
    Refusal::new("InvalidQueryString", "Http request URL contains invalid querystring item.");
pub(super) const MALFORMED_XML: Refusal = Refusal::new("MalformedXML", "The XML you provided was not well-formed.");

/// Builds the answer for an error code without a request.
pub(crate) fn refusal_response(code: &str, operation: &'static str, request_id: &str) -> GatewayResponse {
    let message = match code {
        "TooManyRequests" => "The request is denied by cluster flow limiter for too many requests.",
        "QpsLimitExceeded" => "The qps limit of the queue is exceeded",
        "MessageNotExist" => MESSAGE_NOT_EXIST.message,
        _ => "a fault of the emulator",
    };
    answer(code, message, Decision::refused(operation, code.to_owned()), request_id)
}

impl Refusal {
    const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code, message }
    }

    pub(super) fn answer(self, operation: &'static str, request_id: &str) -> GatewayResponse {
        answer(self.code, self.message, Decision::refused(operation, self.code), request_id)
    }
}

impl From<DeleteError> for Refusal {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::Malformed => HANDLE_ERROR,
            DeleteError::NotExist => MESSAGE_NOT_EXIST,
        }
    }
}

fn answer(code: &str, message: &str, decision: Decision, request_id: &str) -> GatewayResponse {
    let error = members([
        ("Code", Value::from(code)),
        ("Message", Value::from(message)),
        ("RequestId", Value::from(request_id)),
        ("HostId", Value::from(HOST_ID)),
    ]);
    GatewayResponse {
        status: status(code),
        content_type: CONTENT_TYPE,
        body: document("Error", &error).into(),
        decision: decision.with_request_id(request_id),
    }
}

fn status(code: &str) -> StatusCode {
    match code {
        "AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" => StatusCode::FORBIDDEN,
        "MessageNotExist" | "QueueNotExist" => StatusCode::NOT_FOUND,
        "TimeExpired" => StatusCode::REQUEST_TIMEOUT,
        "TooManyRequests" => StatusCode::TOO_MANY_REQUESTS,
        "InternalError" | "InternalServerError" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}
