use std::sync::Arc;

use super::Client;
use crate::environment;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};
use crate::send::{SenderBuilder, sender_setters};
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
            sender: SenderBuilder::default(),
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
    sender: SenderBuilder,
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

    sender_setters!();

    /// Checks the settings and makes the client. Sends nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty key or secret, or an endpoint that is neither HTTPS nor on this machine.
    pub fn build(self) -> Result<Client, Error> {
        InvalidRequest::unless_empty("app_key", self.key.expose())?;
        InvalidRequest::unless_empty("app_secret", self.secret.expose())?;
        let endpoint = self.sender.endpoint(self.endpoint.as_str(), "/router/rest")?;
        let (sender, options) = self.sender.build()?;
        let app = App { key: self.key, secret: self.secret, endpoint, sign_method: self.sign_method, sender };
        Ok(Client { app: Arc::new(app), options })
    }
}
