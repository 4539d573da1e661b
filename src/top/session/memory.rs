//! What is known of the shops whose session was refused.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ProviderCause};
use crate::provider::{Backoff, SharedTask};
use crate::redact::Secret;

/// What a refresh comes to.
pub(super) type Refreshed = Result<Secret, ProviderCause>;

/// The longest pause after a failed refresh.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A shop about which nothing was learned for so long is forgotten when room is needed.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);

/// How many shops are remembered before any is forgotten.
const ROOM: usize = 1024;

/// How many refused sessions of a shop are remembered: the provider's, what a refresh gave, and one of before each.
const MOST_SESSIONS: usize = 4;

/// The shops whose session was refused, by name.
pub(super) struct Memory {
    shops: HashMap<Arc<str>, Refused>,
    /// When there are so many, old ones are forgotten.
    room: usize,
}

/// A shop whose session was refused.
struct Refused {
    /// The sessions that were refused last.
    sessions: Vec<Secret>,
    /// The session that took their place.
    replacement: Option<Secret>,
    /// The last refusal.
    refusal: Error,
    refresh: Option<SharedTask<Refreshed>>,
    backoff: Backoff,
    last_change: Instant,
}

/// What is known of a session that a provider gives.
pub(super) enum Known {
    Nothing,
    /// It was refused some time ago. It is worth another try.
    Doubtful,
    /// It was refused, and this one took its place.
    Replaced(Secret),
    /// It was refused a moment ago, and there is no other one.
    Refused {
        refusal: Error,
        cause: Option<ProviderCause>,
    },
    /// It was refused, and another one is being found.
    Refreshing {
        refresh: SharedTask<Refreshed>,
        refusal: Error,
    },
}

/// What a call does whose session was refused.
pub(super) enum Next {
    /// It is sent again with this session.
    Send(Secret),
    Wait {
        refresh: SharedTask<Refreshed>,
        /// Whether the refresh is about the session of this call, not an older one.
        is_of_this_session: bool,
    },
    GiveUp {
        cause: Option<ProviderCause>,
    },
}

impl Default for Memory {
    fn default() -> Self {
        Self { shops: HashMap::new(), room: ROOM }
    }
}

impl Memory {
    pub(super) fn known(&self, shop: &str, given: &Secret) -> Known {
        let Some(shop) = self.shops.get(shop).filter(|shop| shop.sessions.contains(given)) else {
            return Known::Nothing;
        };
        if let Some(refresh) = shop.running_refresh() {
            return Known::Refreshing { refresh, refusal: shop.refusal.clone() };
        }
        match &shop.replacement {
            Some(session) => Known::Replaced(session.clone()),
            None if shop.backoff.is_active() => {
                Known::Refused { refusal: shop.refusal.clone(), cause: shop.backoff.cause() }
            }
            None => Known::Doubtful,
        }
    }

    /// What to do after `refusal` of `sent`, which stood for `given`. `begin` starts a refresh.
    pub(super) fn next(
        &mut self,
        shop: &Arc<str>,
        given: &Secret,
        sent: &Secret,
        refusal: &Error,
        begin: impl FnOnce() -> SharedTask<Refreshed>,
    ) -> Next {
        if !self.shops.contains_key(shop) {
            self.make_room();
        }
        let known = self.shops.entry(Arc::clone(shop)).or_insert_with(|| Refused::new(refusal));
        let is_known = known.sessions.contains(given);
        if let Some(refresh) = known.running_refresh() {
            return Next::Wait { refresh, is_of_this_session: known.sessions.contains(sent) };
        }
        if let Some(other) = known.replacement.as_ref().filter(|other| is_known && *other != sent) {
            return Next::Send(other.clone());
        }
        known.last_change = Instant::now();
        known.refusal = refusal.clone();
        known.remember(given);
        known.remember(sent);
        if known.backoff.is_active() {
            return Next::GiveUp { cause: known.backoff.cause() };
        }
        let refresh = begin();
        known.replacement = None;
        known.refresh = Some(refresh.clone());
        Next::Wait { refresh, is_of_this_session: true }
    }

    /// A refresh is over.
    pub(super) fn refreshed(&mut self, shop: &str, found: &Refreshed) {
        let Some(known) = self.shops.get_mut(shop) else { return };
        known.refresh = None;
        known.last_change = Instant::now();
        match found {
            Ok(session) => {
                known.replacement = Some(session.clone());
                known.backoff.end();
            }
            Err(cause) => known.backoff.fail(LONGEST_PAUSE, Some(cause.clone())),
        }
    }

    pub(super) fn accepted(&mut self, shop: &str) {
        if let Some(known) = self.shops.get_mut(shop) {
            known.backoff.reset();
        }
    }

    /// What a refresh gave was refused as well. That is known from the first of the calls that it was given to.
    pub(super) fn refused_again(&mut self, shop: &str, sent: &Secret, refusal: &Error) {
        let Some(known) = self.shops.get_mut(shop) else { return };
        if known.replacement.as_ref() != Some(sent) || known.running_refresh().is_some() {
            return;
        }
        known.replacement = None;
        known.remember(sent);
        known.refusal = refusal.clone();
        known.backoff.fail(LONGEST_PAUSE, None);
        known.last_change = Instant::now();
    }

    /// Forgets shops, so that their number does not grow for ever.
    fn make_room(&mut self) {
        if self.shops.len() < self.room {
            return;
        }
        self.shops.retain(|_, shop| shop.running_refresh().is_some() || shop.last_change.elapsed() < FORGOTTEN_AFTER);
        self.room = self.shops.len().saturating_mul(2).max(ROOM);
    }
}

impl Refused {
    fn new(refusal: &Error) -> Self {
        Self {
            sessions: Vec::new(),
            replacement: None,
            refusal: refusal.clone(),
            refresh: None,
            backoff: Backoff::default(),
            last_change: Instant::now(),
        }
    }

    fn remember(&mut self, session: &Secret) {
        self.sessions.retain(|other| other != session);
        if self.sessions.len() >= MOST_SESSIONS {
            self.sessions.remove(0);
        }
        self.sessions.push(session.clone());
    }

    fn running_refresh(&self) -> Option<SharedTask<Refreshed>> {
        self.refresh.clone().filter(SharedTask::is_alive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::top::error_code::{SESSION_UNAVAILABLE, own_error};

    #[tokio::test(start_paused = true)]
    async fn shops_whose_refresh_is_long_ago_are_forgotten() {
        let mut memory = Memory::default();
        let (old, new) = (Secret::from("old"), Secret::from("new"));
        let refusal = own_error(SESSION_UNAVAILABLE, "operation", None);
        for number in 0..10 * ROOM {
            let shop = Arc::from(format!("shop-{number}"));
            memory.next(&shop, &old, &old, &refusal, || SharedTask::start(std::future::pending()));
            memory.refreshed(&shop, &Ok(new.clone()));
            assert!(memory.shops.len() <= ROOM, "after {number} shops: {}", memory.shops.len());
            assert!(matches!(memory.known(&shop, &old), Known::Replaced(session) if session == new));
            tokio::time::advance(FORGOTTEN_AFTER / 500).await;
        }
    }
}
