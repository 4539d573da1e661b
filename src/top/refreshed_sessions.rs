//! A session provider that refreshes with the refresh token, and stores the next token first.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Mutex;

use super::auth::{AuthToken, AuthTokenRefresh};
use super::client::Client;
use super::session::{NoSession, ProviderError, SessionProvider};
use crate::provider::lock;
use crate::redact::Secret;

/// A shop's session and its refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionTokens {
    /// The session.
    pub session: Secret,
    /// The token that gets the next session; `None` if the application cannot refresh sessions.
    pub refresh_token: Option<Secret>,
}

impl SessionTokens {
    /// A session and its refresh token.
    pub fn new(session: impl Into<Secret>, refresh_token: Option<Secret>) -> Self {
        Self { session: session.into(), refresh_token }
    }
}

impl From<AuthToken> for SessionTokens {
    fn from(token: AuthToken) -> Self {
        Self { session: token.access_token, refresh_token: token.refresh_token }
    }
}

/// Where an application keeps the sessions and refresh tokens of its shops, such as a table of its database.
pub trait TokenStore: Send + Sync + 'static {
    /// The tokens of a shop; `None` if the seller has not authorised the application.
    fn load(&self, shop: &str) -> impl Future<Output = Result<Option<SessionTokens>, ProviderError>> + Send;

    /// Replaces the tokens of a shop. `Ok` means that they are stored for good: the former refresh token does not work
    /// any more.
    fn save(&self, shop: &str, tokens: &SessionTokens) -> impl Future<Output = Result<(), ProviderError>> + Send;
}

/// A [`SessionProvider`] that refreshes sessions with [`AuthTokenRefresh`].
///
/// A refresh token works once (inferred), and the answer has the next one. The next one is
/// [saved](TokenStore::save) before the new session is used. If saving fails, both are kept in memory, the session is
/// used, and saving is tried again each time that the session is asked for, until it succeeds. A process that ends
/// before that has lost them: the seller must authorise again.
///
/// The refresh is not sent a second time after a lost response. The next call with the refused session sends it again
/// with the stored token. If the lost one was executed, TOP refuses that token, and the seller must authorise again.
/// Refresh the sessions of a shop in one process at a time: two refreshes use the same token.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # use std::collections::HashMap;
/// # use std::sync::Mutex;
/// # use privacy_number::emulator::Emulator;
/// use privacy_number::top::{
///     AuthTokenCreate, ProviderError, RefreshedSessions, SessionTokens, TokenStore, TradeFullinfoGet,
/// };
///
/// #[derive(Default)]
/// struct Database(Mutex<HashMap<String, SessionTokens>>);
///
/// impl TokenStore for Database {
///     async fn load(&self, shop: &str) -> Result<Option<SessionTokens>, ProviderError> {
///         Ok(self.0.lock().unwrap().get(shop).cloned()) // SELECT session, refresh_token FROM shops WHERE ...
///     }
///
///     async fn save(&self, shop: &str, tokens: &SessionTokens) -> Result<(), ProviderError> {
///         self.0.lock().unwrap().insert(shop.to_owned(), tokens.clone()); // UPDATE shops SET ...
///         Ok(())
///     }
/// }
///
/// # let emulator = Emulator::start().await?;
/// # let client = emulator.top()?;
/// # let code = emulator.gateways().authorise("first-shop")?;
/// let database = Database::default();
/// let token = client.send(&AuthTokenCreate::new(code)).await?.token_result; // the seller authorised
/// database.save("first-shop", &token.into()).await?;
///
/// let sessions = RefreshedSessions::new(client.clone(), database);
/// let shops = client.shops(sessions);
/// # emulator.expire_session("first-shop")?;
/// shops.shop("first-shop").send(&TradeFullinfoGet::new("2001")).await?; // refreshed if it has expired
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "刷新Access Token")]
pub struct RefreshedSessions<T> {
    client: Client,
    store: T,
    /// New tokens that could not be saved yet. The lock is never held across an `await`.
    unsaved: Mutex<HashMap<String, SessionTokens>>,
}

impl<T: TokenStore> RefreshedSessions<T> {
    /// A provider for [`Client::shops`], with the client that refreshes.
    pub fn new(client: Client, store: T) -> Self {
        Self { client, store, unsaved: Mutex::default() }
    }

    async fn tokens(&self, shop: &str) -> Result<SessionTokens, ProviderError> {
        let unsaved = lock(&self.unsaved).get(shop).cloned();
        match unsaved {
            Some(tokens) => {
                self.save(shop, &tokens).await;
                Ok(tokens)
            }
            None => Ok(self.store.load(shop).await?.ok_or(NoSession)?),
        }
    }

    /// Saves tokens that are in memory. They stay there if that fails.
    async fn save(&self, shop: &str, tokens: &SessionTokens) {
        match self.store.save(shop, tokens).await {
            Ok(()) => {
                let mut unsaved = lock(&self.unsaved);
                if unsaved.get(shop) == Some(tokens) {
                    unsaved.remove(shop);
                }
            }
            Err(_) => tracing::warn!("a new refresh token could not be stored: it is tried again"),
        }
    }
}

impl<T: TokenStore> SessionProvider for RefreshedSessions<T> {
    async fn session(&self, shop: &str) -> Result<Secret, ProviderError> {
        Ok(self.tokens(shop).await?.session)
    }

    async fn refresh(&self, shop: &str, refused: &Secret) -> Result<Secret, ProviderError> {
        let former = self.tokens(shop).await?;
        if former.session != *refused {
            return Ok(former.session);
        }
        let refresh_token = former.refresh_token.ok_or(NoSession)?;
        let answer = self.client.send(&AuthTokenRefresh::new(refresh_token)).await?;
        let tokens = SessionTokens::from(answer.token_result);
        lock(&self.unsaved).insert(shop.to_owned(), tokens.clone());
        self.save(shop, &tokens).await;
        Ok(tokens.session)
    }
}

impl<T> fmt::Debug for RefreshedSessions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshedSessions").field("client", &self.client).finish_non_exhaustive()
    }
}
