//! Shops whose sessions come from a provider: read at every call, refreshed once for all waiting calls.

mod failures;
mod pause;
mod runtimes;
mod task;
mod test_provider;

use std::time::Duration;

use futures_util::future::join_all;
use privacy_number::emulator::Emulator;
use privacy_number::top::{
    SESSION_UNAVAILABLE, SecretGroupQuery, Shop, Shops, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Advice, Error, Operation, Outcome};

use crate::clients::advance;
use test_provider::{Refresh, TestProvider};

/// An expired session of the emulator.
const EXPIRED: &str = "expired-session";

fn shops(emulator: &Emulator, provider: &TestProvider) -> Shops {
    emulator.top().unwrap().shops(provider.clone())
}

fn query() -> SecretGroupQuery {
    SecretGroupQuery::builder().oaid("oaid-2001").build()
}

fn queries(emulator: &Emulator) -> u64 {
    emulator.ledger().count(SecretGroupQuery::NAME)
}

async fn send(shop: &Shop) -> Result<(), Error> {
    shop.send(&query()).await.map(drop)
}

#[tokio::test]
async fn the_provider_is_called_at_every_call_so_that_sessions_rotate_without_a_restart() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session());
    let shop = shops(&emulator, &provider).shop("seller-1");
    send(&shop).await.unwrap();
    provider.store("seller-1", "other-shop-session");
    let order_of_the_other_shop = SecretGroupQuery::builder().oaid("oaid-2006").build();
    shop.send(&order_of_the_other_shop).await.unwrap();
    assert_eq!((provider.calls(), provider.refreshes()), (2, 0));
}

#[tokio::test]
async fn a_shop_is_known_to_its_provider_by_the_name_it_was_given() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session());
    provider.store("seller-2", "other-shop-session");
    let shops = shops(&emulator, &provider);
    for (name, oaid) in [("seller-1", "oaid-2001"), ("seller-2", "oaid-2006"), ("seller-1", "oaid-2001")] {
        shops.shop(name).send(&SecretGroupQuery::builder().oaid(oaid).build()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_concurrent_calls_refresh_an_expired_session_once() {
    const CALLS: usize = 1000;
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To(emulator.session()));
    let shops = shops(&emulator, &provider);
    // Every call has read the expired session before the first is refused.
    provider.hold_sessions_until_asked_by(CALLS);
    let calls = (0..CALLS).map(|_| {
        let shop = shops.shop("seller-1");
        tokio::spawn(async move { send(&shop).await })
    });
    for result in join_all(calls).await {
        result.unwrap().unwrap();
    }
    assert_eq!(provider.refreshes(), 1);
    assert!(queries(&emulator) <= 2 * CALLS as u64, "each was refused at most once");
    assert_eq!(emulator.ledger().executed(SecretGroupQuery::NAME), CALLS as u64);
}

#[tokio::test]
async fn a_session_is_refreshed_again_when_the_new_one_expires_too() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To(emulator.session()));
    let shop = shops(&emulator, &provider).shop("seller-1");
    send(&shop).await.unwrap();
    provider.store("seller-1", "expired-later");
    send(&shop).await.unwrap();
    assert_eq!(provider.refreshes(), 2, "the session that the first refresh gave is not the answer to everything");
}

#[tokio::test]
async fn a_session_that_was_replaced_meanwhile_is_taken_instead_of_refreshed() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    // Another process stores a new session before the old one is refused.
    provider.store_after_next_read("seller-1", emulator.session());
    send(&shops(&emulator, &provider).shop("seller-1")).await.unwrap();
    assert_eq!(provider.refreshes(), 0);
}

#[tokio::test]
async fn a_provider_without_a_session_fails_the_call_before_anything_is_sent() {
    let emulator = Emulator::start().await.unwrap();
    let shop = shops(&emulator, &TestProvider::default()).shop("nobody");
    let error = send(&shop).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(SESSION_UNAVAILABLE), Outcome::NotExecuted));
    assert_eq!(
        (error.advice(), error.attempts()),
        (Advice::RefreshSession, 0),
        "the provider knows that there is none"
    );
    assert_eq!(queries(&emulator), 0);
}

#[tokio::test]
async fn a_failed_refresh_gives_the_gateways_own_refusal() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    let error = send(&shops(&emulator, &provider).shop("seller-1")).await.unwrap_err();
    assert_eq!((error.code(), error.sub_code()), (Some("27"), Some("invalid-sessionkey")));
    assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::RefreshSession));
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 1));
    assert!(!format!("{error} {error:?}").contains("no refresh token"), "the provider's words are not shown");
}

#[tokio::test]
async fn calls_that_wait_for_a_refresh_share_its_failure() {
    const CALLS: usize = 100;
    let emulator = Emulator::start().await.unwrap();
    // Long enough for all calls to be refused meanwhile.
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::FailsAfter(Duration::from_millis(500)));
    provider.hold_sessions_until_asked_by(CALLS);
    let shop = shops(&emulator, &provider).shop("seller-1");
    for result in join_all((0..CALLS).map(|_| send(&shop))).await {
        assert_eq!(result.unwrap_err().code(), Some("27"));
    }
    assert_eq!(provider.refreshes(), 1);
}

#[tokio::test]
async fn a_second_refusal_is_not_refreshed_again_for_the_same_call() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To("revoked-too".to_owned()));
    let error = send(&shops(&emulator, &provider).shop("seller-1")).await.unwrap_err();
    assert_eq!(error.advice(), Advice::RefreshSession);
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 2));
}

#[tokio::test]
async fn a_refreshed_session_that_the_provider_does_not_keep_is_used_until_it_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::ToUnstored(emulator.session()));
    let shop = shops(&emulator, &provider).shop("seller-1");
    for _ in 0..3 {
        send(&shop).await.unwrap();
    }
    assert_eq!(provider.refreshes(), 1);

    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::ToUnstored("revoked-too".to_owned()));
    let shop = shops(&emulator, &provider).shop("seller-1");
    send(&shop).await.unwrap_err();
    provider.set_refresh(Refresh::ToUnstored(emulator.session()));
    advance(Duration::from_secs(1)).await;
    send(&shop).await.unwrap();
}

#[tokio::test]
async fn a_call_that_may_run_only_once_is_retried_since_a_refused_session_executes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To(emulator.session()));
    let bind = WorkcardVirtualphoneBind::new(1, WorkcardRequestSource::default());
    shops(&emulator, &provider).shop("seller-1").send(&bind).await.unwrap();
    let ledger = emulator.ledger();
    let name = WorkcardVirtualphoneBind::NAME;
    assert_eq!((ledger.count(name), ledger.executed(name)), (2, 1));
}

#[tokio::test]
async fn a_shop_whose_refresh_hangs_does_not_hold_up_the_others() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("slow", EXPIRED).refresh(Refresh::Hangs);
    provider.store("good", emulator.session());
    provider.store("expired", EXPIRED);
    let shops = shops(&emulator, &provider);
    let slow = shops.shop("slow");
    let hanging = tokio::spawn(async move { send(&slow).await });
    while provider.refreshes() == 0 {
        tokio::task::yield_now().await;
    }
    provider.set_refresh(Refresh::To(emulator.session()));
    send(&shops.shop("good")).await.unwrap();
    send(&shops.shop("expired")).await.unwrap();
    assert!(!hanging.is_finished());
    hanging.abort();
}

#[tokio::test]
async fn no_debug_output_shows_a_session() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To("sentinel-new".to_owned()));
    let shops = shops(&emulator, &provider);
    let shop = shops.shop("seller-1");
    let error = send(&shop).await.unwrap_err();
    let given = emulator.top().unwrap().shop("sentinel-given");
    let shown = format!("{shops:?} {shop:?} {given:?} {error:?} {error} {shops:#?} {shop:#?}");
    for sentinel in [EXPIRED, "sentinel-new", "sentinel-given"] {
        assert!(!shown.contains(sentinel), "{shown}");
    }
}
