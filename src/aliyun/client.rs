mod read;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::account::Account;
use super::credentials::{Credentials, CredentialsProvider, CredentialsSource};
use super::error_code;
use super::product::{Dyplsapi, Dytnsapi, Endpoints, Product, ProductKind, Sts};
use super::protocol::PopCall;
use crate::environment;
use crate::error::Error;
use crate::limit::Patience;
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::{Private, Secret};
use crate::send::{
    CallState, FetchFault, Format, Part, PreparedRequest, Protocol, Sender, Settings, UploadFault, UploadForm,
    Uploaded, endpoint,
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
    call_timeout: Duration,
    patience: Patience,
}

impl Client {
    /// Starts with the public endpoints, JSON, and POST.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            credentials: CredentialsSource::Given(Arc::new(Credentials::new("", ""))),
            endpoints: Endpoints::public(),
            format: Format::default(),
            method: HttpMethod::default(),
            settings: Settings::new(),
        }
    }

    /// Reads what [`Credentials::from_env`] reads and, if they are set, `ALIYUN_DYPLS_ENDPOINT` and
    /// `ALIYUN_DYTNS_ENDPOINT`: the [`ENDPOINT_VARIABLE`](Product::ENDPOINT_VARIABLE) of each product.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        let mut builder = Self::builder().credentials(Credentials::from_env()?);
        for &(product, variable) in ProductKind::VARIABLES {
            if let Some(endpoint) = variable.and_then(environment::optional) {
                builder.endpoints.set(product, endpoint);
            }
        }
        builder.build()
    }

    /// The same client with another time-out for its calls than that of its
    /// [`Settings`](crate::Settings::call_timeout). Costs next to nothing.
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        Self { call_timeout: timeout, ..self.clone() }
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
        let account = &*self.account;
        let now = account.sender.clock.now();
        operation.validate(now)?;
        let params = Params::from_struct(operation)?;
        let source = &account.credentials;
        let mut state = CallState::new(self.call_timeout, self.patience);
        let credentials = source.current(now, O::NAME, state.deadline).await?;
        let refusal = match self.call(operation, &params, &credentials, &mut state).await {
            Err(error) if refuses_the_key(&error) => error,
            result => {
                if result.is_ok() {
                    source.accepted(&credentials);
                }
                return result;
            }
        };
        // A refused key means that nothing was executed, so even a call that may run once is sent again.
        let credentials = source.after_refusal(&credentials, &refusal, state.deadline).await?;
        let result = self.call(operation, &params, &credentials, &mut state).await;
        match &result {
            Ok(_) => source.accepted(&credentials),
            Err(error) if refuses_the_key(error) => source.refused_again(&credentials, error),
            Err(_) => {}
        }
        result
    }

    /// The same client for the calls of a workflow, which wait for the client's own limits as long as they are polled.
    pub(super) fn in_workflow(mut self) -> Self {
        self.patience = Patience::OfWorkflow;
        self
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
        operation.validate(stamp.time)?;
        let params = Params::from_struct(operation)?;
        let deadline = Instant::now().checked_add(self.call_timeout);
        let credentials = self.account.credentials.current(stamp.time, O::NAME, deadline).await?;
        Ok(self.pop_call::<O>(&params, &credentials).request(stamp).into())
    }

    pub(super) async fn fetch(&self, link: &Private, from: u64, stall: Duration) -> Result<Part, FetchFault> {
        self.account.sender.fetch(link, from, stall).await
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
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.account.sender.clock
    }

    pub(super) fn call_timeout(&self) -> Duration {
        self.call_timeout
    }

    async fn call<O>(
        &self,
        operation: &O,
        params: &Params,
        credentials: &Credentials,
        state: &mut CallState,
    ) -> Result<O::Output, Error>
    where
        O: Operation,
        O::Gateway: Product,
    {
        self.account.sender.call(operation, &self.pop_call::<O>(params, credentials), state).await
    }

    fn pop_call<'a, O>(&'a self, params: &'a Params, credentials: &'a Credentials) -> PopCall<'a>
    where
        O: Operation,
        O::Gateway: Product,
    {
        PopCall {
            account: &self.account,
            credentials,
            endpoint: self.account.endpoints.get(O::Gateway::KIND),
            version: O::Gateway::VERSION,
            action: O::NAME,
            success_codes: O::SUCCESS_CODES,
            data_success_codes: O::DATA_SUCCESS_CODES,
            method: if O::POST_ONLY { HttpMethod::Post } else { self.account.method },
            params,
        }
    }
}

#[cfg(any(test, fuzzing))]
impl Client {
    /// The result of a call that gets this answer.
    pub(crate) fn answered<O>(&self, answer: &crate::send::RawAnswer) -> Result<O::Output, Error>
    where
        O: Operation,
        O::Gateway: Product,
        O::Output: PartialEq,
    {
        let (params, credentials) = (Params::new(), Credentials::new("id", "secret"));
        self.account.sender.answered::<O>(&self.pop_call::<O>(&params, &credentials), answer)
    }
}

fn refuses_the_key(error: &Error) -> bool {
    error.code().is_some_and(error_code::refuses_the_key)
}

/// Builds a [`Client`]. `Debug` does not show addresses, which may hold a password by mistake.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: CredentialsSource,
    endpoints: Endpoints<String>,
    format: Format,
    method: HttpMethod,
    settings: Settings,
}

impl ClientBuilder {
    /// A key of an account or a RAM user. This or [`credentials`](Self::credentials) is required.
    pub fn access_key(self, id: impl Into<Private>, secret: impl Into<Secret>) -> Self {
        self.credentials(Credentials::new(id, secret))
    }

    /// A key with its token, for temporary (STS) ones.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsSource::Given(Arc::new(credentials));
        self
    }

    /// The source of keys that expire or are rotated: [`RoleCredentials`](super::RoleCredentials),
    /// [`ProfileFile`](super::ProfileFile), [`Environment`](super::Environment), or a provider of your own.
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.credentials = CredentialsSource::provided(provider);
        self
    }

    /// The endpoint of Phone Number Protection; `https://dyplsapi.aliyuncs.com/`, the same for every region, by
    /// default.
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        self.endpoint_of::<Dyplsapi>(url)
    }

    /// The endpoint of Phone Number Service; `https://dytnsapi.aliyuncs.com/` by default.
    pub fn dytns_endpoint(self, url: impl Into<String>) -> Self {
        self.endpoint_of::<Dytnsapi>(url)
    }

    /// The endpoint of the Security Token Service; `https://sts.aliyuncs.com/` by default. Used by
    /// [`RoleCredentials`](super::RoleCredentials) only.
    pub fn sts_endpoint(self, url: impl Into<String>) -> Self {
        self.endpoint_of::<Sts>(url)
    }

    /// The endpoint of any product; its [`DEFAULT_ENDPOINT`](Product::DEFAULT_ENDPOINT) by default.
    ///
    /// ```
    /// use privacy_number::aliyun;
    ///
    /// let builder = aliyun::Client::builder().access_key("id", "secret");
    /// let client = builder.endpoint_of::<aliyun::Dytnsapi>("https://dytnsapi.example.com/").build()?;
    /// # Ok::<(), privacy_number::Error>(())
    /// ```
    pub fn endpoint_of<P: Product>(mut self, url: impl Into<String>) -> Self {
        self.endpoints.set(P::KIND, url.into());
        self
    }

    /// The format of the answers; JSON by default.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// How requests are sent. POST by default, with everything in the body: with GET, as the API reference shows it,
    /// numbers and signatures are in the URL, where proxies log them. The operations on pick-up waybills go by POST in
    /// any case: Aliyun takes no other.
    pub fn method(mut self, method: HttpMethod) -> Self {
        self.method = method;
        self
    }

    /// Time-outs, retries, the HTTP client.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Checks everything and makes the client. Sends nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty key or secret, or an endpoint that is not HTTPS (or this machine).
    pub fn build(self) -> Result<Client, Error> {
        if let CredentialsSource::Given(credentials) = &self.credentials {
            credentials.check()?;
        }
        let plain_http_allowed = self.settings.plain_http_allowed;
        let account = Account {
            credentials: self.credentials,
            format: self.format,
            method: self.method,
            endpoints: self.endpoints.try_map(|url| endpoint::parse(url, "/", plain_http_allowed))?,
            sender: Sender::new(self.settings)?,
        };
        Ok(Client {
            call_timeout: account.sender.call_timeout,
            account: Arc::new(account),
            patience: Patience::default(),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("format", &self.format)
            .field("method", &self.method)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
