//! The shared part of session and credentials providers: how a refresh runs, and how its failure is reported.

mod backoff;
mod method;
mod shared_task;

use std::any::type_name;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::error::{Advice, Error, ProviderCause};
pub(crate) use backoff::Backoff;
pub(crate) use method::ProviderMethod;
pub(crate) use shared_task::SharedTask;

/// The error of a provider, of any type. It becomes the [`source`](std::error::Error::source) of the error of the call
/// that needed the provider, and can be downcast there.
///
/// The log, and `Display` and `Debug` of the call's error, never show its text. A program that prints the whole chain
/// of sources does, so keep sessions and keys out of the text.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// The timeout of one refresh. It is long, because a refresh that is cut off may have used up its refresh token.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// The shortest time between two warnings about the same provider.
const WARNING_INTERVAL: Duration = Duration::from_secs(10);

/// The most refreshes that one call waits for, if each one is lost with its runtime.
pub(crate) const MAX_REFRESHES_PER_CALL: usize = 3;

/// Logs the failures of one provider.
pub(crate) struct ProviderLog {
    /// The name of the provider's type. Its values and errors are never logged.
    provider: &'static str,
    last_warning: Mutex<Option<Instant>>,
}

impl ProviderLog {
    pub(crate) fn of<P>() -> Self {
        Self { provider: type_name::<P>(), last_warning: Mutex::default() }
    }

    /// Logs that the provider failed, without the text of its error.
    pub(crate) fn warn(&self, operation: &'static str) {
        let now = Instant::now();
        let mut last = lock(&self.last_warning);
        if last.is_none_or(|last| now.saturating_duration_since(last) >= WARNING_INTERVAL) {
            *last = Some(now);
            drop(last);
            tracing::warn!(provider = self.provider, operation, "the provider failed");
        }
    }
}

/// The advice for a call whose provider failed: retry later, unless the cause is an error of this crate with another
/// advice, such as a missing environment variable.
pub(crate) fn advice(cause: Option<&ProviderCause>) -> Advice {
    match cause.and_then(|cause| cause.downcast_ref::<Error>()).map(Error::advice) {
        None | Some(Advice::Reconcile) => Advice::Retry,
        Some(advice) => advice,
    }
}

/// Runs a refresh. A panic and a timeout are returned as errors.
pub(crate) async fn refresh<T>(
    request: impl Future<Output = Result<T, ProviderError>> + Send,
) -> Result<T, ProviderError> {
    let caught = AssertUnwindSafe(request).catch_unwind();
    match in_time(Instant::now().checked_add(REFRESH_TIMEOUT), caught).await {
        Some(Ok(result)) => result,
        Some(Err(_)) => Err("the provider panicked".into()),
        None => Err("the provider gave no answer within 2 minutes".into()),
    }
}

/// Awaits a future until `deadline`; `None` if the deadline passes first. Without a Tokio runtime there are no timers,
/// and the deadline has no effect.
pub(crate) async fn in_time<F: Future>(deadline: Option<Instant>, future: F) -> Option<F::Output> {
    match deadline {
        Some(deadline) if Handle::try_current().is_ok() => tokio::time::timeout_at(deadline, future).await.ok(),
        _ => Some(future.await),
    }
}

/// Locks a mutex, poisoned or not. The guard must not be held across an `await`.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
