//! A provider is called in its own task: no dropped call stops it, and no call waits beyond its timeout.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use privacy_number::aliyun::{CREDENTIALS_UNAVAILABLE, Client, UnbindSubscription};
use privacy_number::sign::Stamp;
use privacy_number::{Advice, Outcome};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::renewal::near_expiry;
use super::{
    FOUND, ProviderReply, TestClock, TestProvider, builder, finished, key, key_of, keys, query, refusing, send,
};
use crate::clients::{fast_retries, instant, once};
use crate::server::{Server, ok};

fn with_call_timeout(server: &Server, provider: &TestProvider, time: Duration) -> Client {
    builder(server).credentials_provider(provider.clone()).settings(once().call_timeout(time)).build().unwrap()
}

#[tokio::test]
async fn a_provider_call_is_completed_once_whichever_calls_are_dropped_meanwhile() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::KeyAfter(key("key-1"), Duration::from_millis(300)));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    let callers = (0..10_u64).map(|caller| timeout(Duration::from_millis(100 + 50 * caller), send(&client)));
    let results = join_all(callers).await;
    assert!(results[0].is_err(), "the one that asked had left");
    assert!(results[9].as_ref().is_ok_and(Result::is_ok), "the patient one got the answer");
    assert_eq!((provider.calls(), provider.finished()), (1, 1));
}

#[tokio::test]
async fn keys_that_arrive_after_the_call_timeout_are_used_by_the_next_call() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::KeyAfter(key("key-1"), Duration::from_millis(600)));
    let client = with_call_timeout(&server, &provider, Duration::from_millis(200));
    let started = Instant::now();
    let error = send(&client).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_millis(550), "{:?}", started.elapsed());
    assert_eq!((error.code(), error.outcome()), (Some(CREDENTIALS_UNAVAILABLE), Outcome::NotExecuted));
    assert_eq!((error.advice(), error.attempts()), (Advice::Retry, 0));
    finished(&provider, 1).await;
    send(&client).await.unwrap();
    assert_eq!(provider.calls(), 1);
}

#[tokio::test]
async fn a_late_replacement_of_a_refused_key_is_used_by_the_next_call() {
    let server = refusing(&["key-1"], "InvalidSecurityToken.Expired").await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = with_call_timeout(&server, &provider, Duration::from_millis(300));
    client.prepare(&query(), &Stamp::new(instant(), "nonce")).await.unwrap();
    provider.set_reply(ProviderReply::KeyAfter(key("key-2"), Duration::from_millis(800)));
    let error = send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.advice()), (Some("InvalidSecurityToken.Expired"), Advice::Retry));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Rejected, 1));
    // A call made meanwhile does not send the refused key again.
    let error = send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.advice()), (Some("InvalidSecurityToken.Expired"), Advice::Retry));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotExecuted, 0));
    finished(&provider, 2).await;
    send(&client).await.unwrap();
    assert_eq!((provider.calls(), keys(&server).await), (2, ["key-1", "key-2"].map(str::to_owned).into()));
}

#[tokio::test]
async fn a_renewal_is_completed_when_its_call_has_been_dropped() {
    let (server, provider, clock) = (Server::always(FOUND).await, TestProvider::default(), TestClock::new());
    let client = near_expiry(&server, &provider, &clock).await;
    provider.set_reply(ProviderReply::KeyAfter(key("key-2"), Duration::from_millis(100)));
    let caller = tokio::spawn({
        let client = client.clone();
        async move { send(&client).await }
    });
    while provider.calls() < 2 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    finished(&provider, 2).await;
    send(&client).await.unwrap();
    assert_eq!((provider.calls(), keys(&server).await.last().unwrap().as_str()), (2, "key-2"));
}

#[test]
fn a_provider_call_whose_runtime_is_dropped_is_restarted() {
    let driven = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = driven.block_on(Server::always(FOUND));
    let provider = TestProvider::with(ProviderReply::Never);
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    let other = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let first = other.spawn({
        let client = client.clone();
        async move { send(&client).await }
    });
    while provider.calls() < 1 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let waiter = driven.spawn(async move { send(&client).await });
    std::thread::sleep(Duration::from_millis(200));
    assert!(!waiter.is_finished() && provider.calls() == 1);
    provider.set_reply(ProviderReply::Key(key("key-1")));
    drop((first, other));
    driven.block_on(waiter).unwrap().unwrap();
    assert_eq!(provider.calls(), 2);
}

#[test]
fn without_a_runtime_the_call_itself_calls_the_provider() {
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = crate::clients::aliyun_builder("http://127.0.0.1:1").credentials_provider(provider.clone());
    let client = client.build().unwrap();
    let stamp = Stamp::new(instant(), "nonce");
    for _ in 0..2 {
        futures_util::FutureExt::now_or_never(client.prepare(&query(), &stamp)).unwrap().unwrap();
    }
    assert_eq!(provider.calls(), 1);
}

#[tokio::test]
async fn a_retry_with_another_key_counts_all_attempts_of_the_call() {
    // The first response is lost after execution, then the key expires, then the retry finds it executed.
    let server = {
        let requests = std::sync::atomic::AtomicUsize::new(0);
        Server::start(move |request| match requests.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => crate::server::response(502, "<html>Bad Gateway</html>"),
            1 => super::refuse(request, &["key-1"], "InvalidSecurityToken.Expired"),
            _ => {
                assert_eq!(key_of(request).0, "key-2");
                ok(r#"{"Code":"isv.SUBS_NOT_EXIST","Message":"m","RequestId":"r-3"}"#)
            }
        })
        .await
    };
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).settings(fast_retries(3)).build().unwrap();
    client.prepare(&query(), &Stamp::new(instant(), "nonce")).await.unwrap();
    provider.set_reply(ProviderReply::Key(key("key-2")));
    let unbind = UnbindSubscription::builder().pool_key("FC123456").subs_id("1").secret_no("17000000000").build();
    client.send(&unbind).await.unwrap();
    assert_eq!(server.received().await.len(), 3);
}
