//! What all calls of a client share: its HTTP client, limits, retry budget, nonces and clock.

use std::time::Duration;

use reqwest::Url;

use super::budget::RetryBudget;
use super::endpoint;
use super::fetch::{self, FetchFault, Part};
use super::http::Transport;
use super::nonce::Nonces;
use super::retry::RetryPolicy;
use super::settings::{Format, Settings};
use super::upload::{self, UploadFault, UploadForm, Uploaded};
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::limit::Limits;
use crate::redact::Private;
use crate::time::Clock;

/// Sends the requests of a client. Clones share everything.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    pub(super) transport: Transport,
    pub(super) retry: RetryPolicy,
    pub(super) budget: RetryBudget,
    pub(super) limits: Limits,
    pub(super) attempt_timeout: Duration,
    pub(super) nonces: Nonces,
    pub(crate) clock: Clock,
    /// The format of the answers.
    pub(crate) format: Format,
    plain_http_allowed: bool,
}

impl Sender {
    pub(crate) fn new(settings: Settings, format: Format) -> Result<Self, Error> {
        Ok(Self {
            retry: settings.retry.clone(),
            budget: RetryBudget::new(settings.retry.budget_percent),
            limits: settings.limits.clone(),
            attempt_timeout: settings.attempt_timeout,
            nonces: Nonces::new(),
            clock: settings.clock.clone(),
            format,
            plain_http_allowed: settings.plain_http_allowed,
            transport: Transport::new(settings)?,
        })
    }

    /// Checks another endpoint, by the settings of the client's own one. `path` is the only path it may have.
    pub(crate) fn endpoint(&self, url: &str, path: &str) -> Result<Url, InvalidRequest> {
        endpoint::parse(url, path, self.plain_http_allowed)
    }

    /// Fetches a file by a link, starting at the byte `from`. If no byte arrives for `stall_timeout`, the connection
    /// counts as broken.
    pub(crate) async fn fetch(&self, link: &Private, from: u64, stall_timeout: Duration) -> Result<Part, FetchFault> {
        fetch::fetch(self.transport.client(), link, from, stall_timeout).await
    }

    /// Posts a form to the address that a gateway named.
    pub(crate) async fn upload(
        &self,
        host: &str,
        gateway: &Url,
        form: UploadForm<'_>,
        timeout: Duration,
    ) -> Result<Uploaded, UploadFault> {
        upload::upload(&self.transport, host, gateway, form, timeout).await
    }

    /// Sleeps for the backoff after this many failures in a row.
    pub(crate) async fn back_off(&self, failures: u32) {
        tokio::time::sleep(self.retry.backoff(failures)).await;
    }
}
