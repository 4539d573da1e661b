//! What is known of the shops whose session was refused.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ProviderCause};
use crate::provider::{Backoff, SharedTask};
use crate::redact::Secret;

/// The result of a refresh.
pub(super) type Refreshed = Result<Secret, ProviderCause>;

/// The longest backoff after a failed refresh.
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// A shop that did not change for so long may be evicted.
const EVICT_AFTER: Duration = Duration::from_secs(60 * 60);

/// How many shops are kept before any is evicted.
const MIN_CAPACITY: usize = 1024;

/// How many refused sessions of a shop are kept: the provider's, the one of the refresh, and one before each.
const MAX_SESSIONS: usize = 4;

/// The shops whose session was refused, by name.
pub(super) struct Memory {
    shops: HashMap<Arc<str>, RefusedShop>,
    /// With so many shops, old ones are evicted.
    capacity: usize,
}

/// A shop whose session was refused.
struct RefusedShop {
    /// The latest refused sessions.
    sessions: Vec<Secret>,
    /// The session that replaced them.
    replacement: Option<Secret>,
    /// The last refusal.
    refusal: Error,
    refresh: Option<SharedTask<Refreshed>>,
    backoff: Backoff,
    last_change: Instant,
}

/// What is known of a session that the provider returns.
pub(super) enum Status {
    NotRefused,
    /// It was refused, and the backoff is over: it is sent once more.
    RefusedLongAgo,
    /// It was refused, and replaced by this one.
    Replaced(Secret),
    /// It was refused, there is no other one, and the backoff is not over.
    Refused {
        refusal: Error,
        cause: Option<ProviderCause>,
    },
    /// It was refused, and a refresh is running.
    Refreshing {
        refresh: SharedTask<Refreshed>,
        refusal: Error,
    },
}

/// What a call does next after its session was refused.
pub(super) enum Next {
    /// Send it again with this session.
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
        Self { shops: HashMap::new(), capacity: MIN_CAPACITY }
    }
}

impl Memory {
    pub(super) fn status(&self, shop: &str, provided: &Secret) -> Status {
        let Some(shop) = self.shops.get(shop).filter(|shop| shop.sessions.contains(provided)) else {
            return Status::NotRefused;
        };
        if let Some(refresh) = shop.running_refresh() {
            return Status::Refreshing { refresh, refusal: shop.refusal.clone() };
        }
        match &shop.replacement {
            Some(session) => Status::Replaced(session.clone()),
            None if shop.backoff.is_active() => {
                Status::Refused { refusal: shop.refusal.clone(), cause: shop.backoff.cause() }
            }
            None => Status::RefusedLongAgo,
        }
    }

    /// What to do after `refusal` of `sent`, which replaced `provided` or is the same. `start` starts a refresh.
    pub(super) fn next(
        &mut self,
        shop: &Arc<str>,
        provided: &Secret,
        sent: &Secret,
        refusal: &Error,
        start: impl FnOnce() -> SharedTask<Refreshed>,
    ) -> Next {
        if !self.shops.contains_key(shop) {
            self.evict_old();
        }
        let refused = self.shops.entry(Arc::clone(shop)).or_insert_with(|| RefusedShop::new(refusal));
        let was_refused = refused.sessions.contains(provided);
        if let Some(refresh) = refused.running_refresh() {
            return Next::Wait { refresh, is_of_this_session: refused.sessions.contains(sent) };
        }
        if let Some(other) = refused.replacement.as_ref().filter(|other| was_refused && *other != sent) {
            return Next::Send(other.clone());
        }
        refused.last_change = Instant::now();
        refused.refusal = refusal.clone();
        refused.remember(provided);
        refused.remember(sent);
        if refused.backoff.is_active() {
            return Next::GiveUp { cause: refused.backoff.cause() };
        }
        let refresh = start();
        refused.replacement = None;
        refused.refresh = Some(refresh.clone());
        Next::Wait { refresh, is_of_this_session: true }
    }

    /// To be called when a refresh is over.
    pub(super) fn refreshed(&mut self, shop: &str, found: &Refreshed) {
        let Some(refused) = self.shops.get_mut(shop) else { return };
        refused.refresh = None;
        refused.last_change = Instant::now();
        match found {
            Ok(session) => {
                refused.replacement = Some(session.clone());
                refused.backoff.end();
            }
            Err(cause) => refused.backoff.fail(MAX_BACKOFF, Some(cause.clone())),
        }
    }

    pub(super) fn accepted(&mut self, shop: &str) {
        if let Some(refused) = self.shops.get_mut(shop) {
            refused.backoff.reset();
        }
    }

    /// To be called when the session of a refresh was refused too. Only the first of its calls counts.
    pub(super) fn refused_again(&mut self, shop: &str, sent: &Secret, refusal: &Error) {
        let Some(refused) = self.shops.get_mut(shop) else { return };
        if refused.replacement.as_ref() != Some(sent) || refused.running_refresh().is_some() {
            return;
        }
        refused.replacement = None;
        refused.remember(sent);
        refused.refusal = refusal.clone();
        refused.backoff.fail(MAX_BACKOFF, None);
        refused.last_change = Instant::now();
    }

    /// Evicts shops that did not change for long, so that their number stays bounded.
    fn evict_old(&mut self) {
        if self.shops.len() < self.capacity {
            return;
        }
        self.shops.retain(|_, shop| shop.running_refresh().is_some() || shop.last_change.elapsed() < EVICT_AFTER);
        self.capacity = self.shops.len().saturating_mul(2).max(MIN_CAPACITY);
    }
}

impl RefusedShop {
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
        if self.sessions.len() >= MAX_SESSIONS {
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
    use crate::invalid::InvalidRequest;

    #[tokio::test(start_paused = true)]
    async fn shops_whose_refresh_is_long_ago_are_evicted() {
        let mut memory = Memory::default();
        let (old, new) = (Secret::from("old"), Secret::from("new"));
        let refusal = Error::from(InvalidRequest::new("session", "was refused"));
        for number in 0..10 * MIN_CAPACITY {
            let shop = Arc::from(format!("shop-{number}"));
            memory.next(&shop, &old, &old, &refusal, || SharedTask::start(std::future::pending()));
            memory.refreshed(&shop, &Ok(new.clone()));
            assert!(memory.shops.len() <= MIN_CAPACITY, "after {number} shops: {}", memory.shops.len());
            assert!(matches!(memory.status(&shop, &old), Status::Replaced(session) if session == new));
            tokio::time::advance(EVICT_AFTER / 500).await;
        }
    }
}
