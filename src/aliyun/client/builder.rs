use std::fmt;
use std::sync::Arc;

use super::Client;
use crate::aliyun::account::Account;
use crate::aliyun::credentials::{Credentials, CredentialsProvider, CredentialsSource, ProvidedCredentials};
use crate::aliyun::product::{Dyplsapi, Dytnsapi, Endpoints, Product, ProductKind, Sts};
use crate::aliyun::signature_version::SignatureVersion;
use crate::environment;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};
use crate::send::{SenderBuilder, sender_setters};
use crate::sign::pop::HttpMethod;

const SIGNATURE_VERSION: &str = "ALIYUN_SIGNATURE_VERSION";

impl Client {
    /// Starts with the public endpoints, JSON, POST, and signature 1.0.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            credentials: CredentialsSource::Fixed(Arc::new(Credentials::new("", ""))),
            endpoints: Endpoints::public(),
            method: HttpMethod::default(),
            signature_version: SignatureVersion::default(),
            sender: SenderBuilder::default(),
        }
    }

    /// Reads what [`Credentials::from_env`] reads and, if they are set, `ALIYUN_DYPLS_ENDPOINT`,
    /// `ALIYUN_DYTNS_ENDPOINT` and `ALIYUN_DYBASE_ENDPOINT`: the [`ENDPOINT_VARIABLE`](Product::ENDPOINT_VARIABLE) of
    /// each product; and `ALIYUN_SIGNATURE_VERSION`, the [`SignatureVersion`]: `1.0` or `ACS3-HMAC-SHA256`.
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
        if let Some(version) = environment::optional(SIGNATURE_VERSION) {
            let wrong = || InvalidRequest::new(SIGNATURE_VERSION, "must be `1.0` or `ACS3-HMAC-SHA256`");
            builder.signature_version = SignatureVersion::from_name(&version).ok_or_else(wrong)?;
        }
        builder.build()
    }
}

/// Builds a [`Client`]. `Debug` does not show addresses, which may hold a password by mistake.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: CredentialsSource,
    endpoints: Endpoints<String>,
    method: HttpMethod,
    signature_version: SignatureVersion,
    sender: SenderBuilder,
}

impl ClientBuilder {
    /// A key of an account or a RAM user. This or [`credentials`](Self::credentials) is required.
    pub fn access_key(self, id: impl Into<Private>, secret: impl Into<Secret>) -> Self {
        self.credentials(Credentials::new(id, secret))
    }

    /// A key with its token, for temporary (STS) ones.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsSource::Fixed(Arc::new(credentials));
        self
    }

    /// The source of keys that expire or are rotated: [`RoleCredentials`](crate::aliyun::RoleCredentials),
    /// [`ProfileFile`](crate::aliyun::ProfileFile), [`Environment`](crate::aliyun::Environment), or a provider of your
    /// own.
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.credentials = CredentialsSource::Provided(ProvidedCredentials::new(provider));
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
    /// [`RoleCredentials`](crate::aliyun::RoleCredentials) only.
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

    /// One endpoint for the calls of every product, as an emulator or a proxy of your own has it.
    pub fn endpoint_of_all(mut self, url: impl Into<String>) -> Self {
        self.endpoints = Endpoints::all(&url.into());
        self
    }

    /// How requests are sent. POST by default, with everything in the body: with GET, as the API reference shows it,
    /// numbers and signatures are in the URL, where proxies log them. The operations on pick-up waybills go by POST in
    /// any case: Aliyun takes no other.
    pub fn method(mut self, method: HttpMethod) -> Self {
        self.method = method;
        self
    }

    /// How requests are signed; [`SignatureVersion::V1_0`] by default. It applies to the calls of every product.
    pub fn signature_version(mut self, version: SignatureVersion) -> Self {
        self.signature_version = version;
        self
    }

    sender_setters!();

    /// Checks everything and makes the client. Sends nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty key or secret, a key or token that is not plain ASCII, or an endpoint that is not HTTPS (or this machine).
    pub fn build(self) -> Result<Client, Error> {
        if let CredentialsSource::Fixed(credentials) = &self.credentials {
            credentials.check()?;
        }
        let endpoints = self.endpoints.try_map(|url| self.sender.endpoint(url, "/"))?;
        let (sender, options) = self.sender.build()?;
        let Self { credentials, method, signature_version, .. } = self;
        let account = Account { credentials, method, signature_version, endpoints, sender };
        Ok(Client { account: Arc::new(account), options, meter: None })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("method", &self.method)
            .field("signature_version", &self.signature_version)
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}
