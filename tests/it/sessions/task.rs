//! A refresh runs in its own task: no dropped call stops it, and no call waits beyond its timeout.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{Shop, WorkcardRequestSource, WorkcardVirtualphoneBind};
use privacy_number::{Advice, Operation, Outcome};
use tokio::time::timeout;

use super::test_provider::{Refresh, TestProvider};
use super::{EXPIRED, queries, query, send, shops};

/// A shop with this call timeout.
fn with_call_timeout(emulator: &Emulator, provider: &TestProvider, time: Duration) -> Shop {
    let settings = emulator.settings().call_timeout(time);
    let top = emulator.top_builder().settings(settings).build().unwrap();
    top.shops(provider.clone()).shop("seller-1")
}

/// Waits until this many refreshes have ended.
async fn finished(provider: &TestProvider, count: usize) {
    let over = async {
        while provider.finished() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), over).await.expect("the refresh goes on");
}

#[tokio::test]
async fn a_refresh_runs_once_whichever_calls_are_dropped_meanwhile() {
    let emulator = Emulator::start().await.unwrap();
    let slow = Refresh::ToAfter(emulator.session(), Duration::from_millis(300));
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(slow);
    let shop = shops(&emulator, &provider).shop("seller-1");
    let callers = (0..10_u64).map(|caller| {
        let shop = shop.clone();
        async move { timeout(Duration::from_millis(100 + 50 * caller), send(&shop)).await }
    });
    let results = join_all(callers).await;
    assert!(results[0].is_err(), "the one that began it had left");
    assert!(results[9].as_ref().is_ok_and(Result::is_ok), "the patient one got its result");
    assert_eq!((provider.refreshes(), provider.finished()), (1, 1));
    send(&shop).await.unwrap();
    assert_eq!(provider.refreshes(), 1);
}

#[tokio::test]
async fn a_refresh_is_completed_when_every_call_has_been_dropped() {
    let emulator = Emulator::start().await.unwrap();
    let slow = Refresh::ToAfter(emulator.session(), Duration::from_millis(200));
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(slow);
    let shops = shops(&emulator, &provider);
    let shop = shops.shop("seller-1");
    let caller = tokio::spawn(async move { send(&shop).await });
    while provider.refreshes() == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    finished(&provider, 1).await;
    send(&shops.shop("seller-1")).await.unwrap();
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 2), "the next call needed one request");
}

#[tokio::test]
async fn a_refresh_slower_than_the_call_timeout_is_completed_and_used_by_the_next_call() {
    let emulator = Emulator::start().await.unwrap();
    let slow = Refresh::ToAfter(emulator.session(), Duration::from_secs(1));
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(slow);
    let shop = with_call_timeout(&emulator, &provider, Duration::from_millis(400));
    let started = Instant::now();
    let error = send(&shop).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
    assert_eq!((error.code(), error.outcome(), error.attempts()), (Some("27"), Outcome::Rejected, 1));
    assert_eq!(error.advice(), Advice::Retry, "the session is about to come: {error}");
    finished(&provider, 1).await;
    send(&shop).await.unwrap();
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 2));
}

#[tokio::test]
async fn a_call_that_begins_during_a_refresh_waits_for_it_instead_of_being_refused() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Hangs);
    let shop = with_call_timeout(&emulator, &provider, Duration::from_millis(300));
    send(&shop).await.unwrap_err();
    let started = Instant::now();
    for result in join_all((0..10).map(|_| send(&shop))).await {
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.outcome(), error.attempts()), (Some("27"), Outcome::NotExecuted, 0));
        assert_eq!(error.advice(), Advice::Retry, "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(3), "nobody waits beyond its own time");
    assert_eq!((provider.refreshes(), queries(&emulator)), (1, 1));
}

#[tokio::test]
async fn a_refresh_that_hangs_times_out() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Hangs);
    let shop = with_call_timeout(&emulator, &provider, Duration::from_millis(300));
    send(&shop).await.unwrap_err();
    crate::clients::advance(Duration::from_secs(121)).await;
    // It is a failure like any other, with its backoff.
    assert_eq!(send(&shop).await.unwrap_err().advice(), Advice::RefreshSession);
    provider.set_refresh(Refresh::To(emulator.session()));
    crate::clients::advance(Duration::from_secs(1)).await;
    send(&shop).await.unwrap();
    assert_eq!(provider.refreshes(), 2);
}

#[tokio::test]
async fn a_retry_after_a_refresh_counts_all_attempts_of_the_call() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED);
    let slow = Refresh::ToAfter(emulator.session(), Duration::from_millis(100));
    let shop = shops(&emulator, &provider.clone().refresh(slow)).shop("seller-1");
    emulator.inject(Fault::error("isv.permission-ip-whitelist-limit").after(1));
    let error = send(&shop).await.unwrap_err();
    assert_eq!((error.sub_code(), error.attempts()), (Some("isv.permission-ip-whitelist-limit"), 2));
    assert!(error.elapsed() >= Duration::from_millis(100), "{error}");
}

#[tokio::test]
async fn only_the_refusals_of_a_session_that_another_one_cures_start_a_refresh() {
    for (code, refreshes) in
        [("42", 0), ("53", 0), ("isv.prohibit-masteraccount", 0), ("26", 1), ("44", 1), ("session-expired", 1)]
    {
        let emulator = Emulator::start().await.unwrap();
        let provider = TestProvider::with("seller-1", emulator.session()).refresh(Refresh::Fails);
        emulator.inject(Fault::error(code));
        let error = send(&shops(&emulator, &provider).shop("seller-1")).await.unwrap_err();
        assert_eq!(error.advice(), Advice::RefreshSession, "{code}");
        assert_eq!((provider.refreshes(), queries(&emulator)), (refreshes, 1), "{code}");
    }
}

#[tokio::test]
async fn a_panic_of_a_provider_is_a_failure() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Panics);
    let shop = shops(&emulator, &provider).shop("seller-1");
    for result in join_all((0..10).map(|_| send(&shop))).await {
        assert_eq!(result.unwrap_err().code(), Some("27"));
    }
    assert_eq!(provider.refreshes(), 1);
    provider.set_refresh(Refresh::To(emulator.session()));
    crate::clients::advance(Duration::from_secs(1)).await;
    send(&shop).await.unwrap();
}

#[tokio::test]
async fn a_bind_whose_call_is_dropped_during_a_refresh_is_not_sent_later() {
    let emulator = Emulator::start().await.unwrap();
    let slow = Refresh::ToAfter(emulator.session(), Duration::from_millis(200));
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(slow);
    let shop = shops(&emulator, &provider).shop("seller-1");
    let bind = WorkcardVirtualphoneBind::new(1, WorkcardRequestSource::default());
    timeout(Duration::from_millis(100), shop.send(&bind)).await.unwrap_err();
    finished(&provider, 1).await;
    shop.send(&query()).await.unwrap();
    assert_eq!(emulator.ledger().executed(WorkcardVirtualphoneBind::NAME), 0);
}
