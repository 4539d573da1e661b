//! Where a client's credentials come from, and when they are asked for anew.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use futures_util::lock::Mutex as AsyncMutex;

use super::Credentials;

/// What a provider's own errors are turned into; their text is dropped, as it may hold a key.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// How long before their end credentials are renewed.
const RENEWED_BEFORE_END: TimeDelta = TimeDelta::minutes(3);

/// Gives the credentials of an account: a vault, a file, a role.
///
/// A client keeps them until shortly before they expire, or until the gateway refuses them. One task renews them for
/// all calls that wait; when that fails, the old ones are used as long as they are valid.
///
/// ```
/// use privacy_number::aliyun::{Client, Credentials, CredentialsProvider, ProviderError};
///
/// struct Vault;
///
/// impl CredentialsProvider for Vault {
///     async fn credentials(&self) -> Result<Credentials, ProviderError> {
///         Ok(Credentials::new("id", "secret"))
///     }
/// }
///
/// let client = Client::builder().credentials_provider(Vault).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
pub trait CredentialsProvider: Send + Sync + 'static {
    /// Credentials that are valid now. Never called twice at once by one client.
    fn credentials(&self) -> impl Future<Output = Result<Credentials, ProviderError>> + Send;
}

/// A provider that can be stored.
trait AnyProvider: Send + Sync {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, ProviderError>>;
}

impl<P: CredentialsProvider> AnyProvider for P {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, ProviderError>> {
        Box::pin(CredentialsProvider::credentials(self))
    }
}

/// Where a client's credentials come from.
#[derive(Clone)]
pub(in crate::aliyun) enum CredentialsSource {
    Given(Arc<Credentials>),
    Provided(Arc<Provided>),
}

pub(in crate::aliyun) struct Provided {
    provider: Box<dyn AnyProvider>,
    latest: RwLock<Option<Arc<Credentials>>>,
    /// Held while the provider is asked.
    renewing: AsyncMutex<()>,
}

impl CredentialsSource {
    pub(in crate::aliyun) fn provided(provider: impl CredentialsProvider) -> Self {
        Self::Provided(Arc::new(Provided {
            provider: Box::new(provider),
            latest: RwLock::default(),
            renewing: AsyncMutex::default(),
        }))
    }

    /// The credentials to sign a call with; `None` if the provider has none.
    pub(in crate::aliyun) async fn current(&self, now: DateTime<Utc>) -> Option<Arc<Credentials>> {
        match self {
            Self::Given(credentials) => Some(Arc::clone(credentials)),
            Self::Provided(provided) => provided.current(now).await,
        }
    }

    /// Other credentials than those that the gateway refused; `None` if there are none.
    pub(in crate::aliyun) async fn after_refusal(&self, refused: &Credentials) -> Option<Arc<Credentials>> {
        match self {
            Self::Given(_) => None,
            Self::Provided(provided) => provided.after_refusal(refused).await,
        }
    }
}

impl Provided {
    async fn current(&self, now: DateTime<Utc>) -> Option<Arc<Credentials>> {
        let latest = self.latest();
        if let Some(fresh) = latest.as_ref().filter(|latest| latest.is_valid_at(now, RENEWED_BEFORE_END)) {
            return Some(Arc::clone(fresh));
        }
        let usable = latest.filter(|latest| latest.is_valid_at(now, TimeDelta::zero()));
        let renewing = match (self.renewing.try_lock(), &usable) {
            (Some(renewing), _) => renewing,
            // Somebody else renews them, and these still work.
            (None, Some(_)) => return usable,
            (None, None) => self.renewing.lock().await,
        };
        let renewed = match self.latest().filter(|latest| latest.is_valid_at(now, RENEWED_BEFORE_END)) {
            Some(renewed_meanwhile) => Some(renewed_meanwhile),
            None => self.ask().await,
        };
        drop(renewing);
        renewed.or(usable)
    }

    async fn after_refusal(&self, refused: &Credentials) -> Option<Arc<Credentials>> {
        let _renewing = self.renewing.lock().await;
        match self.latest().filter(|latest| **latest != *refused) {
            Some(renewed_meanwhile) => Some(renewed_meanwhile),
            None => self.ask().await.filter(|renewed| **renewed != *refused),
        }
    }

    async fn ask(&self) -> Option<Arc<Credentials>> {
        let credentials = Arc::new(self.provider.credentials().await.ok()?);
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&credentials));
        Some(credentials)
    }

    fn latest(&self) -> Option<Arc<Credentials>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "Given(***)",
            Self::Provided(_) => "Provided",
        })
    }
}
