//! The source of a client's credentials, and when the provider is asked again.

use std::future::Future;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

pub use crate::provider::ProviderError;

use super::Credentials;
use super::memory::{Known, Memory, Next, ProviderResult};
use crate::aliyun::error_code::{CREDENTIALS_UNAVAILABLE, own_fault, refuses_the_key};
use crate::error::{Error, ProviderCause};
use crate::provider::{self, MAX_REFRESHES_PER_CALL, ProviderLog, ProviderMethod, SharedTask, in_time, lock};
use crate::send::{IdentityProvider, IdentitySource, NoIdentity};

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

/// The source of a client's credentials.
pub(in crate::aliyun) type CredentialsSource = IdentitySource<Arc<ProvidedCredentials>>;

/// A provider, and the cache of its credentials.
pub(in crate::aliyun) struct ProvidedCredentials {
    /// [`CredentialsProvider::credentials`]
    credentials: ProviderMethod<(), Credentials>,
    log: ProviderLog,
    /// The lock is never held across an `await`.
    memory: Mutex<Memory>,
}

impl ProvidedCredentials {
    pub(in crate::aliyun) fn new<P: CredentialsProvider>(provider: P) -> Arc<Self> {
        let credentials =
            ProviderMethod::new(&Arc::new(provider), |provider, ()| async move { provider.credentials().await });
        Arc::new(Self { credentials, log: ProviderLog::of::<P>(), memory: Mutex::default() })
    }
}

impl IdentityProvider for Arc<ProvidedCredentials> {
    type Identity = Credentials;

    async fn current(
        &self,
        now: DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, NoIdentity> {
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
                    return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(cause));
                }
                Known::Unavailable { cause } => return Err(unavailable(operation, cause)),
                Known::Replacing { running, refusal } => (running, Some(refusal)),
                Known::Calling { running } => (running, None),
            };
            match (in_time(deadline, running.result()).await, refusal) {
                (Some(Some(Ok(credentials))), _) => return Ok(credentials),
                (Some(Some(Err(cause))), None) => return Err(unavailable(operation, Some(cause))),
                (Some(Some(Err(cause))), Some(refusal)) => {
                    return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(Some(cause)));
                }
                // The runtime of the task was shut down.
                (Some(None), _) => {}
                (None, None) => {
                    self.log.warn(operation);
                    return Err(unavailable(operation, None).hinting(NOT_IN_TIME));
                }
                (None, Some(refusal)) => {
                    return Err(NoIdentity::not_replaced_in_time(refusal, NOT_OVER));
                }
            }
        }
        Err(unavailable(operation, None))
    }

    fn is_refusal(error: &Error) -> bool {
        refuses_the_key(error)
    }

    async fn after_refusal(
        &self,
        refused: &Arc<Credentials>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credentials>, NoIdentity> {
        let no_other = || NoIdentity::refused(refusal.clone());
        let operation = refusal.operation().unwrap_or_default();
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let begin = || SharedTask::start(Arc::clone(self).call_provider(operation));
            let next = lock(&self.memory).next(refused, refusal, begin);
            let running = match next {
                Next::Send(credentials) => return Ok(credentials),
                Next::GiveUp { cause } => return Err(no_other().caused_by(cause)),
                Next::Wait { running } => running,
            };
            match in_time(deadline, running.result()).await {
                Some(Some(Ok(credentials))) if credentials != *refused => return Ok(credentials),
                Some(Some(Ok(_))) => return Err(no_other()),
                Some(Some(Err(cause))) => return Err(no_other().caused_by(Some(cause))),
                // The result is lost, with its runtime.
                Some(None) => {}
                None => return Err(NoIdentity::not_replaced_in_time(refusal.clone(), NOT_OVER)),
            }
        }
        Err(no_other())
    }

    fn accepted(&self, credentials: &Arc<Credentials>) {
        lock(&self.memory).accepted(credentials);
    }

    fn refused_again(&self, credentials: &Arc<Credentials>, refusal: &Error) {
        lock(&self.memory).refused_again(credentials, refusal);
    }
}

impl ProvidedCredentials {
    /// Calls the provider and records the result.
    async fn call_provider(self: Arc<Self>, operation: &'static str) -> ProviderResult {
        let call = provider::refresh(async {
            let credentials = self.credentials.call(()).await?;
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

/// For a call for which the provider gave no credentials.
fn unavailable(operation: &'static str, cause: Option<ProviderCause>) -> NoIdentity {
    let fault = own_fault(CREDENTIALS_UNAVAILABLE, operation);
    NoIdentity::unavailable(fault, provider::advice(cause.as_ref())).caused_by(cause)
}
