//! The signature of requests for the queues of receipts.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use http::header::AUTHORIZATION;

use super::explanation::{Explanation, Text, Verdict};
use crate::emulator::signature;
use crate::emulator::store::State;

const SCHEME: &str = "HMAC-SHA1";

/// The masked text has no token and no handle of a message.
pub(super) fn explain(request: &Request<Bytes>, state: &State, now: DateTime<Utc>) -> Option<Explanation> {
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credentials = authorization.and_then(|text| text.strip_prefix("MNS ")?.split_once(':'));
    let Some((id, came)) = credentials else { return Some(Explanation::new(SCHEME, Verdict::Missing)) };
    let Some(token) = state.queue_tokens.valid(id, now) else {
        let explained = Explanation::new(SCHEME, Verdict::UnknownKey);
        return Some(Explanation { sent: Some(came.to_owned()), ..explained });
    };
    let resource = request.uri().path_and_query().map_or("/", |resource| resource.as_str());
    let text = |resource: &str| signature::mns_string_to_sign(request.method().as_str(), request.headers(), resource);
    let whole = text(resource);
    let without_handle = resource.split_once("ReceiptHandle=").map(|(before, _)| format!("{before}ReceiptHandle=..."));
    let masked = without_handle.map_or_else(|| whole.clone(), |resource| text(&resource));
    let expected = signature::mns(&token.access_key_secret, &whole);
    Some(Explanation::compared(SCHEME, Some(came), expected, Text { whole, masked }))
}
