//! Refreshes that several runtimes wait for: none depends on another runtime being driven.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use privacy_number::emulator::Emulator;
use privacy_number::sign::Stamp;
use privacy_number::top::Shop;
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};

use super::test_provider::{Refresh, TestProvider};
use super::{EXPIRED, query, send};
use crate::clients::instant;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a call on a runtime of another thread until its refresh has begun. Returns that runtime, no longer driven.
fn begin(shop: &Shop, provider: &TestProvider) -> Runtime {
    let (shop, provider) = (shop.clone(), provider.clone());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let other = runtime();
        let call = other.spawn(async move { send(&shop).await });
        other.block_on(async {
            while provider.refreshes() == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        drop(call);
        sender.send(other).unwrap();
    });
    receiver.recv().unwrap()
}

/// An emulator on a runtime that is always driven, and a shop whose refresh hangs.
fn setup() -> (Runtime, Emulator, TestProvider, Shop) {
    let driven = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let emulator = driven.block_on(Emulator::start()).unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Hangs);
    // A pooled connection would be driven by the runtime that opened it.
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0);
    let settings = emulator.settings().http_client(http.build().unwrap());
    let top = emulator.top_builder().settings(settings).build().unwrap();
    let shop = top.shops(provider.clone()).shop("seller-1");
    (driven, emulator, provider, shop)
}

#[test]
fn a_refresh_whose_runtime_is_dropped_is_restarted_by_waiting_calls() {
    let (driven, emulator, provider, shop) = setup();
    let other = begin(&shop, &provider);
    let waiters: Vec<_> = (0..10)
        .map(|_| {
            let shop = shop.clone();
            driven.spawn(async move { send(&shop).await })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    assert!(waiters.iter().all(|waiter| !waiter.is_finished()) && provider.refreshes() == 1);
    provider.set_refresh(Refresh::To(emulator.session()));
    let dropped = Instant::now();
    drop(other);
    for waiter in waiters {
        driven.block_on(waiter).unwrap().unwrap();
    }
    assert!(dropped.elapsed() < Duration::from_secs(3), "{:?}", dropped.elapsed());
    assert_eq!((provider.refreshes(), provider.finished()), (2, 1));
}

#[test]
fn a_refresh_on_a_runtime_that_is_not_driven_is_restarted_after_a_while() {
    let (driven, emulator, provider, shop) = setup();
    let other = begin(&shop, &provider);
    provider.set_refresh(Refresh::To(emulator.session()));
    let started = Instant::now();
    driven.block_on(send(&shop)).unwrap();
    assert!((3..10).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert_eq!((provider.refreshes(), provider.finished()), (2, 1));
    // The first refresh is not polled again, even if its runtime is driven now.
    other.block_on(async { tokio::time::sleep(Duration::from_millis(50)).await });
    assert_eq!((provider.refreshes(), provider.finished()), (2, 1));
}

#[test]
fn a_refresh_on_a_runtime_driven_only_during_calls_starts_once() {
    let (_driven, emulator, provider, _) = setup();
    provider.set_refresh(Refresh::ToAfter(emulator.session(), Duration::from_millis(500)));
    let settings = emulator.settings().call_timeout(Duration::from_millis(200));
    let top = emulator.top_builder().settings(settings).build().unwrap();
    let shop = top.shops(provider.clone()).shop("seller-1");
    let own = runtime();
    own.block_on(send(&shop)).unwrap_err();
    // Longer than the time after which an unpolled task counts as lost.
    std::thread::sleep(Duration::from_millis(5500));
    own.block_on(send(&shop)).unwrap();
    assert_eq!((provider.refreshes(), provider.finished()), (1, 1));
}

#[test]
fn a_call_waits_for_a_slow_refresh_on_another_driven_runtime() {
    let (driven, emulator, provider, shop) = setup();
    provider.set_refresh(Refresh::ToAfter(emulator.session(), Duration::from_millis(6500)));
    let other = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let first = other.spawn({
        let shop = shop.clone();
        async move { send(&shop).await }
    });
    while provider.refreshes() == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    driven.block_on(send(&shop)).unwrap();
    other.block_on(first).unwrap().unwrap();
    assert_eq!((provider.refreshes(), provider.finished()), (1, 1));
}

#[test]
fn a_request_is_prepared_without_a_runtime() {
    let (_driven, emulator, provider, shop) = setup();
    provider.store("seller-1", emulator.session());
    let stamp = Stamp::new(instant(), "nonce");
    futures_util::FutureExt::now_or_never(shop.prepare(&query(), &stamp)).unwrap().unwrap();
}
