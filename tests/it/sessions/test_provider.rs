//! A session provider that acts as a test sets and counts its calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use privacy_number::Secret;
use privacy_number::top::{NoSession, ProviderError, SessionProvider};
use tokio::sync::Barrier;

#[derive(Clone, Default)]
pub(super) struct TestProvider(Arc<State>);

#[derive(Default)]
struct State {
    sessions: Mutex<HashMap<String, String>>,
    after_next_read: Mutex<Option<(String, String)>>,
    refresh: Mutex<Refresh>,
    gate: OnceLock<(usize, Barrier)>,
    /// Why the store returns no session.
    down: Mutex<Option<String>>,
    down_after_next_read: Mutex<Option<String>>,
    calls: AtomicUsize,
    refreshes: AtomicUsize,
    finished: AtomicUsize,
}

/// The result of a refresh.
#[derive(Clone, Default)]
pub(super) enum Refresh {
    #[default]
    Fails,
    /// Fails after this time.
    FailsAfter(Duration),
    /// The seller has withdrawn the authorisation.
    Revoked,
    Panics,
    Hangs,
    /// Returns this session, and stores it.
    To(String),
    /// The same, after this time.
    ToAfter(String, Duration),
    /// Returns this session, and does not store it.
    ToUnstored(String),
}

impl TestProvider {
    pub(super) fn with(shop: &str, session: impl Into<String>) -> Self {
        let provider = Self::default();
        provider.store(shop, session);
        provider
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

    /// Stores a session after the next read.
    pub(super) fn store_after_next_read(&self, shop: &str, session: impl Into<String>) {
        *self.0.after_next_read.lock().unwrap() = Some((shop.to_owned(), session.into()));
    }

    fn replace(&self, shop: &str, refused: &Secret, session: String) -> Secret {
        assert_ne!(session, refused.expose());
        self.store(shop, &session);
        Secret::from(session)
    }

    /// Makes the store fail with this message after the next read.
    pub(super) fn fail_after_next_read(&self, words: &str) {
        *self.0.down_after_next_read.lock().unwrap() = Some(words.to_owned());
    }

    /// Returns the first `calls` sessions all at the same moment.
    pub(super) fn hold_sessions_until_asked_by(&self, calls: usize) {
        assert!(self.0.gate.set((calls, Barrier::new(calls))).is_ok());
    }

    pub(super) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(super) fn refreshes(&self) -> usize {
        self.0.refreshes.load(Ordering::SeqCst)
    }

    /// How many refreshes ended.
    pub(super) fn finished(&self) -> usize {
        self.0.finished.load(Ordering::SeqCst)
    }

    /// Makes the store fail with this message, or work again.
    pub(super) fn fail(&self, words: Option<&str>) {
        *self.0.down.lock().unwrap() = words.map(str::to_owned);
    }
}

/// The store's own error.
#[derive(Debug, PartialEq)]
pub(super) struct StoreError(pub(super) String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

impl SessionProvider for TestProvider {
    async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
        let asked = self.0.calls.fetch_add(1, Ordering::SeqCst);
        let session = self.0.sessions.lock().unwrap().get(shop).cloned();
        if let Some((shop, session)) = self.0.after_next_read.lock().unwrap().take() {
            self.store(&shop, &session);
        }
        if let Some((calls, gate)) = self.0.gate.get()
            && asked < *calls
        {
            gate.wait().await;
        }
        if let Some(words) = self.0.down.lock().unwrap().clone() {
            return Err(StoreError(words).into());
        }
        if let Some(words) = self.0.down_after_next_read.lock().unwrap().take() {
            self.fail(Some(&words));
        }
        Ok(Secret::from(session.ok_or(NoSession)?))
    }

    async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
        self.0.refreshes.fetch_add(1, Ordering::SeqCst);
        let refresh = self.0.refresh.lock().unwrap().clone();
        let refreshed = match refresh {
            Refresh::Fails => Err(StoreError("no refresh token".to_owned()).into()),
            Refresh::FailsAfter(pause) => {
                tokio::time::sleep(pause).await;
                Err(StoreError("no refresh token".to_owned()).into())
            }
            Refresh::Revoked => Err(NoSession.into()),
            Refresh::Panics => panic!("a panic of the provider"),
            Refresh::Hangs => std::future::pending().await,
            Refresh::To(session) => Ok(self.replace(shop, refused, session)),
            Refresh::ToAfter(session, pause) => {
                tokio::time::sleep(pause).await;
                Ok(self.replace(shop, refused, session))
            }
            Refresh::ToUnstored(session) => Ok(Secret::from(session)),
        };
        self.0.finished.fetch_add(1, Ordering::SeqCst);
        refreshed
    }
}
