//! The one place where HTTP happens, and the only one that sees `reqwest`'s errors.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Datelike, Utc};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Url, redirect};

use super::settings::Settings;
use super::{Cause, Fault};
use crate::error::{Error, InvalidRequest, Outcome, Remedy, TransportKind};
use crate::sign::pop::HttpMethod;

const FORM: &str = "application/x-www-form-urlencoded;charset=utf-8";
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// A signed request: sent once, then thrown away.
pub(crate) struct WireRequest {
    pub(crate) endpoint: Url,
    pub(crate) method: HttpMethod,
    /// `name=value&name=value`, percent-encoded.
    pub(crate) form: String,
}

/// An answer as it came, decompressed.
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    /// When the server says it answered.
    pub(crate) date: Option<DateTime<Utc>>,
    /// How long the server asks to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
}

impl RawAnswer {
    /// What the head of an answer tells; the body is still to come.
    pub(crate) fn of_head(status: u16, headers: &HeaderMap) -> Self {
        let date = http_date(headers, DATE.as_str());
        Self { status, date, retry_after: retry_after(headers), body: Bytes::new() }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    client: reqwest::Client,
    max_body: usize,
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let client = match settings.http_client {
            Some(client) => client,
            None => build_client(settings.connect_timeout)?,
        };
        Ok(Self { client, max_body: settings.max_body })
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) async fn send(&self, request: WireRequest, timeout: Duration) -> Result<RawAnswer, Fault> {
        let WireRequest { mut endpoint, method, form } = request;
        let request = match method {
            HttpMethod::Post => self.client.post(endpoint).header(CONTENT_TYPE, FORM).body(form),
            HttpMethod::Get => {
                endpoint.set_query(Some(&form));
                self.client.get(endpoint)
            }
        };
        let mut response = request.timeout(timeout).send().await.map_err(classify)?;
        let mut answer = RawAnswer::of_head(response.status().as_u16(), response.headers());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(classify)? {
            if body.len().saturating_add(chunk.len()) > self.max_body {
                let mut fault = Fault::unreadable(&answer, "the answer is larger than the limit");
                fault.remedy = Remedy::Report;
                return Err(fault);
            }
            body.extend_from_slice(&chunk);
        }
        answer.body = body.freeze();
        Ok(answer)
    }
}

/// No redirects, no referer, no repeats of its own, no proxy that nobody asked for: a signed request goes once, to the
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

/// What is known when no whole answer came. Anything after the connection stood may have been executed.
fn classify(error: reqwest::Error) -> Fault {
    let error = error.without_url();
    let (kind, outcome) = match (error.is_connect(), error.is_timeout()) {
        (true, true) => (TransportKind::ConnectTimeout, Outcome::NotExecuted),
        (true, false) => (TransportKind::Connect, Outcome::NotExecuted),
        (false, true) => (TransportKind::Timeout, Outcome::Unknown),
        (false, false) => (TransportKind::Interrupted, Outcome::Unknown),
    };
    Fault { cause: Cause::Transport(kind, Some(error)), outcome, remedy: Remedy::Backoff, wait: None }
}

/// `x-acs-retry-after` is in milliseconds, `Retry-After` in seconds or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(milliseconds) = text("x-acs-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(milliseconds));
    }
    if let Some(seconds) = text(RETRY_AFTER.as_str()).and_then(|text| text.parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(headers, RETRY_AFTER.as_str())?;
    let now = http_date(headers, DATE.as_str())?;
    until.signed_duration_since(now).to_std().ok()
}

/// A year has four digits in HTTP; the parser takes more, up to where calculations with times end.
fn http_date(headers: &HeaderMap, name: &str) -> Option<DateTime<Utc>> {
    let text = headers.get(name)?.to_str().ok()?;
    let date = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    (date.year() <= 9999).then_some(date)
}
