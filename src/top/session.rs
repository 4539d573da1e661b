//! Where a shop's session comes from: one that is given, or a provider that knows thousands and refreshes them.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
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
    /// The shops whose session was refused before.
    refused: Mutex<HashMap<Arc<str>, Arc<Refused>>>,
}

/// What was done about a shop's refused session.
#[derive(Default)]
struct Refused {
    /// The session that was refused last, and the one that took its place. Locked while that one is found.
    replaced: AsyncMutex<Option<(Secret, Secret)>>,
    /// How often none was found.
    failures: AtomicU64,
}

impl Sessions {
    pub(super) fn new(provider: impl SessionProvider) -> Self {
        Self(Arc::new(Provided { provider: Box::new(provider), refused: Mutex::default() }))
    }

    fn refused(&self, shop: &Arc<str>) -> Arc<Refused> {
        let mut shops = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(shops.entry(Arc::clone(shop)).or_default())
    }

    async fn after_refusal(&self, shop: &Arc<str>, refused: &Secret) -> Option<Secret> {
        let known = self.refused(shop);
        let failures = known.failures.load(Ordering::Relaxed);
        let mut replaced = known.replaced.lock().await;
        if let Some((_, session)) = replaced.as_ref().filter(|(former, _)| former == refused) {
            return Some(session.clone());
        }
        if known.failures.load(Ordering::Relaxed) != failures {
            // What was tried while this call waited would fail again.
            return None;
        }
        let found = self.replacement(shop, refused).await;
        match &found {
            Some(session) => *replaced = Some((refused.clone(), session.clone())),
            None => _ = known.failures.fetch_add(1, Ordering::Relaxed),
        }
        found
    }

    async fn replacement(&self, shop: &str, refused: &Secret) -> Option<Secret> {
        // Somebody else may have refreshed it: another process, the seller.
        match self.0.provider.session(shop).await {
            Ok(session) if session != *refused => Some(session),
            _ => self.0.provider.refresh(shop, refused).await.ok(),
        }
    }

    /// Forgets a session that was refused, too, unless another one is being found at this moment.
    fn forget(&self, shop: &Arc<str>, refused: &Secret) {
        let known = self.refused(shop);
        if let Some(mut replaced) = known.replaced.try_lock()
            && replaced.as_ref().is_some_and(|(_, session)| session == refused)
        {
            *replaced = None;
        }
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

    /// To be told when the session that [`after_refusal`](Self::after_refusal) gave was refused, too.
    pub(super) fn forget(&self, refused: &Secret) {
        if let Self::Provided { sessions, shop } = self {
            sessions.forget(shop, refused);
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
