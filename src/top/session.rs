//! The source of a shop's session: a fixed session, or a provider that returns and refreshes the sessions of many
//! shops.

mod memory;
mod sessions;

use std::future::Future;
use std::sync::Arc;

pub(super) use sessions::{Sessions, ShopSessions};

pub use crate::provider::ProviderError;

use crate::redact::Secret;
use crate::send::IdentitySource;

/// Returns and refreshes the sessions of an application's shops. [`RefreshedSessions`](super::RefreshedSessions) is one
/// that refreshes them, over your own storage.
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::top::{AuthTokenRefresh, Client, NoSession, ProviderError, SessionProvider};
///
/// struct Database {
///     client: Client,
/// }
/// # impl Database {
/// #     async fn refresh_token(&self, _: &str) -> Option<Secret> { None }
/// #     async fn store(&self, _: &str, _: &Secret, _: Option<&Secret>) {}
/// # }
///
/// impl SessionProvider for Database {
///     async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
///         Ok(Secret::from(format!("session of {shop}"))) // SELECT session FROM shops WHERE ...
///     }
///
///     async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
///         let refresh_token = self.refresh_token(shop).await.ok_or(NoSession)?;
///         let token = self.client.send(&AuthTokenRefresh::new(refresh_token)).await?.token_result;
///         self.store(shop, &token.access_token, token.refresh_token.as_ref()).await;
///         Ok(token.access_token)
///     }
/// }
/// ```
///
/// # Calls of the provider
/// - The client calls [`session`](Self::session) in every call and at the start of every refresh. The call waits for
///   it, so return the session from memory.
/// - The client calls [`refresh`](Self::refresh) only after TOP refused the shop's session, and only if `session` still
///   returns the refused one. If another process has stored a new session meanwhile, the client uses that session
///   without a refresh. It does not call `refresh` for refusals that a new session cannot resolve: the codes 42 and 53,
///   and `isv.prohibit-masteraccount`.
/// - A refresh runs in its own task, on the runtime of the call that started it. It continues if that call is dropped
///   or times out. All waiting calls of the shop get its result, each until its own deadline. A later result is used by
///   the next call.
/// - One refresh runs at a time for a shop, among all clones of a [`Shops`](super::Shops). Other processes, and a
///   second [`Client::shops`](super::Client::shops), may run another one.
/// - A refresh ends early only if its runtime is shut down, or after 2 minutes. If its runtime does not poll it for 5
///   seconds (and it does not block its thread), the next waiting call starts another one, and the first is not polled
///   again. Outside a runtime ([`Shop::prepare`](super::Shop::prepare)) the calling code itself runs the refresh.
/// - A backoff follows a failed refresh. It also follows if TOP refuses the new session too. It takes 1 second, doubled
///   with each further failure, 60 seconds at most. During the backoff the shop is not refreshed. A call for which
///   `session` returns a refused session fails without being sent, with the code of the refusal. When `session` returns
///   another session, calls are sent again.
///
/// # Errors of a provider
/// - An error of `session` fails the call before anything is sent. The code is
///   [`SESSION_UNAVAILABLE`](super::SESSION_UNAVAILABLE), the advice is [`Advice::Retry`](crate::Advice::Retry): if the
///   store is down, the seller need not authorise again. For [`NoSession`] the advice is
///   [`Advice::RefreshSession`](crate::Advice::RefreshSession). An [`Error`](crate::Error) of this crate keeps its own
///   advice.
/// - An error of `refresh` fails the waiting calls with TOP's refusal of the session, whose advice is
///   [`Advice::RefreshSession`](crate::Advice::RefreshSession). A panic counts as an error.
/// - A call whose deadline passes before the refresh ends fails with TOP's refusal too, and with
///   [`Advice::Retry`](crate::Advice::Retry).
/// - The error itself is the [`source`](std::error::Error::source) of the call's error. A warning in the log
///   names the provider's type, without the error's text, at most every 10 seconds.
#[doc(alias = "授权")]
pub trait SessionProvider: Send + Sync + 'static {
    /// The shop's session, as it is now.
    fn session(&self, shop: &str) -> impl Future<Output = Result<Secret, ProviderError>> + Send;

    /// A new session in place of one that TOP refused. Store it: [`session`](Self::session) must return it from now on.
    fn refresh(&self, shop: &str, refused: &Secret) -> impl Future<Output = Result<Secret, ProviderError>> + Send;
}

/// The error of a [`SessionProvider`] whose store is up, but has no session for the shop: the seller must authorise
/// the application. It is not logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, thiserror::Error)]
#[error("there is no session for this shop: the seller must authorise the application")]
#[expect(clippy::exhaustive_structs, reason = "a unit struct is constructed by its name")]
pub struct NoSession;

/// The source of one shop's session.
pub(super) type SessionSource = IdentitySource<ShopSessions>;

/// The session of one call.
#[derive(Clone)]
pub(super) struct CallSession {
    /// The session that the provider returned.
    provided: Secret,
    /// The session that is sent: the same, or the result of a refresh.
    pub(super) sent: Secret,
    /// Whether TOP refused a session of the shop before.
    was_refused_before: bool,
}

impl CallSession {
    /// A session that is sent as the provider returned it.
    pub(super) fn not_refused(session: Secret) -> Arc<Self> {
        Arc::new(Self { provided: session.clone(), sent: session, was_refused_before: false })
    }
}
