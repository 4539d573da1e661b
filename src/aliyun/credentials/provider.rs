//! The source of a client's credentials, and when the provider is asked again.

use std::future::Future;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

pub use crate::provider::ProviderError;

use super::Credentials;
use super::memory::{Asked, Known, Memory, Next};
use crate::aliyun::error_code::{CREDENTIALS_UNAVAILABLE, own_fault, refuses_the_key};
use crate::error::{Error, ProviderCause};
use crate::provider::{self, MAX_REFRESHES_PER_CALL, ProviderLog, ProviderMethod, SharedTask, in_time, lock};
use crate::send::{IdentityProvider, IdentitySource, NoIdentity};

const NOT_IN_TIME: &str = "the credentials provider gave no answer in time";
const NOT_OVER: &str = "the key was refused, and the credentials provider has not answered yet";
const HELD_BACK: &str = "not sent: the key was refused a moment ago, and there is no other one";

/// Gives the credentials of an account: a vault, a file, a role.
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
///
/// # What a provider may rely on
/// - It is asked before the first call, from 3 minutes before the credentials expire, and after the gateway refused the
///   key. In between, the client answers from memory.
/// - Each time it is asked in a task of its own, on the runtime of the call that needs it. That is finished whatever
///   becomes of the call: dropped, or out of time. All calls that wait get the answer, each within its own time. An
///   answer that comes later is used by the next call. Credentials that are still valid are used meanwhile: no call
///   waits for a renewal ahead of the end.
/// - It is asked once at a time by a client and its clones.
/// - An answer is given up only if its runtime is shut down, or after 2 minutes. If its runtime is not driven (no poll
///   for 5 seconds, while it does not block its thread), the next call that waits asks again, and the first is not
///   polled again. Outside a runtime ([`Client::prepare`](crate::aliyun::Client::prepare)) the caller itself asks.
/// - After an error, or after the gateway refused the key and the provider gave the same one or one that is refused as
///   well, there is a pause: 1 second, doubled with each further failure, 10 seconds at most. Meanwhile the provider is
///   not asked. Valid credentials are used as before; a call fails without being sent if there are none, or, with the
///   code of the refusal, if they are those that were refused.
///
/// # What becomes of its errors
/// - Without valid credentials, an error fails the call before anything is sent, with the code
///   [`CREDENTIALS_UNAVAILABLE`](crate::aliyun::CREDENTIALS_UNAVAILABLE) and [`Advice::Retry`](crate::Advice::Retry).
///   An [`Error`] of this crate keeps its own advice: a missing variable of the environment is
///   [`Advice::FixRequest`](crate::Advice::FixRequest). A panic counts as an error.
/// - After a refusal, an error fails the waiting calls with the gateway's refusal of the key. A call whose time ends
///   before the answer fails with it as well, and [`Advice::Retry`](crate::Advice::Retry).
/// - The error itself is the [`source`](std::error::Error::source) of the call's error. The log says that the provider
///   failed, in a warning with the provider's type and without the error's text, at most every 10 seconds.
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
    /// Locked for a moment only: nothing is awaited meanwhile.
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
            let known = lock(&self.memory).known(now, || SharedTask::start(Arc::clone(self).ask(operation)));
            let (asking, refusal) = match known {
                Known::Usable { credentials, renewal } => {
                    // Where no task can be had, this call renews them.
                    if let Some(renewal) = renewal.filter(SharedTask::is_inline) {
                        let _ = renewal.result().await;
                    }
                    return Ok(credentials);
                }
                Known::Refused { refusal, cause } => {
                    return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(cause));
                }
                Known::Unavailable { cause } => return Err(unavailable(operation, cause)),
                Known::Replacing { asking, refusal } => (asking, Some(refusal)),
                Known::Asking { asking } => (asking, None),
            };
            match (in_time(deadline, asking.result()).await, refusal) {
                (Some(Some(Ok(credentials))), _) => return Ok(credentials),
                (Some(Some(Err(cause))), None) => return Err(unavailable(operation, Some(cause))),
                (Some(Some(Err(cause))), Some(refusal)) => {
                    return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(Some(cause)));
                }
                // The answer is lost, with its runtime.
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
            let begin = || SharedTask::start(Arc::clone(self).ask(operation));
            let next = lock(&self.memory).next(refused, refusal, begin);
            let asking = match next {
                Next::Send(credentials) => return Ok(credentials),
                Next::GiveUp { cause } => return Err(no_other().caused_by(cause)),
                Next::Wait { asking } => asking,
            };
            match in_time(deadline, asking.result()).await {
                Some(Some(Ok(credentials))) if credentials != *refused => return Ok(credentials),
                Some(Some(Ok(_))) => return Err(no_other()),
                Some(Some(Err(cause))) => return Err(no_other().caused_by(Some(cause))),
                // The answer is lost, with its runtime.
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
    /// Asks the provider and caches its answer.
    async fn ask(self: Arc<Self>, operation: &'static str) -> Asked {
        let asked = provider::refresh(async {
            let credentials = self.credentials.call(()).await?;
            credentials.check().map_err(Error::from)?;
            Ok(Arc::new(credentials))
        });
        let asked = asked.await.map_err(|error| {
            self.log.warn(operation);
            ProviderCause::from(error)
        });
        lock(&self.memory).asked(&asked);
        asked
    }
}

/// For a call for which the provider gave no credentials.
fn unavailable(operation: &'static str, cause: Option<ProviderCause>) -> NoIdentity {
    let fault = own_fault(CREDENTIALS_UNAVAILABLE, operation);
    NoIdentity::unavailable(fault, provider::advice(cause.as_ref())).caused_by(cause)
}
