//! Where a client's credentials come from, and when they are asked for anew.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use futures_util::lock::Mutex as AsyncMutex;
use tokio::time::Instant;

use super::Credentials;

/// What a provider's own errors are turned into; their text is dropped, as it may hold a key.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// How long before their end credentials are renewed.
const RENEWED_BEFORE_END: TimeDelta = TimeDelta::minutes(3);

/// How long a renewal may hold up a call whose credentials still work.
const MOST_PATIENCE: Duration = Duration::from_secs(5);

/// How long credentials that still work are left alone after a renewal failed.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(10);

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
    /// How often it has answered.
    answers: AtomicU64,
    /// Until when it is not asked ahead of the end.
    left_alone_until: RwLock<Option<DateTime<Utc>>>,
}

impl CredentialsSource {
    pub(in crate::aliyun) fn provided(provider: impl CredentialsProvider) -> Self {
        Self::Provided(Arc::new(Provided {
            provider: Box::new(provider),
            latest: RwLock::default(),
            renewing: AsyncMutex::default(),
            answers: AtomicU64::default(),
            left_alone_until: RwLock::default(),
        }))
    }

    /// The credentials to sign a call with that must be over by `deadline`; `None` if the provider has none.
    pub(in crate::aliyun) async fn current(
        &self,
        now: DateTime<Utc>,
        deadline: Option<Instant>,
    ) -> Option<Arc<Credentials>> {
        match self {
            Self::Given(credentials) => Some(Arc::clone(credentials)),
            Self::Provided(provided) => provided.current(now, deadline).await,
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
    async fn current(&self, now: DateTime<Utc>, deadline: Option<Instant>) -> Option<Arc<Credentials>> {
        let is_fresh = |latest: &Arc<Credentials>| latest.is_valid_at(now, RENEWED_BEFORE_END);
        let is_valid = |latest: &Arc<Credentials>| latest.is_valid_at(now, TimeDelta::zero());
        let Some(usable) = self.latest().filter(is_valid) else {
            return self.new_one(is_valid).await;
        };
        if is_fresh(&usable) || self.is_left_alone(now) {
            return Some(usable);
        }
        // If somebody else renews them, these still work.
        let Some(_renewing) = self.renewing.try_lock() else { return Some(usable) };
        if let Some(renewed_meanwhile) = self.latest().filter(is_fresh) {
            return Some(renewed_meanwhile);
        }
        let time_left = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()));
        let patience = MOST_PATIENCE.min(time_left.div_f64(2.0));
        match tokio::time::timeout(patience, self.ask()).await {
            Ok(Some(renewed)) => Some(renewed),
            _ => {
                let until = now.checked_add_signed(PAUSE_AFTER_FAILURE);
                *self.left_alone_until.write().unwrap_or_else(PoisonError::into_inner) = until;
                Some(usable)
            }
        }
    }

    async fn after_refusal(&self, refused: &Credentials) -> Option<Arc<Credentials>> {
        let is_another = |latest: &Arc<Credentials>| **latest != *refused;
        self.new_one(is_another).await.filter(is_another)
    }

    /// What one call asks the provider for, and all others that wait get as well.
    async fn new_one(&self, is_it: impl Fn(&Arc<Credentials>) -> bool) -> Option<Arc<Credentials>> {
        let answers = self.answers.load(Ordering::Relaxed);
        let _renewing = self.renewing.lock().await;
        match self.latest().filter(is_it) {
            Some(renewed_meanwhile) => Some(renewed_meanwhile),
            // The answer that came while this call waited would come again.
            None if self.answers.load(Ordering::Relaxed) != answers => None,
            None => self.ask().await,
        }
    }

    async fn ask(&self) -> Option<Arc<Credentials>> {
        let answer = self.provider.credentials().await;
        self.answers.fetch_add(1, Ordering::Relaxed);
        let credentials = answer.ok().filter(|credentials| credentials.check().is_ok()).map(Arc::new)?;
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&credentials));
        Some(credentials)
    }

    fn is_left_alone(&self, now: DateTime<Utc>) -> bool {
        let until = *self.left_alone_until.read().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
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
