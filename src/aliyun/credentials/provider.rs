//! The source of a client's credentials, and when the provider is asked again.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::time::Instant;

pub use crate::provider::ProviderError;

use super::Credentials;
use super::memory::{Known, Memory, Next, ProviderResult};
use crate::aliyun::error_code::{CREDENTIALS_UNAVAILABLE, own_error};
use crate::error::{Advice, Error, ProviderCause};
use crate::provider::{self, MAX_REFRESHES_PER_CALL, ProviderLog, SharedTask, in_time, lock};

const NOT_IN_TIME: &str = "the credentials provider gave no answer in time";
const NOT_OVER: &str = "the key was refused, and the credentials provider has not answered yet";
const HELD_BACK: &str = "not sent: the key was refused a moment ago, and there is no other one";

/// Returns the credentials of an account, for example from a secret store, a file or a RAM role.
///
/// ```
/// use privacy_number::aliyun::{Client, Credentials, CredentialsProvider, ProviderError};
///
/// struct SecretStore;
///
/// impl CredentialsProvider for SecretStore {
///     async fn credentials(&self) -> Result<Credentials, ProviderError> {
///         Ok(Credentials::new("id", "secret"))
///     }
/// }
///
/// let client = Client::builder().credentials_provider(SecretStore).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
///
/// # Calls of the provider
/// - The client calls the provider before its first request, from 3 minutes before the credentials expire, and after
///   the gateway refused the key. Otherwise it uses cached credentials.
/// - A client and its clones never call the provider concurrently.
/// - Each call of the provider runs in its own task, on the runtime of the request that needs it. The task continues if
///   that request is dropped or times out. All waiting requests get the result, each until its own deadline. A later
///   result is used by the next request.
/// - Credentials that are still valid are used during a renewal: no request waits for it.
/// - A task ends early only if its runtime is shut down, or after 2 minutes. If its runtime does not poll it for 5
///   seconds (and it does not block its thread), the next waiting request calls the provider again, and the first task
///   is not polled again. Outside a runtime ([`Client::prepare`](crate::aliyun::Client::prepare)) the calling code
///   itself runs the provider.
/// - A backoff follows a failure of the provider. It also follows if the provider returns the refused key again, or
///   another key that the gateway refuses too. It takes 1 second, doubled with each further failure, 10 seconds at
///   most. During the backoff the provider is not called. Valid credentials are used as before. A request without
///   credentials fails without being sent. A request whose credentials were refused fails with the code of the refusal.
///
/// # Errors of the provider
/// - If there are no valid credentials, an error fails the request before anything is sent. The code is
///   [`CREDENTIALS_UNAVAILABLE`](crate::aliyun::CREDENTIALS_UNAVAILABLE), the advice is
///   [`Advice::Retry`](crate::Advice::Retry). An [`Error`] of this crate keeps its own advice: a missing environment
///   variable has [`Advice::FixRequest`](crate::Advice::FixRequest). A panic counts as an error.
/// - After a refused key, an error fails the waiting requests with the gateway's refusal. A request whose deadline
///   passes before the provider returns fails with the refusal too, and with [`Advice::Retry`](crate::Advice::Retry).
/// - The provider's error is the [`source`](std::error::Error::source) of the request's error. The log has a warning
///   with the provider's type, without the error's text, at most every 10 seconds.
pub trait CredentialsProvider: Send + Sync + 'static {
    /// Credentials that are valid now.
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

/// The source of a client's credentials.
#[derive(Clone)]
pub(in crate::aliyun) enum CredentialsSource {
    Static(Arc<Credentials>),
    Provided(Arc<Provided>),
}

pub(in crate::aliyun) struct Provided {
    provider: Box<dyn AnyProvider>,
    log: ProviderLog,
    /// The lock is never held across an `await`.
    memory: Mutex<Memory>,
}

impl CredentialsSource {
    pub(in crate::aliyun) fn provided<P: CredentialsProvider>(provider: P) -> Self {
        let memory = Mutex::default();
        Self::Provided(Arc::new(Provided { provider: Box::new(provider), log: ProviderLog::of::<P>(), memory }))
    }

    /// The credentials for a call that ends by `deadline`.
    pub(in crate::aliyun) async fn current(
        &self,
        now: DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, Error> {
        match self {
            Self::Static(credentials) => Ok(Arc::clone(credentials)),
            Self::Provided(provided) => provided.current(now, operation, deadline).await,
        }
    }

    /// Other credentials in place of the refused ones; the refusal itself if there are none.
    pub(in crate::aliyun) async fn after_refusal(
        &self,
        refused: &Arc<Credentials>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, Error> {
        match self {
            Self::Static(_) => Err(refusal.clone()),
            Self::Provided(provided) => provided.after_refusal(refused, refusal, deadline).await,
        }
    }

    /// Records that the gateway accepted a key.
    pub(in crate::aliyun) fn accepted(&self, credentials: &Credentials) {
        if let Self::Provided(provided) = self {
            lock(&provided.memory).accepted(credentials);
        }
    }

    /// Records that the gateway also refused the key from [`after_refusal`](Self::after_refusal).
    pub(in crate::aliyun) fn refused_again(&self, credentials: &Arc<Credentials>, refusal: &Error) {
        if let Self::Provided(provided) = self {
            lock(&provided.memory).refused_again(credentials, refusal);
        }
    }
}

impl Provided {
    async fn current(
        self: &Arc<Self>,
        now: DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, Error> {
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let known = lock(&self.memory).known(now, || SharedTask::start(Arc::clone(self).call_provider(operation)));
            let (running, refusal) = match known {
                Known::Usable { credentials, renewal } => {
                    // Outside a runtime there is no task, so this call renews them.
                    if let Some(renewal) = renewal.filter(SharedTask::is_inline) {
                        let _ = renewal.result().await;
                    }
                    return Ok(credentials);
                }
                Known::Refused { refusal, cause } => {
                    return Err(refusal.for_unsent_call(operation).hinting(HELD_BACK).caused_by(cause));
                }
                Known::Unavailable { cause } => return Err(unavailable(operation, cause)),
                Known::Replacing { running, refusal } => (running, Some(refusal)),
                Known::Calling { running } => (running, None),
            };
            match (in_time(deadline, running.result()).await, refusal) {
                (Some(Some(Ok(credentials))), _) => return Ok(credentials),
                (Some(Some(Err(cause))), None) => return Err(unavailable(operation, Some(cause))),
                (Some(Some(Err(cause))), Some(refusal)) => {
                    return Err(refusal.for_unsent_call(operation).hinting(HELD_BACK).caused_by(Some(cause)));
                }
                // The runtime of the task was shut down.
                (Some(None), _) => {}
                (None, None) => {
                    self.log.warn(operation);
                    return Err(unavailable(operation, None).hinting(NOT_IN_TIME));
                }
                (None, Some(refusal)) => {
                    return Err(refusal.for_unsent_call(operation).hinting(NOT_OVER).advising(Advice::Retry));
                }
            }
        }
        Err(unavailable(operation, None))
    }

    async fn after_refusal(
        self: &Arc<Self>,
        refused: &Arc<Credentials>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, Error> {
        let operation = refusal.operation().unwrap_or_default();
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let begin = || SharedTask::start(Arc::clone(self).call_provider(operation));
            let next = lock(&self.memory).next(refused, refusal, begin);
            let running = match next {
                Next::Send(credentials) => return Ok(credentials),
                Next::GiveUp { cause } => return Err(refusal.clone().caused_by(cause)),
                Next::Wait { running } => running,
            };
            match in_time(deadline, running.result()).await {
                Some(Some(Ok(credentials))) if credentials != *refused => return Ok(credentials),
                Some(Some(Ok(_))) => return Err(refusal.clone()),
                Some(Some(Err(cause))) => return Err(refusal.clone().caused_by(Some(cause))),
                // The runtime of the task was shut down.
                Some(None) => {}
                None => return Err(refusal.clone().hinting(NOT_OVER).advising(Advice::Retry)),
            }
        }
        Err(refusal.clone())
    }

    /// Calls the provider and caches its result.
    async fn call_provider(self: Arc<Self>, operation: &'static str) -> ProviderResult {
        let call = provider::refresh(async {
            let credentials = self.provider.credentials().await?;
            credentials.check().map_err(Error::from)?;
            Ok(Arc::new(credentials))
        });
        let result = call.await.map_err(|error| {
            self.log.warn(operation);
            ProviderCause::from(error)
        });
        lock(&self.memory).record(&result);
        result
    }
}

/// The error of a call for which the provider returned no credentials.
fn unavailable(operation: &'static str, cause: Option<ProviderCause>) -> Error {
    let error = own_error(CREDENTIALS_UNAVAILABLE, operation);
    let advice = cause.as_ref().map_or(Advice::Retry, provider::advice);
    error.advising(advice).caused_by(cause)
}

impl fmt::Debug for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Static(_) => "Static(***)",
            Self::Provided(_) => "Provided",
        })
    }
}
