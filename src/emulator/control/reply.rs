//! The responses of the control endpoints.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, VARY, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::emulator::delivery::Reply;
use crate::emulator::store::shop::ShopError;

/// The reason why a control request is refused.
pub(super) struct Problem {
    status: StatusCode,
    reason: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }

    pub(super) fn bad_request(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }
}

impl From<ShopError> for Problem {
    fn from(error: ShopError) -> Self {
        let status = match error {
            ShopError::UnknownShop => StatusCode::NOT_FOUND,
            ShopError::NameTaken | ShopError::SessionTaken => StatusCode::CONFLICT,
            ShopError::Empty => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        let mut reply = json_reply(problem.status, &json!({"error": problem.reason}));
        if problem.status == StatusCode::UNAUTHORIZED {
            reply.response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        reply
    }
}

pub(super) fn ok(body: &Value) -> Reply {
    json_reply(StatusCode::OK, body)
}

pub(super) fn created(body: &Value) -> Reply {
    json_reply(StatusCode::CREATED, body)
}

/// Whether a browser opens the address as a page.
pub(super) fn wants_html(request: &Request<Bytes>) -> bool {
    let mut accepted = request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    request.method() == Method::GET && accepted.any(|types| types.contains("text/html"))
}

/// Redirects to a page of this server.
pub(super) fn see_other(path: &'static str) -> Reply {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(path));
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    Reply::from(response)
}

fn json_reply(status: StatusCode, body: &Value) -> Reply {
    let mut response = Response::new(Bytes::from(format!("{body}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Reply::from(response)
}
