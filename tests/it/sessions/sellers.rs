//! A session provider that does what a test says and counts what it is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use privacy_number::Secret;
use privacy_number::top::{ProviderError, SessionProvider};
use tokio::sync::Barrier;

#[derive(Clone, Default)]
pub(super) struct Sellers(Arc<State>);

#[derive(Default)]
struct State {
    sessions: Mutex<HashMap<String, String>>,
    after_next_read: Mutex<Option<(String, String)>>,
    refresh: Mutex<Refresh>,
    gate: OnceLock<(usize, Barrier)>,
    asked: AtomicUsize,
    refreshes: AtomicUsize,
}

/// What a refresh comes to.
#[derive(Clone, Default)]
pub(super) enum Refresh {
    #[default]
    Fails,
    /// Fails after so long.
    FailsAfter(Duration),
    Hangs,
    /// Gives this session, and stores it.
    To(String),
    /// Gives this session, and forgets it.
    ToUnstored(String),
}

impl Sellers {
    pub(super) fn with(shop: &str, session: impl Into<String>) -> Self {
        let sellers = Self::default();
        sellers.store(shop, session);
        sellers
    }

    pub(super) fn refresh(self, refresh: Refresh) -> Self {
        self.set_refresh(refresh);
        self
    }

    pub(super) fn set_refresh(&self, refresh: Refresh) {
        *self.0.refresh.lock().unwrap() = refresh;
    }

    pub(super) fn store(&self, shop: &str, session: impl Into<String>) {
        self.0.sessions.lock().unwrap().insert(shop.to_owned(), session.into());
    }

    /// Stores a session as soon as the one that is there was read once more.
    pub(super) fn store_after_next_read(&self, shop: &str, session: impl Into<String>) {
        *self.0.after_next_read.lock().unwrap() = Some((shop.to_owned(), session.into()));
    }

    /// Gives the first `calls` sessions all at the same moment.
    pub(super) fn hold_sessions_until_asked_by(&self, calls: usize) {
        assert!(self.0.gate.set((calls, Barrier::new(calls))).is_ok());
    }

    pub(super) fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    pub(super) fn refreshes(&self) -> usize {
        self.0.refreshes.load(Ordering::SeqCst)
    }
}

impl SessionProvider for Sellers {
    async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
        let asked = self.0.asked.fetch_add(1, Ordering::SeqCst);
        let session = self.0.sessions.lock().unwrap().get(shop).cloned();
        if let Some((shop, session)) = self.0.after_next_read.lock().unwrap().take() {
            self.store(&shop, &session);
        }
        if let Some((calls, gate)) = self.0.gate.get()
            && asked < *calls
        {
            gate.wait().await;
        }
        Ok(Secret::from(session.ok_or("no such shop")?))
    }

    async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
        self.0.refreshes.fetch_add(1, Ordering::SeqCst);
        let refresh = self.0.refresh.lock().unwrap().clone();
        match refresh {
            Refresh::Fails => Err("no refresh token".into()),
            Refresh::FailsAfter(pause) => {
                tokio::time::sleep(pause).await;
                Err("no refresh token".into())
            }
            Refresh::Hangs => std::future::pending().await,
            Refresh::To(session) => {
                assert_ne!(session, refused.expose());
                self.store(shop, &session);
                Ok(Secret::from(session))
            }
            Refresh::ToUnstored(session) => Ok(Secret::from(session)),
        }
    }
}
