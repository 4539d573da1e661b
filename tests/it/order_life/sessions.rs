//! Sessions that are refreshed: the next refresh token is stored before the former one is forgotten.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{
    AuthTokenCreate, AuthTokenRefresh, ProviderError, RefreshedSessions, SessionTokens, Shop, TokenStore,
    TradeFullinfoGet,
};
use privacy_number::{Advice, Operation};

use super::{client_of, count};

const SHOP: &str = "first-shop";

#[derive(Clone, Default)]
struct Tokens {
    stored: Arc<Mutex<Option<SessionTokens>>>,
    is_down: Arc<AtomicBool>,
}

impl TokenStore for Tokens {
    async fn load(&self, shop: &str) -> Result<Option<SessionTokens>, ProviderError> {
        assert_eq!(shop, SHOP);
        Ok(self.stored.lock().unwrap().clone())
    }

    async fn save(&self, shop: &str, tokens: &SessionTokens) -> Result<(), ProviderError> {
        assert_eq!(shop, SHOP);
        if self.is_down.load(Ordering::Relaxed) {
            return Err("the database is down".into());
        }
        *self.stored.lock().unwrap() = Some(tokens.clone());
        Ok(())
    }
}

/// A shop that the seller has just authorised.
async fn authorised(emulator: &Emulator) -> (Tokens, Shop) {
    let client = client_of(emulator);
    let code = emulator.gateways().authorise(SHOP).unwrap();
    let tokens = Tokens::default();
    let first = client.send(&AuthTokenCreate::new(code)).await.unwrap().token_result;
    tokens.save(SHOP, &first.into()).await.unwrap();
    let shop = client.shops(RefreshedSessions::new(client.clone(), tokens.clone())).shop(SHOP);
    (tokens, shop)
}

async fn works(shop: &Shop) -> bool {
    shop.send(&TradeFullinfoGet::new("2001")).await.is_ok()
}

#[tokio::test]
async fn an_expired_session_is_refreshed_again_and_again() {
    let emulator = Emulator::start().await.unwrap();
    let (tokens, shop) = authorised(&emulator).await;
    for refreshes in 1..=3 {
        let former = tokens.stored.lock().unwrap().clone();
        emulator.expire_session(SHOP).unwrap();
        assert!(works(&shop).await && works(&shop).await);
        assert_eq!(count::<AuthTokenRefresh>(&emulator), refreshes);
        assert_ne!(*tokens.stored.lock().unwrap(), former);
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_stored_are_kept_until_they_are() {
    let emulator = Emulator::start().await.unwrap();
    let (tokens, shop) = authorised(&emulator).await;
    let first = tokens.stored.lock().unwrap().clone();
    tokens.is_down.store(true, Ordering::Relaxed);
    emulator.expire_session(SHOP).unwrap();
    assert!(works(&shop).await && works(&shop).await);
    assert_eq!((tokens.stored.lock().unwrap().clone(), count::<AuthTokenRefresh>(&emulator)), (first.clone(), 1));
    // A second refresh has the token that is in memory alone.
    emulator.expire_session(SHOP).unwrap();
    assert!(works(&shop).await);
    tokens.is_down.store(false, Ordering::Relaxed);
    assert!(works(&shop).await);
    let stored = tokens.stored.lock().unwrap().clone().unwrap();
    assert_ne!(Some(&stored), first.as_ref());
    assert_eq!(stored.session.expose(), emulator.session_of(SHOP).unwrap());
}

#[tokio::test]
async fn a_shop_without_tokens_needs_the_seller() {
    let emulator = Emulator::start().await.unwrap();
    let (tokens, shop) = authorised(&emulator).await;
    let session = tokens.stored.lock().unwrap().take().unwrap().session;
    let error = shop.send(&TradeFullinfoGet::new("2001")).await.unwrap_err();
    assert_eq!((error.advice(), error.attempts()), (Advice::RefreshSession, 0));
    // An application that cannot refresh sessions.
    *tokens.stored.lock().unwrap() = Some(SessionTokens::new(session, None));
    emulator.expire_session(SHOP).unwrap();
    let error = shop.send(&TradeFullinfoGet::new("2001")).await.unwrap_err();
    assert_eq!(error.advice(), Advice::RefreshSession);
    assert_eq!(emulator.ledger().count(AuthTokenRefresh::NAME), 0);
}

#[tokio::test]
async fn a_lost_refresh_is_not_repeated_by_itself_and_then_the_seller_decides() {
    let emulator = Emulator::start().await.unwrap();
    let (tokens, shop) = authorised(&emulator).await;
    let former = tokens.stored.lock().unwrap().clone();
    emulator.expire_session(SHOP).unwrap();
    emulator.inject(Fault::reset_after_execution().on(AuthTokenRefresh::NAME).times(1));
    let error = shop.send(&TradeFullinfoGet::new("2001")).await.unwrap_err();
    assert_eq!((error.advice(), count::<AuthTokenRefresh>(&emulator)), (Advice::RefreshSession, 1));
    assert_eq!(*tokens.stored.lock().unwrap(), former, "the former token is kept");
    // After the backoff it is tried once more, and refused: it works once.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let error = shop.send(&TradeFullinfoGet::new("2001")).await.unwrap_err();
    assert_eq!((error.advice(), count::<AuthTokenRefresh>(&emulator)), (Advice::RefreshSession, 2));
    assert_eq!(emulator.ledger().executed(AuthTokenRefresh::NAME), 1);
}
