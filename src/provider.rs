//! What the providers of sessions and of credentials have in common: how they are asked, and what their errors become.

mod backoff;
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
pub(crate) use shared_task::SharedTask;

/// The error of a provider, of any type. It becomes the [`source`](std::error::Error::source) of the error of the call
/// that needed the provider, where it can be downcast to its own type.
///
/// `Display` and `Debug` of the call's error and the log never show its text. A program that prints the whole chain of
/// sources does, so keep sessions and keys out of it.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// How long one refresh may take. A refresh token may be spent by then, so this is only for what hangs.
const LONGEST_REFRESH: Duration = Duration::from_secs(2 * 60);

/// How long after a warning no other one is logged for the same provider.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(10);

/// How many refreshes one call waits for at most when each is lost, because its runtime shuts down.
pub(crate) const MAX_REFRESHES_PER_CALL: usize = 3;

/// A provider as the log names it.
pub(crate) struct ProviderLog {
    /// The provider's type; its values and its errors are never logged.
    provider: &'static str,
    last_warning: Mutex<Option<Instant>>,
}

impl ProviderLog {
    pub(crate) fn of<P>() -> Self {
        Self { provider: type_name::<P>(), last_warning: Mutex::default() }
    }

    /// Logs that the provider failed, without its words.
    pub(crate) fn warn(&self, operation: &'static str) {
        let now = Instant::now();
        let mut last = lock(&self.last_warning);
        if last.is_none_or(|last| now.saturating_duration_since(last) >= BETWEEN_WARNINGS) {
            *last = Some(now);
            drop(last);
            tracing::warn!(provider = self.provider, operation, "the provider failed");
        }
    }
}

/// What to do about a provider's failure: send the call again later, unless the cause is an error of this crate that
/// knows better, such as a missing variable of the environment.
pub(crate) fn advice(cause: &ProviderCause) -> Advice {
    match cause.downcast_ref::<Error>().map(Error::advice) {
        None | Some(Advice::Reconcile) => Advice::Retry,
        Some(advice) => advice,
    }
}

/// Asks a provider, in a task of its own. A panic and an endless wait are failures like any other.
pub(crate) async fn refresh<T>(
    asking: impl Future<Output = Result<T, ProviderError>> + Send,
) -> Result<T, ProviderError> {
    let caught = AssertUnwindSafe(asking).catch_unwind();
    match in_time(Instant::now().checked_add(LONGEST_REFRESH), caught).await {
        Some(Ok(result)) => result,
        Some(Err(_)) => Err("the provider panicked".into()),
        None => Err("the provider gave no answer within 2 minutes".into()),
    }
}

/// The output of a future, or `None` if it does not come by `deadline`. Without a runtime there are no timers: then
/// it is waited for as long as it takes.
pub(crate) async fn in_time<F: Future>(deadline: Option<Instant>, future: F) -> Option<F::Output> {
    match deadline {
        Some(deadline) if Handle::try_current().is_ok() => tokio::time::timeout_at(deadline, future).await.ok(),
        _ => Some(future.await),
    }
}

/// Locks for a moment: nothing is awaited meanwhile.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
