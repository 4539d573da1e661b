//! The emulator's own endpoints, for tests in other languages.

mod actions;
mod bodies;
mod endpoint;
mod guard;
mod reply;
mod view;

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use super::admission::Admission;
use super::aliyun::recording_file;
use super::delivery::Reply;
use super::gateways::Gateways;
use endpoint::ENDPOINTS;
use reply::Problem;

const PREFIX: &str = "/_emulator";

impl Gateways {
    /// Answers one request: TOP's at `/router/rest`, Alibaba Cloud's at `/`, recordings at the URLs that it gives, the
    /// control endpoints' below `/_emulator/`.
    ///
    /// A fault shows only as far as an answer can show it; [`reply`](Self::reply) tells the rest.
    #[must_use]
    pub fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.reply(request).response
    }

    /// Answers one request, and says what a server is to do with the connection. A pause before the execution is
    /// told as one after it, since this call does not wait.
    #[must_use]
    pub fn reply(&self, request: Request<Bytes>) -> Reply {
        answer(&request, self).unwrap_or_else(|| Admission::of(&request, self).carry_out())
    }
}

/// `None` for a path that is not one of these endpoints.
pub(crate) fn answer(request: &Request<Bytes>, gateways: &Gateways) -> Option<Reply> {
    let path = request.uri().path();
    let below = path.strip_prefix(PREFIX).filter(|_| !path.starts_with(recording_file::PATH))?;
    // `/_emulator` and `/_emulator/` are one.
    let endpoint = if below.is_empty() { below } else { below.strip_prefix('/')? };
    Some(run(endpoint, request, gateways).unwrap_or_else(Reply::from))
}

fn run(path: &str, request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    guard::check(request)?;
    let mut of_path = ENDPOINTS.iter().filter(|endpoint| endpoint.path == path).peekable();
    if of_path.peek().is_none() {
        return Err(Problem::new(StatusCode::NOT_FOUND, "there is no such endpoint; GET /_emulator/ lists them"));
    }
    match of_path.find(|endpoint| endpoint.method == request.method()) {
        Some(endpoint) => (endpoint.run)(request, gateways),
        None => Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the endpoint knows no such method")),
    }
}
