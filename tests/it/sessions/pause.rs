//! After a failed refresh there is a backoff: few refreshes, and few refused calls.

use std::time::Duration;

use futures_util::future::join_all;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::sign::Stamp;
use privacy_number::top::{OaidDecrypt, ReceiverQuery};
use privacy_number::{Advice, Error, Operation, Outcome};

use super::test_provider::{Refresh, TestProvider};
use super::{EXPIRED, queries, query, send, shops};
use crate::clients::{advance, instant};

fn assert_held_back(error: &Error) {
    assert_eq!((error.code(), error.sub_code()), (Some("27"), Some("invalid-sessionkey")), "{error}");
    assert_eq!((error.outcome(), error.advice()), (Outcome::NotExecuted, Advice::RefreshSession), "{error}");
    assert_eq!(error.attempts(), 0, "{error}");
    assert!(error.to_string().contains("not sent"), "{error}");
}

#[tokio::test]
async fn a_revoked_shop_is_refreshed_seldom_and_its_calls_are_not_sent() {
    for refresh in [Refresh::Fails, Refresh::Revoked] {
        let emulator = Emulator::start().await.unwrap();
        let provider = TestProvider::with("seller-1", EXPIRED).refresh(refresh);
        let shop = shops(&emulator, &provider).shop("seller-1");
        assert_eq!(send(&shop).await.unwrap_err().outcome(), Outcome::Rejected);
        for _ in 0..99 {
            assert_held_back(&send(&shop).await.unwrap_err());
        }
        assert_eq!((provider.refreshes(), queries(&emulator)), (1, 1));
    }
}

#[tokio::test]
async fn the_backoff_grows_from_one_second_to_sixty() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    let shop = shops(&emulator, &provider).shop("seller-1");
    send(&shop).await.unwrap_err();
    for (refreshes, pause) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60)] {
        advance(Duration::from_millis(pause * 1000 - 500)).await;
        assert_held_back(&send(&shop).await.unwrap_err());
        assert_eq!((provider.refreshes(), queries(&emulator)), (refreshes, refreshes as u64), "{pause} s");
        advance(Duration::from_millis(500)).await;
        assert_eq!(send(&shop).await.unwrap_err().outcome(), Outcome::Rejected, "{pause} s");
    }
}

#[tokio::test]
async fn a_hundred_calls_of_a_revoked_shop_spread_over_minutes_make_few_refreshes() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    let shop = shops(&emulator, &provider).shop("seller-1");
    for _ in 0..100 {
        send(&shop).await.unwrap_err();
        advance(Duration::from_secs(2)).await;
    }
    assert!((2..=10).contains(&provider.refreshes()), "{}", provider.refreshes());
    assert_eq!(queries(&emulator), provider.refreshes() as u64);
}

#[tokio::test]
async fn sessions_that_are_refused_as_soon_as_they_are_refreshed_are_failures_too() {
    for stored in [true, false] {
        let emulator = Emulator::start().await.unwrap();
        let to = if stored { Refresh::To } else { Refresh::ToUnstored };
        let provider = TestProvider::with("seller-1", EXPIRED).refresh(to("revoked-too".to_owned()));
        let shop = shops(&emulator, &provider).shop("seller-1");
        for _ in 0..100 {
            send(&shop).await.unwrap_err();
        }
        assert_eq!((provider.refreshes(), queries(&emulator)), (1, 2), "stored: {stored}");
    }
}

#[tokio::test]
async fn concurrent_calls_of_a_revoked_shop_make_one_refresh() {
    const CALLS: usize = 100;
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To("revoked-too".to_owned()));
    provider.hold_sessions_until_asked_by(CALLS);
    let shop = shops(&emulator, &provider).shop("seller-1");
    for result in join_all((0..CALLS).map(|_| send(&shop))).await {
        assert_eq!(result.unwrap_err().advice(), Advice::RefreshSession);
    }
    assert_eq!(provider.refreshes(), 1);
    assert!(queries(&emulator) <= 2 * CALLS as u64);
}

#[tokio::test]
async fn calls_are_sent_again_as_soon_as_the_provider_returns_another_session() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Revoked);
    let shop = shops(&emulator, &provider).shop("seller-1");
    send(&shop).await.unwrap_err();
    assert_held_back(&send(&shop).await.unwrap_err());
    // The seller has authorised again.
    provider.store("seller-1", emulator.session());
    send(&shop).await.unwrap();
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 2));
}

#[tokio::test]
async fn a_session_that_works_again_after_the_backoff_is_used_again() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session()).refresh(Refresh::Fails);
    let shop = shops(&emulator, &provider).shop("seller-1");
    emulator.inject(Fault::error("session-expired").times(1));
    send(&shop).await.unwrap_err();
    advance(Duration::from_secs(1)).await;
    for _ in 0..3 {
        send(&shop).await.unwrap();
    }
    assert_eq!(provider.refreshes(), 1);
    // Its failures are reset: the next backoff is the first again.
    emulator.inject(Fault::error("session-expired").times(1));
    send(&shop).await.unwrap_err();
    advance(Duration::from_secs(1)).await;
    send(&shop).await.unwrap();
}

#[tokio::test]
async fn the_backoff_of_a_shop_does_not_delay_the_others() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("revoked", EXPIRED).refresh(Refresh::Revoked);
    let shops = shops(&emulator, &provider);
    send(&shops.shop("revoked")).await.unwrap_err();
    // Another shop with the same session by mistake is not affected.
    provider.store("expired", EXPIRED);
    provider.store("good", emulator.session());
    provider.set_refresh(Refresh::To(emulator.session()));
    send(&shops.shop("good")).await.unwrap();
    send(&shops.shop("expired")).await.unwrap();
    assert_held_back(&send(&shops.shop("revoked")).await.unwrap_err());
}

#[tokio::test]
async fn a_call_that_is_held_back_names_itself_and_the_refusal() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    let shop = shops(&emulator, &provider).shop("seller-1");
    let refusal = send(&shop).await.unwrap_err();
    let decrypt = OaidDecrypt::new([ReceiverQuery::builder().tid("2001").oaid("oaid-2001").build()]);
    let error = shop.send(&decrypt).await.unwrap_err();
    assert_held_back(&error);
    assert_eq!(error.operation(), Some(OaidDecrypt::NAME));
    assert_eq!(error.request_id(), refusal.request_id());
    let stamp = Stamp::new(instant(), "nonce");
    assert_held_back(&shop.prepare(&query(), &stamp).await.unwrap_err());
}
