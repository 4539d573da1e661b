//! Recordings as an object store serves them, under signed URLs.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use serde_json::Value;

use super::call::RecordingHost;
use crate::emulator::answer::{GatewayResponse, PopFormat, members};
use crate::emulator::context::RequestContext;
use crate::emulator::ledger::Decision;
use crate::emulator::request::Received;
use crate::emulator::signature;

/// The prefix of the paths of recordings.
pub(crate) const PATH: &str = "/_emulator/recordings/";
/// The name of downloads in the ledger. It is not an operation of a gateway.
pub(crate) const OPERATION: &str = "recording";

/// The maximum duration of a file in seconds. Longer recordings are cut off.
const LONGEST: u32 = 600;

const SAMPLES_PER_SECOND: u32 = 8000;
/// One period of a tone of 400 Hz.
const PERIOD: [u8; 20] =
    [144, 144, 144, 144, 144, 144, 144, 144, 144, 144, 112, 112, 112, 112, 112, 112, 112, 112, 112, 112];

/// An error of the object store.
struct StoreError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

/// A URL of this server. It contains everything that is needed to serve the file, so that no state is kept.
pub(super) fn url(
    name: &str,
    duration: TimeDelta,
    lifetime: TimeDelta,
    host: RecordingHost<'_>,
    now: DateTime<Utc>,
) -> String {
    let seconds = duration.num_seconds().clamp(0, i64::from(LONGEST));
    let path = format!("{PATH}{name}_{seconds}.wav");
    let expires = now.checked_add_signed(lifetime).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp().to_string();
    let mut signature = String::new();
    signature::percent_encode(&sign(&path, &expires, &host.access_key.secret).unwrap_or_default(), &mut signature);
    // The object store does not encode slashes.
    let signature = signature.replace("%2F", "/");
    let id = &host.access_key.id;
    format!("http://{}{path}?Expires={expires}&OSSAccessKeyId={id}&Signature={signature}", host.host)
}

/// Answers a request for a path with the prefix [`PATH`].
pub(crate) fn respond(received: &Received<'_>, context: &RequestContext<'_>) -> GatewayResponse {
    match find(received, context) {
        Ok(seconds) => GatewayResponse {
            status: StatusCode::OK,
            content_type: "audio/wav",
            body: Bytes::from(wav(seconds)),
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
            GatewayResponse {
                status,
                content_type: "application/xml",
                body: Bytes::from(PopFormat::Xml.write("Error", error)),
                decision,
            }
        }
    }
}

/// Checks the URL. Returns the duration of the file in seconds.
fn find(received: &Received<'_>, context: &RequestContext<'_>) -> Result<u32, StoreError> {
    let denied = |code, message| StoreError { status: StatusCode::FORBIDDEN, code, message };
    if received.request.method() != Method::GET {
        let message = "The specified method is not allowed against this resource.";
        return Err(StoreError { status: StatusCode::METHOD_NOT_ALLOWED, code: "MethodNotAllowed", message });
    }
    let path = received.request.uri().path();
    let parameter = |name| received.parameters().and_then(|parameters| parameters.get(name)).unwrap_or_default();
    let expires = parameter("Expires");
    let expected = sign(path, expires, &context.accounts.access_key.secret);
    if expected.as_deref() != Some(parameter("Signature")) {
        return Err(denied("SignatureDoesNotMatch", "The request signature we calculated does not match."));
    }
    if expires.parse().is_ok_and(|expires: i64| context.now.timestamp() > expires) {
        return Err(denied("AccessDenied", "Request has expired."));
    }
    let seconds =
        path.strip_suffix(".wav").and_then(|name| name.rsplit_once('_')).and_then(|(_, text)| text.parse().ok());
    seconds.ok_or(StoreError {
        status: StatusCode::NOT_FOUND,
        code: "NoSuchKey",
        message: "The specified key does not exist.",
    })
}

fn sign(path: &str, expires: &str, secret: &str) -> Option<String> {
    signature::pop(secret, &format!("GET\n\n\n{expires}\n{path}"))
}

/// A WAV file with 8-bit samples of one channel.
fn wav(seconds: u32) -> Vec<u8> {
    let samples = seconds.min(LONGEST).saturating_mul(SAMPLES_PER_SECOND);
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend(samples.saturating_add(36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(SAMPLES_PER_SECOND.to_le_bytes());
    // Bytes per second, bytes per sample, bits per sample.
    file.extend(SAMPLES_PER_SECOND.to_le_bytes());
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(samples.to_le_bytes());
    let samples = usize::try_from(samples).unwrap_or_default();
    file.extend(PERIOD.into_iter().cycle().take(samples));
    file
}
