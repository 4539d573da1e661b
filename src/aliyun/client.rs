mod builder;
mod read;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

pub use builder::ClientBuilder;

use super::account::Account;
use super::product::{Dyplsapi, Product};
use super::protocol::PopAction;
use crate::error::{Error, TransportKind};
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::Private;
use crate::send::{
    CallOptions, CallState, FetchFault, Meter, Part, PreparedRequest, RawResponse, UploadFault, UploadForm, Uploaded,
    params_at,
};
use crate::sign::Stamp;
use crate::sign::pop::HttpMethod;
use crate::time::Clock;

/// An account's client for Phone Number Protection. Make it once; clones share its connections.
///
/// ```
/// use privacy_number::aliyun;
///
/// let client = aliyun::Client::builder().access_key("id", "secret").build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    account: Arc<Account>,
    options: CallOptions,
    /// Counts what its calls use.
    meter: Option<Arc<dyn Meter>>,
}

impl Client {
    /// The same client with another timeout for its calls than that of its
    /// [`Settings`](crate::Settings::call_timeout). Cheap.
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        Self { options: self.options.with_timeout(timeout), ..self.clone() }
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<O>(&self, operation: &O) -> Result<O::Output, Error>
    where
        O: Operation,
        O::Gateway: Product,
    {
        let Account { sender, credentials, .. } = &*self.account;
        let params = sender.params(operation)?;
        sender.call_as(operation, &self.pop_action::<O>(&params), credentials, &mut self.new_call()).await
    }

    /// The state of a call that starts now.
    fn new_call(&self) -> CallState {
        self.options.start().metered(self.meter.clone())
    }

    /// The same client, with a meter of its calls.
    #[cfg(feature = "store")]
    pub(crate) fn with_meter(&self, meter: Arc<dyn Meter>) -> Self {
        Self { meter: Some(meter), ..self.clone() }
    }

    /// The same client for the calls of a workflow, which wait for the client's own limits as long as they are polled.
    pub(super) fn in_workflow(self) -> Self {
        Self { options: self.options.of_workflow(), ..self }
    }

    /// Checks and signs an operation without sending it. Works outside a Tokio runtime too, if the provider of the
    /// credentials does.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that breaks a rule;
    /// [`CREDENTIALS_UNAVAILABLE`](super::CREDENTIALS_UNAVAILABLE).
    pub async fn prepare<O>(&self, operation: &O, stamp: &Stamp) -> Result<PreparedRequest, Error>
    where
        O: Operation,
        O::Gateway: Product,
    {
        let Account { sender, credentials, .. } = &*self.account;
        let params = params_at(operation, stamp.time)?;
        sender.prepare_as::<O, _>(&self.pop_action::<O>(&params), credentials, stamp, &self.options.start()).await
    }

    pub(super) async fn fetch(&self, link: &Private, from: u64, stall: Duration) -> Result<Part, FetchFault> {
        self.account.sender.fetch(link, from, stall).await
    }

    /// Checks an endpoint beside those of the products.
    pub(super) fn checked_endpoint(&self, url: &str) -> Result<reqwest::Url, InvalidRequest> {
        self.account.sender.endpoint(url, "/")
    }

    /// Sends a request that is no operation, and reads the whole response.
    pub(super) async fn exchange(
        &self,
        request: reqwest::Request,
        timeout: Duration,
    ) -> Result<RawResponse, TransportKind> {
        self.account.sender.exchange(request, timeout).await
    }

    /// Posts a form to the address that Phone Number Protection named.
    pub(super) async fn upload(
        &self,
        host: &str,
        form: UploadForm<'_>,
        timeout: Duration,
    ) -> Result<Uploaded, UploadFault> {
        let gateway = self.account.endpoints.get(Dyplsapi::KIND);
        self.account.sender.upload(host, gateway, form, timeout).await
    }

    pub(super) async fn back_off(&self, faults: u32) {
        self.account.sender.back_off(faults).await;
    }

    /// The gateway's time, as far as it is known.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.account.sender.clock
    }

    pub(super) fn call_timeout(&self) -> Duration {
        self.options.timeout
    }

    /// A call of an action, without its key.
    fn pop_action<'a, O>(&'a self, params: &'a Params) -> PopAction<'a>
    where
        O: Operation,
        O::Gateway: Product,
    {
        PopAction {
            account: &self.account,
            endpoint: self.account.endpoints.get(O::Gateway::KIND),
            version: O::Gateway::VERSION,
            name: O::NAME,
            success_codes: O::SUCCESS_CODES,
            data_success_codes: O::DATA_SUCCESS_CODES,
            method: if O::POST_ONLY { HttpMethod::Post } else { self.account.method },
            params,
        }
    }
}

#[cfg(any(test, fuzzing))]
impl Client {
    /// The result of a call that gets this response.
    pub(crate) fn answered<O>(&self, answer: &crate::send::RawResponse) -> Result<O::Output, Error>
    where
        O: Operation,
        O::Gateway: Product,
        O::Output: PartialEq,
    {
        self.account.sender.answered::<O>(&self.call_without_key::<O>(&Params::new()), answer)
    }
}
