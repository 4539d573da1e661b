use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use super::credentials::Credentials;
use super::protocol::PopCall;
use super::{HttpMethod, Product, ProductKind};
use crate::call::{Caller, Format, Settings, endpoint};
use crate::environment;
use crate::error::Error;
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::{Private, Secret};

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
}

/// What every call of an account needs.
pub(super) struct Account {
    pub(super) credentials: Credentials,
    pub(super) format: Format,
    pub(super) method: HttpMethod,
    dyplsapi: Url,
    dytnsapi: Url,
    caller: Caller,
}

impl Account {
    pub(super) fn endpoint(&self, product: ProductKind) -> &Url {
        match product {
            ProductKind::Dyplsapi => &self.dyplsapi,
            ProductKind::Dytnsapi => &self.dytnsapi,
        }
    }
}

impl Client {
    /// Starts with the public endpoints, JSON, and POST.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            credentials: Credentials::new("", ""),
            dyplsapi: "https://dyplsapi.aliyuncs.com/".to_owned(),
            dytnsapi: "https://dytnsapi.aliyuncs.com/".to_owned(),
            format: Format::default(),
            method: HttpMethod::default(),
            settings: Settings::new(),
        }
    }

    /// Reads what [`Credentials::from_env`] reads and, if they are set, `ALIYUN_DYPLS_ENDPOINT` and
    /// `ALIYUN_DYTNS_ENDPOINT`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        let mut builder = Self::builder().credentials(Credentials::from_env()?);
        if let Some(endpoint) = environment::optional("ALIYUN_DYPLS_ENDPOINT") {
            builder = builder.endpoint(endpoint);
        }
        if let Some(endpoint) = environment::optional("ALIYUN_DYTNS_ENDPOINT") {
            builder = builder.dytns_endpoint(endpoint);
        }
        builder.build()
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
        operation.validate(account.caller.clock.now())?;
        let params = Params::from_struct(operation)?;
        let call = PopCall {
            account,
            endpoint: account.endpoint(O::Gateway::KIND),
            version: O::Gateway::VERSION,
            action: O::NAME,
            answers_code: O::ANSWERS_CODE,
            params: &params,
        };
        account.caller.call(operation, &call, account.caller.deadline()).await
    }
}

/// Builds a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: Credentials,
    dyplsapi: String,
    dytnsapi: String,
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
        self.credentials = credentials;
        self
    }

    /// Where Dyplsapi is; `https://dyplsapi.aliyuncs.com/`, the same for every region, by default.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.dyplsapi = url.into();
        self
    }

    /// Where Dytnsapi is; `https://dytnsapi.aliyuncs.com/` by default.
    pub fn dytns_endpoint(mut self, url: impl Into<String>) -> Self {
        self.dytnsapi = url.into();
        self
    }

    /// The language of the answers; JSON by default.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// How requests are sent. POST by default, with everything in the body: with GET, as the API reference shows it,
    /// numbers and signatures are in the URL, where proxies log them.
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
        self.credentials.check()?;
        let plain_http_allowed = self.settings.plain_http_allowed;
        let account = Account {
            credentials: self.credentials,
            format: self.format,
            method: self.method,
            dyplsapi: endpoint::parse(&self.dyplsapi, "/", plain_http_allowed)?,
            dytnsapi: endpoint::parse(&self.dytnsapi, "/", plain_http_allowed)?,
            caller: Caller::new(self.settings)?,
        };
        Ok(Client { account: Arc::new(account) })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("dyplsapi", &self.dyplsapi.as_str())
            .field("dytnsapi", &self.dytnsapi.as_str())
            .field("format", &self.format)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
