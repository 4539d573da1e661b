//! Where a shop's session comes from: one that is given, or a provider that knows thousands and refreshes them.

mod memory;
mod sessions;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::time::Instant;

pub(super) use sessions::Sessions;

pub use crate::provider::ProviderError;

use crate::error::Error;
use crate::redact::Secret;

/// Knows the sessions of an application's shops.
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::top::{NoSession, ProviderError, SessionProvider};
///
/// struct Database;
///
/// impl SessionProvider for Database {
///     async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
///         Ok(Secret::from(format!("session of {shop}"))) // SELECT session FROM shops WHERE ...
///     }
///
///     async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
///         Err(NoSession.into()) // or use the refresh token, and store the new session
///     }
/// }
/// ```
///
/// # What a provider may rely on
/// - [`session`](Self::session) is called at every call, on the path of that call, which waits for it: answer from
///   memory. It is called once more at the beginning of every refresh.
/// - [`refresh`](Self::refresh) is called only after TOP refused the shop's session, and only if `session` still gives
///   the refused one: what another process has stored meanwhile is used without a refresh. It is not called for
///   refusals that no new session cures: the codes 42 and 53, and `isv.prohibit-masteraccount`.
/// - A refresh runs in a task of its own, on the runtime of the call that began it. It is finished whatever becomes of
///   that call: dropped, or out of time. All calls of the shop that wait get its result, each within its own time. A
///   result that comes later is used by the next call.
/// - There is one refresh at a time for a shop, among all clones of a [`Shops`](super::Shops). Other processes, and a
///   second [`Client::shops`](super::Client::shops), know nothing of it.
/// - A refresh ends early only if its runtime is shut down, or after 2 minutes. If its runtime is not driven (no poll
///   for 5 seconds, while it does not block its thread), the next call that waits begins another, and the first is not
///   polled again. Outside a runtime ([`Shop::prepare`](super::Shop::prepare)) the caller itself runs the refresh.
/// - After a refresh that failed, or that gave a session that TOP refuses as well, there is a pause: 1 second, doubled
///   with each further failure, 60 seconds at most. Meanwhile the shop is not refreshed, and a call for which `session`
///   still gives a refused session fails without being sent, with the code of the refusal. As soon as `session` gives
///   another one, calls go out again.
///
/// # What becomes of its errors
/// - An error of `session` fails the call before anything is sent, with the code
///   [`SESSION_UNAVAILABLE`](super::SESSION_UNAVAILABLE) and [`Advice::Retry`](crate::Advice::Retry): a store that is
///   down is no reason to bother the seller. [`NoSession`] makes it
///   [`Advice::RefreshSession`](crate::Advice::RefreshSession). An [`Error`] of this crate keeps its own advice.
/// - An error of `refresh` fails the waiting calls with TOP's refusal of the session, which says
///   [`Advice::RefreshSession`](crate::Advice::RefreshSession). A panic counts as an error.
/// - A call whose time ends before the refresh fails with TOP's refusal as well, and [`Advice::Retry`](crate::Advice).
/// - The error itself is the [`source`](std::error::Error::source) of the call's error. The log says that the provider
///   failed, in a warning with the provider's type and without the error's text, at most every 10 seconds.
#[doc(alias = "授权")]
pub trait SessionProvider: Send + Sync + 'static {
    /// The shop's session, as it is now.
    fn session(&self, shop: &str) -> impl Future<Output = Result<Secret, ProviderError>> + Send;

    /// A new session in place of one that TOP refused. Store it: [`session`](Self::session) must give it from now on.
    fn refresh(&self, shop: &str, refused: &Secret) -> impl Future<Output = Result<Secret, ProviderError>> + Send;
}

/// The error of a [`SessionProvider`] whose store answers, and has no session for the shop: the seller must authorise
/// the application. It is not logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, thiserror::Error)]
#[error("there is no session for this shop: the seller must authorise the application")]
#[expect(clippy::exhaustive_structs, reason = "a unit struct is constructed by its name")]
pub struct NoSession;

/// Where one shop's session comes from.
#[derive(Clone)]
pub(super) enum SessionSource {
    Given(Secret),
    Provided { sessions: Sessions, shop: Arc<str> },
}

/// The session of one call.
#[derive(Clone)]
pub(super) struct CallSession {
    /// What the provider gave.
    given: Secret,
    /// What is sent: the same, or what a refresh gave in its place.
    pub(super) sent: Secret,
    /// Whether the shop had a session refused before.
    is_doubtful: bool,
}

impl SessionSource {
    /// The session to send a call with that must be over by `deadline`.
    pub(super) async fn current(
        &self,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<CallSession, Error> {
        match self {
            Self::Given(session) => {
                Ok(CallSession { given: session.clone(), sent: session.clone(), is_doubtful: false })
            }
            Self::Provided { sessions, shop } => sessions.current(shop, operation, deadline).await,
        }
    }

    /// Another session than the one that TOP refused; the refusal itself if there is none.
    pub(super) async fn after_refusal(
        &self,
        session: CallSession,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<CallSession, Error> {
        match self {
            Self::Given(_) => Err(refusal.clone()),
            Self::Provided { sessions, shop } => sessions.after_refusal(shop, session, refusal, deadline).await,
        }
    }

    /// To be told when TOP accepted a session.
    pub(super) fn accepted(&self, session: &CallSession) {
        if let Self::Provided { sessions, shop } = self
            && session.is_doubtful
        {
            sessions.accepted(shop);
        }
    }

    /// To be told when TOP refused the session that [`after_refusal`](Self::after_refusal) gave, too.
    pub(super) fn refused_again(&self, session: &CallSession, refusal: &Error) {
        if let Self::Provided { sessions, shop } = self {
            sessions.refused_again(shop, session, refusal);
        }
    }
}

impl fmt::Debug for SessionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "Given(***)",
            Self::Provided { .. } => "Provided",
        })
    }
}
