//! The cache of the credentials that a provider gave.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Credentials;
use crate::error::{Error, ProviderCause};
use crate::provider::{Backoff, SharedTask};

/// The provider's answer.
pub(super) type Asked = Result<Arc<Credentials>, ProviderCause>;

/// How long before their end credentials are renewed.
const RENEWED_BEFORE_END: TimeDelta = TimeDelta::minutes(3);

/// The longest pause after the provider failed.
const MAX_PAUSE: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(super) struct Memory {
    latest: Option<Arc<Credentials>>,
    /// The credentials that the gateway refused last, and its refusal.
    refused: Option<(Arc<Credentials>, Error)>,
    asking: Option<SharedTask<Asked>>,
    backoff: Backoff,
}

/// The state of the credentials when a call begins.
pub(super) enum Known {
    Usable {
        credentials: Arc<Credentials>,
        /// What begins now, because they expire soon.
        renewal: Option<SharedTask<Asked>>,
    },
    /// They were refused a moment ago, and there are no others.
    Refused { refusal: Error, cause: Option<ProviderCause> },
    /// They were refused, and others are asked for.
    Replacing { asking: SharedTask<Asked>, refusal: Error },
    /// There are none yet, or they have expired.
    Asking { asking: SharedTask<Asked> },
    /// There are none, and the provider failed a moment ago.
    Unavailable { cause: Option<ProviderCause> },
}

/// The next step of a call whose key was refused.
pub(super) enum Next {
    /// It is sent again with this key.
    Send(Arc<Credentials>),
    Wait {
        asking: SharedTask<Asked>,
    },
    GiveUp {
        cause: Option<ProviderCause>,
    },
}

impl Memory {
    /// The state at `now`. `begin` asks the provider.
    pub(super) fn known(&mut self, now: DateTime<Utc>, begin: impl FnOnce() -> SharedTask<Asked>) -> Known {
        let asking = self.asking();
        if let (Some((refused, refusal)), Some(latest)) = (&self.refused, &self.latest)
            && refused == latest
        {
            if let Some(asking) = asking {
                return Known::Replacing { asking, refusal: refusal.clone() };
            }
            if self.backoff.is_active() {
                return Known::Refused { refusal: refusal.clone(), cause: self.backoff.cause() };
            }
        }
        let may_begin = asking.is_none() && !self.backoff.is_active();
        if let Some(latest) = self.latest.clone().filter(|latest| latest.is_valid_at(now, TimeDelta::zero())) {
            let is_due = may_begin && !latest.is_valid_at(now, RENEWED_BEFORE_END);
            let renewal = is_due.then(begin);
            if renewal.is_some() {
                self.asking.clone_from(&renewal);
            }
            return Known::Usable { credentials: latest, renewal };
        }
        match asking {
            Some(asking) => Known::Asking { asking },
            None if may_begin => {
                let asking = begin();
                self.asking = Some(asking.clone());
                Known::Asking { asking }
            }
            None => Known::Unavailable { cause: self.backoff.cause() },
        }
    }

    /// The next step after `refusal` of a key. `begin` asks the provider.
    pub(super) fn next(
        &mut self,
        refused: &Arc<Credentials>,
        refusal: &Error,
        begin: impl FnOnce() -> SharedTask<Asked>,
    ) -> Next {
        if let Some(other) = self.latest.as_ref().filter(|latest| *latest != refused) {
            return Next::Send(Arc::clone(other));
        }
        self.refused = Some((Arc::clone(refused), refusal.clone()));
        if let Some(asking) = self.asking() {
            return Next::Wait { asking };
        }
        if self.backoff.is_active() {
            return Next::GiveUp { cause: self.backoff.cause() };
        }
        let asking = begin();
        self.asking = Some(asking.clone());
        Next::Wait { asking }
    }

    /// The provider has answered.
    pub(super) fn asked(&mut self, asked: &Asked) {
        self.asking = None;
        match asked {
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

    /// The gateway refused the key that came in place of a refused one. That is known from the first of the calls that
    /// it was given to.
    pub(super) fn refused_again(&mut self, credentials: &Arc<Credentials>, refusal: &Error) {
        if self.latest.as_ref() == Some(credentials) && self.asking().is_none() {
            self.refused = Some((Arc::clone(credentials), refusal.clone()));
            self.backoff.fail(MAX_PAUSE, None);
        }
    }

    fn asking(&self) -> Option<SharedTask<Asked>> {
        self.asking.clone().filter(SharedTask::is_alive)
    }
}
