use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::Top;
use super::client::Client;
use super::session::{CallSession, SessionProvider, SessionSource, Sessions};
use crate::environment;
use crate::error::Error;
use crate::operation::Operation;
use crate::redact::Secret;
use crate::send::{CallState, Meter, PreparedRequest};
use crate::sign::Stamp;

impl Client {
    /// A seller's shop, with the session key of the seller's authorisation. Cheap.
    pub fn shop(&self, session: impl Into<Secret>) -> Shop {
        Shop {
            client: self.clone(),
            session: SessionSource::Fixed(CallSession::not_refused(session.into())),
            meter: None,
        }
    }

    /// The shops of many sellers. A provider returns and refreshes their sessions. Make it once: only clones of these
    /// [`Shops`] share what is known of refused sessions, and refresh a shop's session one at a time.
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
    /// let shop = shops.shop("seller-1"); // your own name of the shop, passed to the provider
    /// # Ok::<(), privacy_number::Error>(())
    /// ```
    pub fn shops(&self, provider: impl SessionProvider) -> Shops {
        Shops { client: self.clone(), sessions: Sessions::new(provider) }
    }
}

/// The shops of an application, with the provider of their sessions: [`Client::shops`].
#[derive(Debug, Clone)]
pub struct Shops {
    client: Client,
    sessions: Sessions,
}

impl Shops {
    /// A shop, with the name that the provider knows it by. Cheap.
    pub fn shop(&self, name: impl AsRef<str>) -> Shop {
        let session = SessionSource::Provided(self.sessions.of_shop(name.as_ref()));
        Shop { client: self.client.clone(), session, meter: None }
    }
}

/// A seller's shop: a [`Client`] and a session.
#[derive(Debug, Clone)]
pub struct Shop {
    client: Client,
    session: SessionSource,
    /// Counts what its calls use.
    meter: Option<Arc<dyn Meter>>,
}

impl Shop {
    /// Reads `TOP_SESSION` and the variables of [`Client::from_env`].
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Client::from_env()?.shop(environment::required("TOP_SESSION")?))
    }

    /// The same shop with another timeout for its calls: [`Client::with_call_timeout`].
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        Self { client: self.client.with_call_timeout(timeout), ..self.clone() }
    }

    /// Sends an operation with this shop's session.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<O::Output, Error> {
        self.send_as(operation, &mut self.new_call()).await
    }

    /// Sends an operation. `state` holds the call's deadline, and counts its attempts.
    pub(super) async fn send_as<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        self.client.send_as(operation, &self.session, state).await
    }

    /// The state of a call of this shop that starts now.
    pub(super) fn new_call(&self) -> CallState {
        self.client.new_call().metered(self.meter.clone())
    }

    /// The same shop, with a meter of its calls.
    #[cfg(feature = "store")]
    pub(crate) fn with_meter(&self, meter: Arc<dyn Meter>) -> Self {
        Self { meter: Some(meter), ..self.clone() }
    }

    /// The key of its application.
    #[cfg(feature = "store")]
    pub(crate) fn application(&self) -> &str {
        self.client.application()
    }

    /// The same shop for the calls of a workflow. Such a call waits for the client's own limits as long as it is
    /// polled.
    pub(super) fn in_workflow(mut self) -> Self {
        self.client = self.client.in_workflow();
        self
    }

    /// Checks and signs an operation with this shop's session, without sending it. Works outside a Tokio runtime if the
    /// session provider does.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that breaks a rule; [`SESSION_UNAVAILABLE`](super::SESSION_UNAVAILABLE).
    pub async fn prepare<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        self.client.prepare_as(operation, &self.session, stamp).await
    }

    /// Reads a response as [`Client::read`] does; it takes no session.
    ///
    /// # Errors
    /// Those of [`Client::read`].
    pub fn read<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        status: u16,
        body: impl Into<Bytes>,
    ) -> Result<O::Output, Error> {
        self.client.read(operation, status, body)
    }
}
