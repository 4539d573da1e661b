//! The cache of the provider's credentials.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Credentials;
use crate::error::{Error, ProviderCause};
use crate::provider::{Backoff, SharedTask};

/// The result of a call of the provider.
pub(super) type ProviderResult = Result<Arc<Credentials>, ProviderCause>;

/// How long before their expiration credentials are renewed.
const RENEWED_BEFORE_END: TimeDelta = TimeDelta::minutes(3);

/// The longest backoff after a failure of the provider.
const MAX_PAUSE: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(super) struct Memory {
    latest: Option<Arc<Credentials>>,
    /// The credentials that the gateway refused last, and its refusal.
    refused: Option<(Arc<Credentials>, Error)>,
    running: Option<SharedTask<ProviderResult>>,
    backoff: Backoff,
}

/// The state of the credentials when a call begins.
pub(super) enum Known {
    Usable {
        credentials: Arc<Credentials>,
        /// The renewal that starts now, because they expire soon.
        renewal: Option<SharedTask<ProviderResult>>,
    },
    /// They were refused, there are no others, and the backoff is not over.
    Refused { refusal: Error, cause: Option<ProviderCause> },
    /// They were refused, and the provider is being called.
    Replacing { running: SharedTask<ProviderResult>, refusal: Error },
    /// There are none yet, or they have expired. The provider is being called.
    Calling { running: SharedTask<ProviderResult> },
    /// There are none, and the backoff after a failure is not over.
    Unavailable { cause: Option<ProviderCause> },
}

/// The next step of a call whose key was refused.
pub(super) enum Next {
    /// It is sent again with this key.
    Send(Arc<Credentials>),
    Wait {
        running: SharedTask<ProviderResult>,
    },
    GiveUp {
        cause: Option<ProviderCause>,
    },
}

impl Memory {
    /// The state at `now`. `begin` starts a call of the provider.
    pub(super) fn known(&mut self, now: DateTime<Utc>, begin: impl FnOnce() -> SharedTask<ProviderResult>) -> Known {
        let running = self.running_call();
        if let (Some((refused, refusal)), Some(latest)) = (&self.refused, &self.latest)
            && refused == latest
        {
            if let Some(running) = running {
                return Known::Replacing { running, refusal: refusal.clone() };
            }
            if self.backoff.is_active() {
                return Known::Refused { refusal: refusal.clone(), cause: self.backoff.cause() };
            }
        }
        let may_begin = running.is_none() && !self.backoff.is_active();
        if let Some(latest) = self.latest.clone().filter(|latest| latest.is_valid_at(now, TimeDelta::zero())) {
            let is_due = may_begin && !latest.is_valid_at(now, RENEWED_BEFORE_END);
            let renewal = is_due.then(begin);
            if renewal.is_some() {
                self.running.clone_from(&renewal);
            }
            return Known::Usable { credentials: latest, renewal };
        }
        match running {
            Some(running) => Known::Calling { running },
            None if may_begin => {
                let running = begin();
                self.running = Some(running.clone());
                Known::Calling { running }
            }
            None => Known::Unavailable { cause: self.backoff.cause() },
        }
    }

    /// The next step after `refusal` of a key. `begin` starts a call of the provider.
    pub(super) fn next(
        &mut self,
        refused: &Arc<Credentials>,
        refusal: &Error,
        begin: impl FnOnce() -> SharedTask<ProviderResult>,
    ) -> Next {
        if let Some(other) = self.latest.as_ref().filter(|latest| *latest != refused) {
            return Next::Send(Arc::clone(other));
        }
        self.refused = Some((Arc::clone(refused), refusal.clone()));
        if let Some(running) = self.running_call() {
            return Next::Wait { running };
        }
        if self.backoff.is_active() {
            return Next::GiveUp { cause: self.backoff.cause() };
        }
        let running = begin();
        self.running = Some(running.clone());
        Next::Wait { running }
    }

    /// Records the result of a call of the provider.
    pub(super) fn record(&mut self, result: &ProviderResult) {
        self.running = None;
        match result {
            Ok(credentials) => {
                match &self.refused {
                    Some((refused, _)) if refused == credentials => self.backoff.fail(MAX_PAUSE, None),
                    Some(_) => self.backoff.end(),
                    None => self.backoff.reset(),
                }
                self.latest = Some(Arc::clone(credentials));
            }
            Err(cause) => self.backoff.fail(MAX_PAUSE, Some(cause.clone())),
        }
    }

    /// The gateway accepted this key.
    pub(super) fn accepted(&mut self, credentials: &Credentials) {
        if self.refused.is_some() && self.latest.as_deref() == Some(credentials) {
            self.refused = None;
            self.backoff.reset();
        }
    }

    /// The gateway also refused the key that replaced a refused one. Only the first of its calls counts.
    pub(super) fn refused_again(&mut self, credentials: &Arc<Credentials>, refusal: &Error) {
        if self.latest.as_ref() == Some(credentials) && self.running_call().is_none() {
            self.refused = Some((Arc::clone(credentials), refusal.clone()));
            self.backoff.fail(MAX_PAUSE, None);
        }
    }

    fn running_call(&self) -> Option<SharedTask<ProviderResult>> {
        self.running.clone().filter(SharedTask::is_alive)
    }
}
