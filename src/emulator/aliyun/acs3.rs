//! Requests that are signed by headers (ACS3), as the newer SDKs do. They are recognized and refused.

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::call::Refusal;

const HINT: &str = "This request is signed by ACS3-HMAC-SHA256, and the emulator verifies signature version 1.0 only. \
    Set signature_algorithm = \"v2\" in the configuration of the SDK's client.";

/// The prefix of `Authorization` decides: requests with signature 1.0 can have `x-acs-` headers too.
pub(super) fn is_used(headers: &HeaderMap) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"ACS3-"))
}

/// The action of a request that is signed by ACS3.
pub(super) fn action(headers: &HeaderMap) -> Option<&str> {
    let action = headers.get("x-acs-action").filter(|_| is_used(headers))?;
    action.to_str().ok()
}

pub(super) fn refusal() -> Refusal {
    Refusal::gateway(StatusCode::BAD_REQUEST, "UnsupportedSignatureAlgorithm", HINT)
}
