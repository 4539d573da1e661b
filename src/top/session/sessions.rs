//! The sessions of many shops: those of the provider, and those of refreshes.

use std::fmt;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::memory::{Memory, Next, Refreshed, Status};
use super::{CallSession, NoSession, ProviderError, SessionProvider};
use crate::error::{Advice, Error, ProviderCause};
use crate::provider::{self, MAX_REFRESHES_PER_CALL, ProviderLog, SharedTask, in_time, lock};
use crate::redact::Secret;
use crate::top::error_code::{SESSION_UNAVAILABLE, own_error};

const NOT_OVER: &str = "the session was refused, and its refresh is not over yet";
const HELD_BACK: &str = "not sent: the session was refused a moment ago, and there is no other one";

/// An object-safe [`SessionProvider`].
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
pub(in crate::top) struct Sessions(Arc<Provided>);

struct Provided {
    provider: Box<dyn AnyProvider>,
    log: ProviderLog,
    /// The lock is never held across an `await`.
    memory: Mutex<Memory>,
}

impl Sessions {
    pub(in crate::top) fn new<P: SessionProvider>(provider: P) -> Self {
        let memory = Mutex::default();
        Self(Arc::new(Provided { provider: Box::new(provider), log: ProviderLog::of::<P>(), memory }))
    }

    pub(super) async fn current(
        &self,
        shop: &Arc<str>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<CallSession, Error> {
        let provided = match in_time(deadline, self.0.provider.session(shop)).await {
            Some(Ok(session)) => session,
            Some(Err(error)) => return Err(unavailable(operation, self.0.failed(error, operation))),
            None => {
                self.0.log.warn(operation);
                let error = own_error(SESSION_UNAVAILABLE, operation, None);
                return Err(error.hinting("the session provider gave no answer in time"));
            }
        };
        let status = lock(&self.0.memory).status(shop, &provided);
        let sent = match status {
            Status::NotRefused => {
                return Ok(CallSession { sent: provided.clone(), provided, was_refused_before: false });
            }
            Status::RefusedLongAgo => provided.clone(),
            Status::Replaced(session) => session,
            Status::Refused { refusal, cause } => {
                return Err(refusal.for_unsent_call(operation).hinting(HELD_BACK).caused_by(cause));
            }
            Status::Refreshing { refresh, refusal } => match in_time(deadline, refresh.result()).await {
                Some(Some(Ok(session))) => session,
                Some(Some(Err(cause))) => {
                    return Err(refusal.for_unsent_call(operation).hinting(HELD_BACK).caused_by(Some(cause)));
                }
                // If TOP refuses it once more, this call refreshes it.
                Some(None) => provided.clone(),
                None => return Err(refusal.for_unsent_call(operation).hinting(NOT_OVER).advising(Advice::Retry)),
            },
        };
        Ok(CallSession { provided, sent, was_refused_before: true })
    }

    pub(super) async fn after_refusal(
        &self,
        shop: &Arc<str>,
        session: CallSession,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<CallSession, Error> {
        let other = |sent| Ok(CallSession { provided: session.provided.clone(), sent, was_refused_before: true });
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let next = self.next(shop, &session, refusal);
            let (refresh, is_of_this_session) = match next {
                Next::Send(replacement) => return other(replacement),
                Next::GiveUp { cause } => return Err(refusal.clone().caused_by(cause)),
                Next::Wait { refresh, is_of_this_session } => (refresh, is_of_this_session),
            };
            match in_time(deadline, refresh.result()).await {
                Some(Some(Ok(sent))) if is_of_this_session || sent != session.sent => return other(sent),
                Some(Some(Err(cause))) => return Err(refusal.clone().caused_by(Some(cause))),
                // The result belongs to an earlier session, or there is none: refresh this one.
                Some(Some(Ok(_)) | None) => {}
                None => return Err(refusal.clone().hinting(NOT_OVER).advising(Advice::Retry)),
            }
        }
        Err(refusal.clone())
    }

    fn next(&self, shop: &Arc<str>, session: &CallSession, refusal: &Error) -> Next {
        let start = || {
            let (provided, shop) = (Arc::clone(&self.0), Arc::clone(shop));
            let operation = refusal.operation().unwrap_or_default();
            SharedTask::start(provided.refresh(shop, session.clone(), operation))
        };
        lock(&self.0.memory).next(shop, &session.provided, &session.sent, refusal, start)
    }

    pub(super) fn accepted(&self, shop: &str) {
        lock(&self.0.memory).accepted(shop);
    }

    pub(super) fn refused_again(&self, shop: &str, session: &CallSession, refusal: &Error) {
        lock(&self.0.memory).refused_again(shop, &session.sent, refusal);
    }
}

impl Provided {
    /// Finds another session, and stores the result.
    async fn refresh(self: Arc<Self>, shop: Arc<str>, refused: CallSession, operation: &'static str) -> Refreshed {
        let found = provider::refresh(async {
            // Another process or the seller may have refreshed it.
            let stored = self.provider.session(&shop).await?;
            if stored != refused.provided && stored != refused.sent {
                return Ok(stored);
            }
            self.provider.refresh(&shop, &refused.sent).await
        });
        let found = found.await.map_err(|error| self.failed(error, operation));
        lock(&self.memory).refreshed(&shop, &found);
        found
    }

    fn failed(&self, error: ProviderError, operation: &'static str) -> ProviderCause {
        if !error.is::<NoSession>() {
            self.log.warn(operation);
        }
        error.into()
    }
}

/// The error of a call for which the provider returned no session.
fn unavailable(operation: &'static str, cause: ProviderCause) -> Error {
    let advice = if cause.is::<NoSession>() { Advice::RefreshSession } else { provider::advice(&cause) };
    own_error(SESSION_UNAVAILABLE, operation, None).advising(advice).caused_by(Some(cause))
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}
