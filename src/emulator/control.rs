//! The control endpoints of the emulator, for tests in other languages.

mod about;
mod accounts;
mod calls;
mod console;
mod endpoint;
mod faults;
mod guard;
mod ledger;
mod openapi;
mod order_life;
mod orders;
mod pools;
mod receipts;
mod reply;
mod reports;
mod request;
mod shops;
mod state;
mod stock;
mod table;
mod view;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::aliyun::{photo_upload, recording_file};
use super::delivery::Reply;
use super::gateways::Gateways;
use super::pending_request::PendingRequest;
use reply::Problem;
use table::endpoints;

const PREFIX: &str = "/_emulator";
/// The page for browsers.
const CONSOLE: &str = "/_emulator/console";
/// The endpoint that waits, below the prefix.
const SETTLE: &str = "settle";

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

/// How long a request waits for pushes before it is answered. `None` if it does not wait.
pub(crate) fn waits_for_pushes(request: &Request<Bytes>, gateways: &Gateways) -> Option<Duration> {
    let endpoint = request.uri().path().strip_prefix(PREFIX)?.strip_prefix('/')?;
    let is_valid = endpoint == SETTLE && request.method() == Method::POST && check(endpoint, request, gateways).is_ok();
    if is_valid { receipts::limit_of_settle(request) } else { None }
}

/// Everything that a client needs, if it reaches the server by this host.
pub(crate) fn info(host: &str, gateways: &Gateways) -> Value {
    view::info(host, gateways)
}

fn check(path: &str, request: &Request<Bytes>, gateways: &Gateways) -> Result<(), Problem> {
    guard::check(path, request, gateways.accounts().control_token.as_deref())
}

fn run(path: &str, request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    check(path, request, gateways)?;
    if path.is_empty() && reply::wants_html(request) {
        return Ok(reply::see_other(CONSOLE));
    }
    let of_path: Vec<_> = endpoints().filter(|endpoint| endpoint.path == path).collect();
    if of_path.is_empty() {
        return Err(Problem::new(StatusCode::NOT_FOUND, "there is no such endpoint; GET /_emulator/ lists them"));
    }
    let Some(endpoint) = of_path.iter().find(|endpoint| endpoint.method == request.method().as_str()) else {
        let allowed: Vec<_> = of_path.iter().map(|endpoint| endpoint.method).collect();
        return Err(Problem::method_not_allowed(&allowed));
    };
    request::check_query(request, endpoint)?;
    let reply = (endpoint.run)(request, gateways);
    if request.method() != Method::GET {
        gateways.inspections().wake();
    }
    reply
}
