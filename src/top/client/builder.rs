use std::sync::Arc;

use super::Client;
use crate::environment;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::limit::PermitWait;
use crate::redact::{Private, Secret};
use crate::send::{Format, Sender, Settings, endpoint};
use crate::sign::top::SignMethod;
use crate::top::app::App;
use crate::top::endpoint::Endpoint;

impl Client {
    /// A builder with the defaults: production, JSON responses and `hmac-sha256`.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            key: Private::default(),
            secret: Secret::from(""),
            endpoint: Endpoint::Production,
            sign_method: SignMethod::default(),
            format: Format::default(),
            settings: Settings::new(),
        }
    }

    /// Reads `TOP_APP_KEY`, `TOP_APP_SECRET` and, if set, `TOP_ENDPOINT`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        let mut builder =
            Self::builder().app(environment::required("TOP_APP_KEY")?, environment::required("TOP_APP_SECRET")?);
        if let Some(endpoint) = environment::optional("TOP_ENDPOINT") {
            builder = builder.endpoint(Endpoint::Custom(endpoint));
        }
        builder.build()
    }
}

/// Builds a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    key: Private,
    secret: Secret,
    endpoint: Endpoint,
    sign_method: SignMethod,
    format: Format,
    settings: Settings,
}

impl ClientBuilder {
    /// The application's key and secret. Required.
    pub fn app(mut self, key: impl Into<Private>, secret: impl Into<Secret>) -> Self {
        self.key = key.into();
        self.secret = secret.into();
        self
    }

    /// The URL of the gateway; production by default.
    pub fn endpoint(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.endpoint = endpoint.into();
        self
    }

    /// The digest of the signature; `hmac-sha256` by default.
    pub fn sign_method(mut self, method: SignMethod) -> Self {
        self.sign_method = method;
        self
    }

    /// The format of the responses; JSON by default.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Timeouts, retries, limits and the HTTP client.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Checks the settings and makes the client. Sends nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty key or secret, or an endpoint that is neither HTTPS nor on this machine.
    pub fn build(self) -> Result<Client, Error> {
        if self.key.expose().is_empty() {
            return Err(InvalidRequest::new("app_key", "must not be empty").into());
        }
        if self.secret.is_empty() {
            return Err(InvalidRequest::new("app_secret", "must not be empty").into());
        }
        let app = App {
            key: self.key,
            secret: self.secret,
            endpoint: endpoint::parse(self.endpoint.as_str(), "/router/rest", self.settings.plain_http_allowed)?,
            sign_method: self.sign_method,
            format: self.format,
            sender: Sender::new(self.settings)?,
        };
        Ok(Client { call_timeout: app.sender.call_timeout, app: Arc::new(app), permit_wait: PermitWait::default() })
    }
}
