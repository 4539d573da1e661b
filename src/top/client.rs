mod builder;
mod read;

use std::sync::Arc;
use std::time::Duration;

pub use builder::ClientBuilder;

use super::Top;
use super::app::App;
use super::protocol::TopCall;
use super::session::SessionSource;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::params::Params;
use crate::send::{CallOptions, CallState, PreparedRequest, Protocol, params_at};
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
    options: CallOptions,
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
        Self { options: self.options.with_timeout(timeout), ..self.clone() }
    }

    /// Sends an operation without a session, such as [`OaidClientDecrypt`](super::OaidClientDecrypt).
    ///
    /// # Errors
    /// See [`Error`]. [`Error::Invalid`] if the operation [needs a session](crate::SessionUse::Required).
    pub async fn send<O: Operation<Gateway = Top>>(&self, operation: &O) -> Result<O::Output, Error> {
        check_session_use::<O>()?;
        self.send_without_session(operation, &mut self.options.start()).await
    }

    async fn send_without_session<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let sender = &self.app.sender;
        let params = sender.params(operation)?;
        sender.call(operation, &self.top_call::<O>(&params), state).await
    }

    /// Checks and signs an operation without sending it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that breaks a rule, or with `session` if the operation needs one.
    pub fn prepare<O: Operation<Gateway = Top>>(&self, operation: &O, stamp: &Stamp) -> Result<PreparedRequest, Error> {
        check_session_use::<O>()?;
        let params = params_at(operation, stamp.time)?;
        Ok(self.top_call::<O>(&params).request(stamp).into())
    }

    /// The same client for the calls of a workflow. Such a call waits for the client's own limits as long as it is
    /// polled.
    pub(super) fn in_workflow(self) -> Self {
        Self { options: self.options.of_workflow(), ..self }
    }

    /// Sends an operation with a session of `source`.
    pub(super) async fn send_as<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        source: &SessionSource,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        if O::SESSION == SessionUse::Never {
            return self.send_without_session(operation, state).await;
        }
        let sender = &self.app.sender;
        let params = sender.params(operation)?;
        sender.call_as(operation, &self.top_call::<O>(&params), source, state).await
    }

    /// Checks an operation and signs it with a session of `source`.
    pub(super) async fn prepare_as<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        source: &SessionSource,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        if O::SESSION == SessionUse::Never {
            return self.prepare(operation, stamp);
        }
        let params = params_at(operation, stamp.time)?;
        self.app.sender.prepare_as::<O, _>(&self.top_call::<O>(&params), source, stamp, &self.options.start()).await
    }

    /// The key of the application.
    #[cfg(feature = "store")]
    pub(super) fn application(&self) -> &str {
        self.app.key.expose()
    }

    /// The state of a call that starts now.
    pub(super) fn new_call(&self) -> CallState {
        self.options.start()
    }

    /// A call of a method, without a session.
    fn top_call<'a, O: Operation<Gateway = Top>>(&'a self, params: &'a Params) -> TopCall<'a> {
        TopCall { app: &self.app, session: None, method: O::NAME, params }
    }
}

/// Refuses an operation that needs a session where there is none.
fn check_session_use<O: Operation>() -> Result<(), InvalidRequest> {
    if O::SESSION == SessionUse::Required {
        return Err(InvalidRequest::new("session", "is required: send the operation through a shop"));
    }
    Ok(())
}

#[cfg(any(test, fuzzing))]
impl Client {
    /// The result of a call that got this response.
    pub(crate) fn answered<O: Operation<Gateway = Top>>(
        &self,
        answer: &crate::send::RawResponse,
    ) -> Result<O::Output, Error>
    where
        O::Output: PartialEq,
    {
        self.app.sender.answered::<O>(&self.top_call::<O>(&Params::new()), answer)
    }
}
