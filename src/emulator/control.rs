//! The control endpoints of the emulator, for tests in other languages.

mod actions;
mod bodies;
mod console;
mod endpoint;
mod guard;
mod phone;
mod reply;
mod view;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::aliyun::{photo_upload, recording_file};
use super::delivery::Reply;
use super::gateways::Gateways;
use super::pending_request::PendingRequest;
use endpoint::ENDPOINTS;
use reply::Problem;

const PREFIX: &str = "/_emulator";
/// The page for browsers.
const CONSOLE: &str = "/_emulator/console";

impl Gateways {
    /// Handles one request. TOP is at `/router/rest`, Alibaba Cloud at `/`, the queues of receipts at
    /// `/queues/<name>/messages`, recordings and uploads at the URLs in the responses, and
    /// the control endpoints are below `/_emulator/`.
    ///
    /// Faults that affect the delivery have no effect here. [`reply`](Self::reply) returns the delivery too.
    #[must_use]
    pub fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.reply(request).response
    }

    /// Handles one request, and returns how a server delivers the response. This call does not wait, so a delay before
    /// the execution is returned as a delay of the response.
    #[must_use]
    pub fn reply(&self, request: Request<Bytes>) -> Reply {
        respond(&request, self).unwrap_or_else(|| PendingRequest::new(&request, self).execute())
    }
}

/// Returns `None` for a path that is not below `/_emulator`.
pub(crate) fn respond(request: &Request<Bytes>, gateways: &Gateways) -> Option<Reply> {
    let path = request.uri().path();
    let below =
        path.strip_prefix(PREFIX).filter(|_| !path.starts_with(recording_file::PATH) && path != photo_upload::PATH)?;
    // `/_emulator` is the same as `/_emulator/`.
    let endpoint = if below.is_empty() { below } else { below.strip_prefix('/')? };
    Some(run(endpoint, request, gateways).unwrap_or_else(Reply::from))
}

/// Everything that a client needs, if it reaches the server by this host.
pub(crate) fn info(host: &str, gateways: &Gateways) -> Value {
    view::info(host, gateways)
}

fn run(path: &str, request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    guard::check(path, request, gateways.accounts().control_token.as_deref())?;
    if path.is_empty() && reply::wants_html(request) {
        return Ok(reply::see_other(CONSOLE));
    }
    let mut of_path = ENDPOINTS.iter().filter(|endpoint| endpoint.path == path).peekable();
    if of_path.peek().is_none() {
        return Err(Problem::new(StatusCode::NOT_FOUND, "there is no such endpoint; GET /_emulator/ lists them"));
    }
    match of_path.find(|endpoint| endpoint.method == request.method()) {
        Some(endpoint) => {
            let reply = (endpoint.run)(request, gateways);
            if request.method() != Method::GET {
                gateways.inspections().wake();
            }
            reply
        }
        None => Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the endpoint does not support this method")),
    }
}
