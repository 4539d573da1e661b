mod builder;
mod read;

use std::sync::Arc;
use std::time::Duration;

pub use builder::ClientBuilder;

use super::Top;
use super::app::App;
use super::protocol::TopCall;
use crate::error::Error;
use crate::limit::PermitWait;
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::Secret;
use crate::send::{CallState, PreparedRequest, Protocol};
use crate::sign::Stamp;

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
    permit_wait: PermitWait,
}

impl Client {
    /// The same client with another timeout for its calls than the one of its
    /// [`Settings`](crate::Settings::call_timeout). Cheap.
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

    /// The same client for the calls of a workflow. Such a call waits for the client's own limits as long as it is
    /// polled.
    pub(super) fn in_workflow(self) -> Self {
        Self { permit_wait: PermitWait::Unbounded, ..self }
    }

    /// Checks and signs an operation under a session.
    pub(super) fn prepare_as<O: Operation<Gateway = Top>>(
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
    pub(super) fn params<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<Params, Error> {
        operation.validate(self.app.sender.clock.now())?;
        Ok(Params::from_struct(operation)?)
    }

    /// Sends an operation that was checked and encoded.
    pub(super) async fn call<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        params: &Params,
        session: Option<&Secret>,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let app = &*self.app;
        app.sender.call(operation, &TopCall { app, session, method: O::NAME, params }, state).await
    }

    /// The state of a call that starts now.
    pub(super) fn new_call(&self) -> CallState {
        CallState::new(self.call_timeout, self.permit_wait)
    }
}

#[cfg(any(test, fuzzing))]
impl Client {
    /// The result of a call that got this response.
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
