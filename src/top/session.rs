//! Where a shop's session comes from: one that is given, or a provider that knows thousands and refreshes them.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use futures_util::lock::Mutex as AsyncMutex;

use crate::redact::Secret;

/// What a provider's own errors are turned into; their text is dropped, as it may hold a session.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// Knows the sessions of an application's shops.
///
/// It is asked for the session at every call, so that keys can be rotated without a restart; answer from memory. When
/// TOP refuses a session, one task refreshes it for all calls of that shop that wait, and each of these calls is tried
/// once more: [`Client::shops`](super::Client::shops).
///
/// ```
/// use privacy_number::Secret;
/// use privacy_number::top::{ProviderError, SessionProvider};
///
/// struct Database;
///
/// impl SessionProvider for Database {
///     async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
///         Ok(Secret::from(format!("session of {shop}"))) // SELECT session FROM shops WHERE ...
///     }
///
///     async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
///         Err("the seller must authorise again".into()) // or use the refresh token, and store the new session
///     }
/// }
/// ```
#[doc(alias = "授权")]
pub trait SessionProvider: Send + Sync + 'static {
    /// The shop's session, as it is now.
    fn session(&self, shop: &str) -> impl Future<Output = Result<Secret, ProviderError>> + Send;

    /// A new session in place of one that TOP refused. Never called twice at once for a shop.
    fn refresh(&self, shop: &str, refused: &Secret) -> impl Future<Output = Result<Secret, ProviderError>> + Send;
}

/// A provider that can be stored.
trait AnyProvider: Send + Sync {
    fn session<'a>(&'a self, shop: &'a str) -> BoxFuture<'a, Result<Secret, ProviderError>>;
    fn refresh<'a>(&'a self, shop: &'a str, refused: &'a Secret) -> BoxFuture<'a, Result<Secret, ProviderError>>;
}

impl<P: SessionProvider> AnyProvider for P {
    fn session<'a>(&'a self, shop: &'a str) -> BoxFuture<'a, Result<Secret, ProviderError>> {
        Box::pin(SessionProvider::session(self, shop))
    }

    fn refresh<'a>(&'a self, shop: &'a str, refused: &'a Secret) -> BoxFuture<'a, Result<Secret, ProviderError>> {
        Box::pin(SessionProvider::refresh(self, shop, refused))
    }
}

/// The sessions of many shops.
#[derive(Clone)]
pub(super) struct Sessions(Arc<Provided>);

struct Provided {
    provider: Box<dyn AnyProvider>,
    /// The last refreshed session of each shop that needed one. The inner lock is held while it is refreshed.
    refreshed: Mutex<HashMap<Arc<str>, Slot>>,
}

type Slot = Arc<AsyncMutex<Option<Secret>>>;

impl Sessions {
    pub(super) fn new(provider: impl SessionProvider) -> Self {
        Self(Arc::new(Provided { provider: Box::new(provider), refreshed: Mutex::default() }))
    }

    async fn after_refusal(&self, shop: &Arc<str>, refused: &Secret) -> Option<Secret> {
        let slot = {
            let mut slots = self.0.refreshed.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(Arc::clone(shop)).or_default())
        };
        let mut latest = slot.lock().await;
        if let Some(session) = latest.as_ref().filter(|session| *session != refused) {
            return Some(session.clone());
        }
        let session = self.0.provider.refresh(shop, refused).await.ok()?;
        *latest = Some(session.clone());
        Some(session)
    }
}

/// Where one shop's session comes from.
#[derive(Clone)]
pub(super) enum SessionSource {
    Given(Secret),
    Provided { sessions: Sessions, shop: Arc<str> },
}

impl SessionSource {
    /// The session to send a call with; `None` if the provider has none.
    pub(super) async fn current(&self) -> Option<Secret> {
        match self {
            Self::Given(session) => Some(session.clone()),
            Self::Provided { sessions, shop } => sessions.0.provider.session(shop).await.ok(),
        }
    }

    /// Another session than the one that TOP refused; `None` if there is none.
    pub(super) async fn after_refusal(&self, refused: &Secret) -> Option<Secret> {
        match self {
            Self::Given(_) => None,
            Self::Provided { sessions, shop } => sessions.after_refusal(shop, refused).await,
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

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}
