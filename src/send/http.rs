//! The HTTP client. The only place that uses `reqwest`'s errors.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Method, Request, Response, Url, redirect};

use super::exchange::{RawResponse, WireRequest};
use super::fault::{Cause, Fault};
use super::in_time::in_time;
use super::settings::Settings;
use crate::error::{Error, Outcome, Remedy, TransportKind};
use crate::invalid::InvalidRequest;
use crate::sign::pop::HttpMethod;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded;charset=utf-8");
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    client: reqwest::Client,
    /// Whether the client is the user's own, which may have its own timeout.
    is_users: bool,
    max_body: usize,
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let (client, is_users) = match settings.http_client {
            Some(client) => (client, true),
            None => (build_client(settings.connect_timeout)?, false),
        };
        Ok(Self { client, is_users, max_body: settings.max_body })
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Sends the request of an operation and reads its answer.
    pub(crate) async fn send(&self, request: WireRequest<'_>, timeout: Duration) -> Result<RawResponse, Fault> {
        self.exchange(Self::request(request), timeout).await
    }

    /// Sends a request and reads its answer. An answer that arrived in time counts, however late it is polled.
    pub(crate) async fn exchange(&self, mut request: Request, timeout: Duration) -> Result<RawResponse, Fault> {
        // Only a client of the user's own can follow a redirect.
        let endpoint = self.is_users.then(|| request.url().clone());
        if self.is_users {
            // A timeout of reqwest's is checked before an answer that has arrived.
            *request.timeout_mut() = Some(Duration::MAX);
        }
        let response = self.client.execute(request);
        in_time(timeout, read(response, endpoint.as_ref(), self.max_body)).await.unwrap_or_else(|| Err(timed_out()))
    }

    fn request(request: WireRequest<'_>) -> Request {
        let WireRequest { endpoint, method, form, headers } = request;
        let mut url = endpoint.clone();
        let mut request = match method {
            HttpMethod::Post => {
                let mut request = Request::new(Method::POST, url);
                request.headers_mut().insert(CONTENT_TYPE, FORM);
                // This kind of body cannot be cloned, so that a client of the user's own cannot send it to another
                // address.
                *request.body_mut() = Some(Body::wrap(Full::new(Bytes::from(form))));
                request
            }
            HttpMethod::Get => {
                url.set_query(std::str::from_utf8(&form).ok());
                Request::new(Method::GET, url)
            }
        };
        for (name, value) in headers {
            // A value that no header can have was refused before the request was signed.
            if let Ok(mut value) = HeaderValue::from_str(value.expose()) {
                value.set_sensitive(true);
                request.headers_mut().insert(name, value);
            }
        }
        request
    }
}

/// Reads a whole answer. It must come from the endpoint, if one is given.
async fn read(
    response: impl Future<Output = reqwest::Result<Response>>,
    endpoint: Option<&Url>,
    max_body: usize,
) -> Result<RawResponse, Fault> {
    let mut response = response.await.map_err(classify)?;
    let mut answer = RawResponse {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::new(),
    };
    if endpoint.is_some_and(|endpoint| !is_at(response.url(), endpoint)) {
        let mut fault = Fault::unreadable(&answer, "the HTTP client followed a redirect to another address");
        (fault.outcome, fault.remedy) = (Outcome::Unknown, Remedy::FixRequest);
        return Err(fault);
    }
    // Most answers arrive in one chunk, which is not copied. The `Content-Length` is trusted up to this size.
    const MAX_TRUSTED_LENGTH: usize = 64 * 1024;
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut before = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(classify)? {
        let length = before.len().saturating_add(answer.body.len()).saturating_add(chunk.len());
        if length > max_body {
            answer.body.clear();
            let mut fault = Fault::unreadable(&answer, "the answer is larger than the limit");
            fault.remedy = Remedy::Report;
            return Err(fault);
        }
        if !answer.body.is_empty() && before.is_empty() {
            before.reserve(announced.unwrap_or_default().min(MAX_TRUSTED_LENGTH));
        }
        before.extend_from_slice(&std::mem::replace(&mut answer.body, chunk));
    }
    if !before.is_empty() {
        before.extend_from_slice(&answer.body);
        answer.body = before.freeze();
    }
    Ok(answer)
}

/// Whether a URL is the endpoint's, whatever its query.
fn is_at(url: &Url, endpoint: &Url) -> bool {
    (url.scheme(), url.host_str(), url.port(), url.path())
        == (endpoint.scheme(), endpoint.host_str(), endpoint.port(), endpoint.path())
}

/// No redirects, no referer, no built-in retries, no proxy from the environment: a signed request is sent once, to the
/// configured host.
fn build_client(connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(Duration::from_secs(8))
        .user_agent(USER_AGENT)
        .build()
        .map_err(|_| {
            InvalidRequest::new("http_client", "could not be built: the TLS library refused its settings").into()
        })
}

fn timed_out() -> Fault {
    transport_fault(TransportKind::Timeout, Outcome::Unknown, None)
}

fn transport_fault(kind: TransportKind, outcome: Outcome, error: Option<reqwest::Error>) -> Fault {
    Fault { cause: Cause::Transport(kind, error), outcome, remedy: Remedy::Backoff, wait: None }
}

/// The fault of an exchange without a whole answer. Once there was a connection, the request may have been executed.
fn classify(error: reqwest::Error) -> Fault {
    let error = error.without_url();
    let (kind, outcome) = match (error.is_connect(), error.is_timeout()) {
        (true, true) => (TransportKind::ConnectTimeout, Outcome::NotExecuted),
        (true, false) => (TransportKind::Connect, Outcome::NotExecuted),
        (false, true) => (TransportKind::Timeout, Outcome::Unknown),
        (false, false) => (TransportKind::Interrupted, Outcome::Unknown),
    };
    transport_fault(kind, outcome, Some(error))
}
