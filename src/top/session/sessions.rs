//! The sessions of many shops: those of the provider, and those of refreshes.

use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::memory::{Memory, Next, Refreshed, Status};
use super::{CallSession, NoSession, ProviderError, SessionProvider};
use crate::error::{Advice, Error, ProviderCause};
use crate::provider::{self, MAX_REFRESHES_PER_CALL, ProviderLog, ProviderMethod, SharedTask, in_time, lock};
use crate::redact::Secret;
use crate::send::{IdentityProvider, NoIdentity};
use crate::top::error_code::{SESSION_UNAVAILABLE, own_fault, refuses_the_session};

const NOT_IN_TIME: &str = "the session provider gave no answer in time";
const NOT_OVER: &str = "the session was refused, and its refresh is not over yet";
const HELD_BACK: &str = "not sent: the session was refused a moment ago, and there is no other one";

/// The sessions of many shops.
#[derive(Clone)]
pub(in crate::top) struct Sessions(Arc<Provided>);

/// The sessions of one shop.
#[derive(Clone)]
pub(in crate::top) struct ShopSessions {
    provided: Arc<Provided>,
    shop: Arc<str>,
}

struct Provided {
    /// [`SessionProvider::session`]
    session: ProviderMethod<Arc<str>, Secret>,
    /// [`SessionProvider::refresh`]
    refresh: ProviderMethod<(Arc<str>, Secret), Secret>,
    log: ProviderLog,
    /// The lock is never held across an `await`.
    memory: Mutex<Memory>,
}

impl Sessions {
    pub(in crate::top) fn new<P: SessionProvider>(provider: P) -> Self {
        let provider = Arc::new(provider);
        Self(Arc::new(Provided {
            session: ProviderMethod::new(
                &provider,
                |provider, shop: Arc<str>| async move { provider.session(&shop).await },
            ),
            refresh: ProviderMethod::new(&provider, |provider, (shop, refused): (Arc<str>, Secret)| async move {
                provider.refresh(&shop, &refused).await
            }),
            log: ProviderLog::of::<P>(),
            memory: Mutex::default(),
        }))
    }

    /// The sessions of a shop, with the name that the provider knows it by.
    pub(in crate::top) fn of_shop(&self, name: &str) -> ShopSessions {
        ShopSessions { provided: Arc::clone(&self.0), shop: name.into() }
    }
}

impl IdentityProvider for ShopSessions {
    type Identity = CallSession;

    async fn current(
        &self,
        _: DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Arc<CallSession>, NoIdentity> {
        let Self { provided: provider, shop } = self;
        let provided = match in_time(deadline, provider.session.call(Arc::clone(shop))).await {
            Some(Ok(session)) => session,
            Some(Err(error)) => return Err(unavailable(operation, Some(provider.failed(error, operation)))),
            None => {
                provider.log.warn(operation);
                return Err(unavailable(operation, None).hinting(NOT_IN_TIME));
            }
        };
        let status = lock(&provider.memory).status(shop, &provided);
        let sent = match status {
            Status::NotRefused => return Ok(CallSession::not_refused(provided)),
            Status::RefusedLongAgo => provided.clone(),
            Status::Replaced(session) => session,
            Status::Refused { refusal, cause } => {
                return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(cause));
            }
            Status::Refreshing { refresh, refusal } => match in_time(deadline, refresh.result()).await {
                Some(Some(Ok(session))) => session,
                Some(Some(Err(cause))) => {
                    return Err(NoIdentity::refused(refusal).hinting(HELD_BACK).caused_by(Some(cause)));
                }
                // If TOP refuses it once more, this call refreshes it.
                Some(None) => provided.clone(),
                None => return Err(NoIdentity::not_replaced_in_time(refusal, NOT_OVER)),
            },
        };
        Ok(Arc::new(CallSession { provided, sent, was_refused_before: true }))
    }

    fn is_refusal(error: &Error) -> bool {
        refuses_the_session(error)
    }

    async fn after_refusal(
        &self,
        session: &Arc<CallSession>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<Arc<CallSession>, NoIdentity> {
        let other =
            |sent| Ok(Arc::new(CallSession { provided: session.provided.clone(), sent, was_refused_before: true }));
        let no_other = || NoIdentity::refused(refusal.clone());
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let next = self.next(session, refusal);
            let (refresh, is_of_this_session) = match next {
                Next::Send(replacement) => return other(replacement),
                Next::GiveUp { cause } => return Err(no_other().caused_by(cause)),
                Next::Wait { refresh, is_of_this_session } => (refresh, is_of_this_session),
            };
            match in_time(deadline, refresh.result()).await {
                Some(Some(Ok(sent))) if is_of_this_session || sent != session.sent => return other(sent),
                Some(Some(Err(cause))) => return Err(no_other().caused_by(Some(cause))),
                // The result belongs to an earlier session, or there is none: refresh this one.
                Some(Some(Ok(_)) | None) => {}
                None => return Err(NoIdentity::not_replaced_in_time(refusal.clone(), NOT_OVER)),
            }
        }
        Err(no_other())
    }

    fn accepted(&self, session: &Arc<CallSession>) {
        if session.was_refused_before {
            lock(&self.provided.memory).accepted(&self.shop);
        }
    }

    fn refused_again(&self, session: &Arc<CallSession>, refusal: &Error) {
        lock(&self.provided.memory).refused_again(&self.shop, &session.sent, refusal);
    }
}

impl ShopSessions {
    fn next(&self, session: &Arc<CallSession>, refusal: &Error) -> Next {
        let Self { provided, shop } = self;
        let start = || {
            let operation = refusal.operation().unwrap_or_default();
            let refresh = Arc::clone(provided).refresh(Arc::clone(shop), Arc::clone(session), operation);
            SharedTask::start(refresh)
        };
        lock(&provided.memory).next(shop, &session.provided, &session.sent, refusal, start)
    }
}

impl Provided {
    /// Finds another session, and stores the result.
    async fn refresh(self: Arc<Self>, shop: Arc<str>, refused: Arc<CallSession>, operation: &'static str) -> Refreshed {
        let found = provider::refresh(async {
            // Another process or the seller may have refreshed it.
            let stored = self.session.call(Arc::clone(&shop)).await?;
            if stored != refused.provided && stored != refused.sent {
                return Ok(stored);
            }
            self.refresh.call((Arc::clone(&shop), refused.sent.clone())).await
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

/// For a call for which the provider returned no session.
fn unavailable(operation: &'static str, cause: Option<ProviderCause>) -> NoIdentity {
    let advice = match &cause {
        Some(cause) if cause.is::<NoSession>() => Advice::RefreshSession,
        cause => provider::advice(cause.as_ref()),
    };
    NoIdentity::unavailable(own_fault(SESSION_UNAVAILABLE, operation, None), advice).caused_by(cause)
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}
