mod read;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use reqwest::Url;

use super::Top;
use super::decrypt_all::DecryptAll;
use super::error_code::refresh_can_help;
use super::oaid::ReceiverQuery;
use super::protocol::TopCall;
use super::session::{SessionProvider, SessionSource, Sessions};
use crate::environment;
use crate::error::{Advice, Error};
use crate::invalid::InvalidRequest;
use crate::limit::Patience;
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::{Private, Secret};
use crate::send::{CallState, Format, PreparedRequest, Protocol, Sender, Settings, endpoint};
use crate::sign::Stamp;
use crate::sign::top::SignMethod;

/// An application's client for the Taobao Open Platform. Make it once; clones share its connections.
///
/// ```
/// use privacy_number::top;
///
/// let client = top::Client::builder().app("12345678", "secret").build()?;
/// let shop = client.shop("session-key"); // cheap: one client serves thousands of shops
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    app: Arc<App>,
    call_timeout: Duration,
    patience: Patience,
}

/// What every call of an application needs.
pub(super) struct App {
    pub(super) key: Private,
    pub(super) secret: Secret,
    pub(super) endpoint: Url,
    pub(super) sign_method: SignMethod,
    pub(super) format: Format,
    sender: Sender,
}

impl Client {
    /// Starts with production, JSON and `hmac-sha256`.
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

    /// Reads `TOP_APP_KEY`, `TOP_APP_SECRET` and, if it is set, `TOP_ENDPOINT`.
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

    /// A seller's shop, by the session key of the seller's authorisation. Costs next to nothing.
    pub fn shop(&self, session: impl Into<Secret>) -> Shop {
        Shop { client: self.clone(), session: SessionSource::Given(session.into()) }
    }

    /// Many sellers' shops, whose sessions a provider knows and refreshes. Make it once: what is known of refused
    /// sessions, and that there is one refresh at a time for a shop, is shared by the clones of these [`Shops`] only.
    ///
    /// ```
    /// # use privacy_number::Secret;
    /// # use privacy_number::top::{Client, ProviderError, SessionProvider};
    /// # struct Database;
    /// # impl SessionProvider for Database {
    /// #     async fn session(&self, _: &str) -> Result<Secret, ProviderError> { Ok(Secret::from("session")) }
    /// #     async fn refresh(&self, _: &str, _: &Secret) -> Result<Secret, ProviderError> { Err("none".into()) }
    /// # }
    /// let shops = Client::builder().app("12345678", "secret").build()?.shops(Database);
    /// let shop = shops.shop("seller-1"); // a name of your own, given to the provider
    /// # Ok::<(), privacy_number::Error>(())
    /// ```
    pub fn shops(&self, provider: impl SessionProvider) -> Shops {
        Shops { client: self.clone(), sessions: Sessions::new(provider) }
    }

    /// The same client with another time-out for its calls than that of its
    /// [`Settings`](crate::Settings::call_timeout). Costs next to nothing.
    ///
    /// ```
    /// # async fn send(shop: privacy_number::top::Shop, decrypt: privacy_number::top::OaidDecrypt) -> Result<(), privacy_number::Error> {
    /// let answer = shop.with_call_timeout(std::time::Duration::from_secs(3)).send(&decrypt).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        Self { call_timeout: timeout, ..self.clone() }
    }

    /// Sends an operation without a session, such as [`OaidClientDecrypt`](super::OaidClientDecrypt).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<O::Output, Error> {
        let params = self.params(operation)?;
        self.call(operation, &params, None, &mut self.new_call()).await
    }

    /// Checks and signs an operation without sending it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that breaks a rule.
    pub fn prepare<O: Operation<Gateway = Top>>(&self, operation: &O, stamp: &Stamp) -> Result<PreparedRequest, Error> {
        self.prepare_as(operation, None, stamp)
    }

    fn prepare_as<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        session: Option<&Secret>,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        operation.validate(stamp.time)?;
        let params = Params::from_struct(operation)?;
        Ok(TopCall { app: &self.app, session, method: O::NAME, params: &params }.request(stamp).into())
    }

    /// Checks and encodes an operation.
    fn params<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<Params, Error> {
        operation.validate(self.app.sender.clock.now())?;
        Ok(Params::from_struct(operation)?)
    }

    async fn call<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        params: &Params,
        session: Option<&Secret>,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let app = &*self.app;
        app.sender.call(operation, &TopCall { app, session, method: O::NAME, params }, state).await
    }

    fn new_call(&self) -> CallState {
        CallState::new(self.call_timeout, self.patience)
    }
}

#[cfg(any(test, fuzzing))]
impl Client {
    /// What a call comes to when this is its answer.
    pub(crate) fn answered<O: Operation<Gateway = Top>>(
        &self,
        answer: &crate::send::RawAnswer,
    ) -> Result<O::Output, Error>
    where
        O::Output: PartialEq,
    {
        let (app, params) = (&*self.app, &Params::new());
        app.sender.answered::<O>(&TopCall { app, session: None, method: O::NAME, params }, answer)
    }
}

/// The shops of an application, with the provider of their sessions: [`Client::shops`].
#[derive(Debug, Clone)]
pub struct Shops {
    client: Client,
    sessions: Sessions,
}

impl Shops {
    /// A shop, by the name that the provider knows it by. Costs next to nothing.
    pub fn shop(&self, name: impl AsRef<str>) -> Shop {
        let session = SessionSource::Provided { sessions: self.sessions.clone(), shop: name.as_ref().into() };
        Shop { client: self.client.clone(), session }
    }
}

/// A seller's shop: a [`Client`] and a session.
#[derive(Debug, Clone)]
pub struct Shop {
    client: Client,
    session: SessionSource,
}

impl Shop {
    /// Reads `TOP_SESSION` and what [`Client::from_env`] reads.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Client::from_env()?.shop(environment::required("TOP_SESSION")?))
    }

    /// The same shop with another time-out for its calls: [`Client::with_call_timeout`].
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        Self { client: self.client.with_call_timeout(timeout), session: self.session.clone() }
    }

    /// Sends an operation under this shop's session.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<O::Output, Error> {
        self.send_as(operation, &mut self.new_call()).await
    }

    /// Sends an operation as a call whose time and attempts the caller sees.
    pub(super) async fn send_as<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let params = self.client.params(operation)?;
        let session = self.session.current(O::NAME, state.deadline).await?;
        let refusal = match self.client.call(operation, &params, Some(&session.sent), state).await {
            Err(error) if refuses_the_session(&error) => error,
            result => {
                if result.is_ok() {
                    self.session.accepted(&session);
                }
                return result;
            }
        };
        // A refused session means that nothing was executed, so even a call that may run once is sent again.
        let session = self.session.after_refusal(session, &refusal, state.deadline).await?;
        let result = self.client.call(operation, &params, Some(&session.sent), state).await;
        match &result {
            Ok(_) => self.session.accepted(&session),
            Err(error) if refuses_the_session(error) => self.session.refused_again(&session, error),
            Err(_) => {}
        }
        result
    }

    /// The state of a call of this shop that starts now.
    pub(super) fn new_call(&self) -> CallState {
        self.client.new_call()
    }

    /// The same shop for the calls of a workflow, which wait for the client's own limits as long as they are polled.
    pub(super) fn in_workflow(mut self) -> Self {
        self.client.patience = Patience::OfWorkflow;
        self
    }

    /// Checks and signs an operation under this shop's session, without sending it. Works outside a Tokio runtime too, if
    /// the provider of the session does.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that breaks a rule; [`SESSION_UNAVAILABLE`](super::SESSION_UNAVAILABLE).
    pub async fn prepare<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        let session = self.session.current(O::NAME, self.new_call().deadline).await?;
        self.client.prepare_as(operation, Some(&session.sent), stamp)
    }

    /// Decrypts any number of orders, in calls of at most 20: a stream with one result for each query, in input order.
    /// A bad order does not cost the others of its call.
    pub fn decrypt_all<I>(&self, queries: I) -> DecryptAll
    where
        I: IntoIterator<Item = ReceiverQuery>,
        I::IntoIter: Send + 'static,
    {
        self.decrypt_stream(stream::iter(queries))
    }

    /// As [`decrypt_all`](Self::decrypt_all), with the queries from a stream: a database cursor, a channel.
    pub fn decrypt_stream(&self, queries: impl Stream<Item = ReceiverQuery> + Send + 'static) -> DecryptAll {
        DecryptAll::new(self.clone(), queries)
    }
}

/// Whether the session was refused, and another one may be accepted.
fn refuses_the_session(error: &Error) -> bool {
    error.advice() == Advice::RefreshSession
        && error.code().is_some_and(|code| refresh_can_help(code, error.sub_code()))
}

/// Where TOP is. `Debug` does not show an address of your own, which may hold a password by mistake.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Endpoint {
    /// `https://gw.api.taobao.com/router/rest`
    #[default]
    Production,
    /// `https://api.taobao.com/router/rest`, for callers in Europe and America.
    Overseas,
    /// `https://gw.api.tbsandbox.com/router/rest`, the platform's own test environment. Old documents name it; whether
    /// the OAID methods exist there is not known.
    #[doc(alias = "沙箱")]
    Sandbox,
    /// Another one, with its path `/router/rest`: a proxy, the emulator.
    Custom(String),
}

impl Endpoint {
    fn as_str(&self) -> &str {
        match self {
            Self::Production => "https://gw.api.taobao.com/router/rest",
            Self::Overseas => "https://api.taobao.com/router/rest",
            Self::Sandbox => "https://gw.api.tbsandbox.com/router/rest",
            Self::Custom(url) => url,
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "Production",
            Self::Overseas => "Overseas",
            Self::Sandbox => "Sandbox",
            Self::Custom(_) => "Custom(..)",
        })
    }
}

impl From<&str> for Endpoint {
    fn from(url: &str) -> Self {
        Self::Custom(url.to_owned())
    }
}

impl From<String> for Endpoint {
    fn from(url: String) -> Self {
        Self::Custom(url)
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

    /// Where TOP is; production by default.
    pub fn endpoint(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.endpoint = endpoint.into();
        self
    }

    /// The digest of the signature; `hmac-sha256` by default.
    pub fn sign_method(mut self, method: SignMethod) -> Self {
        self.sign_method = method;
        self
    }

    /// The language of the answers; JSON by default.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
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
        Ok(Client { call_timeout: app.sender.call_timeout, app: Arc::new(app), patience: Patience::default() })
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("endpoint", &self.endpoint.as_str())
            .field("sign_method", &self.sign_method)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}
