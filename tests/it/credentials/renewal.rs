//! One renewal for all calls, before the key expires; meanwhile the old key is used while it is valid.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use privacy_number::aliyun::{BindAxb, CREDENTIALS_UNAVAILABLE, Client};
use privacy_number::{Advice, Outcome};

use super::{FOUND, ProviderReply, TestClock, TestProvider, builder, finished, for_an_hour, key, keys, refusing, send};
use crate::clients::{advance, instant, once};
use crate::server::Server;

/// A client that has used `key-1`, shortly before it expires.
pub(super) async fn near_expiry(server: &Server, provider: &TestProvider, clock: &TestClock) -> Client {
    provider.set_reply(ProviderReply::Key(for_an_hour("key-1")));
    let settings = clock.settings().call_timeout(Duration::from_secs(2));
    let client = builder(server).credentials_provider(provider.clone()).settings(settings).build().unwrap();
    send(&client).await.unwrap();
    clock.advance(58 * 60);
    client
}

#[tokio::test]
async fn concurrent_first_calls_call_the_provider_once() {
    const CALLS: usize = 200;
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::KeyAfter(key("key-1"), Duration::from_millis(50)));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for result in join_all((0..CALLS).map(|_| send(&client))).await {
        result.unwrap();
    }
    assert_eq!((provider.calls(), server.received().await.len()), (1, CALLS));
}

#[tokio::test]
async fn calls_that_wait_for_a_provider_share_its_failure() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::FailureAfter(Duration::from_millis(50)));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for result in join_all((0..200).map(|_| send(&client))).await {
        assert_eq!(result.unwrap_err().code(), Some(CREDENTIALS_UNAVAILABLE));
    }
    assert_eq!((provider.calls(), server.received().await.len()), (1, 0));
    provider.set_reply(ProviderReply::Key(key("key-1")));
    advance(Duration::from_secs(1)).await;
    send(&client).await.unwrap();
}

#[tokio::test]
async fn a_key_is_renewed_before_it_expires_while_calls_use_the_old_one() {
    let (server, provider, clock) = (Server::always(FOUND).await, TestProvider::default(), TestClock::new());
    let client = near_expiry(&server, &provider, &clock).await;
    provider.set_reply(ProviderReply::KeyAfter(key("key-2"), Duration::from_millis(100)));
    for result in join_all((0..10).map(|_| send(&client))).await {
        result.unwrap();
    }
    assert_eq!((provider.calls(), provider.finished()), (2, 1), "nobody waited for it");
    assert_eq!(keys(&server).await, vec!["key-1"; 11]);
    finished(&provider, 2).await;
    send(&client).await.unwrap();
    assert_eq!(keys(&server).await.last().unwrap(), "key-2");
}

#[tokio::test]
async fn an_old_valid_key_is_used_if_its_renewal_fails() {
    let (server, provider, clock) = (Server::always(FOUND).await, TestProvider::default(), TestClock::new());
    let client = near_expiry(&server, &provider, &clock).await;
    provider.set_reply(ProviderReply::Failure);
    send(&client).await.unwrap();
    finished(&provider, 2).await;
    provider.set_reply(ProviderReply::Key(key("key-2")));
    send(&client).await.unwrap();
    assert_eq!((keys(&server).await, provider.calls()), (vec!["key-1".to_owned(); 3], 2), "not at once again");
    advance(Duration::from_secs(1)).await;
    send(&client).await.unwrap();
    finished(&provider, 3).await;
    send(&client).await.unwrap();
    assert_eq!(keys(&server).await.last().unwrap(), "key-2", "and renewing is tried again");
}

#[tokio::test]
async fn an_old_valid_key_is_used_if_its_renewal_hangs() {
    let (server, provider, clock) = (Server::always(FOUND).await, TestProvider::default(), TestClock::new());
    let client = near_expiry(&server, &provider, &clock).await;
    provider.set_reply(ProviderReply::Never);
    let started = Instant::now();
    for _ in 0..5 {
        send(&client).await.unwrap();
    }
    assert_eq!(keys(&server).await, vec!["key-1"; 6]);
    assert!(started.elapsed() < Duration::from_secs(3), "not every call waits for it: {:?}", started.elapsed());
    assert_eq!(provider.calls(), 2);
}

#[tokio::test]
async fn an_expired_key_is_not_used() {
    let (server, provider, clock) = (Server::always(FOUND).await, TestProvider::default(), TestClock::new());
    let client = near_expiry(&server, &provider, &clock).await;
    provider.set_reply(ProviderReply::Failure);
    clock.advance(2 * 60);
    let error = send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(CREDENTIALS_UNAVAILABLE), Outcome::NotExecuted));
    assert_eq!(keys(&server).await, ["key-1"]);
}

#[tokio::test]
async fn a_provider_that_hangs_ends_with_the_call_timeout() {
    let server = Server::always(FOUND).await;
    let settings = once().call_timeout(Duration::from_millis(200));
    let provider = TestProvider::with(ProviderReply::Never);
    let client = builder(&server).credentials_provider(provider).settings(settings).build().unwrap();
    let started = Instant::now();
    assert_eq!(send(&client).await.unwrap_err().code(), Some(CREDENTIALS_UNAVAILABLE));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_refused_key_is_renewed_once_and_the_call_retried_once() {
    for code in ["InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "InvalidSecurityToken.Expired"] {
        let server = refusing(&["key-1"], code).await;
        let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
        let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
        // The provider has no other key yet.
        assert_eq!(send(&client).await.unwrap_err().code(), Some(code));
        assert_eq!((provider.calls(), server.received().await.len()), (2, 1), "{code}");
        provider.set_reply(ProviderReply::Key(key("key-2")));
        advance(Duration::from_secs(1)).await;
        send(&client).await.unwrap();
        assert_eq!((provider.calls(), keys(&server).await), (3, ["key-1", "key-1", "key-2"].map(str::to_owned).into()));
    }
}

#[tokio::test]
async fn many_calls_with_a_refused_key_call_the_provider_once() {
    let server = refusing(&["key-1"], "InvalidSecurityToken.Expired").await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    send(&client).await.unwrap_err();
    let before = provider.calls();
    provider.set_reply(ProviderReply::KeyAfter(key("key-2"), Duration::from_millis(50)));
    advance(Duration::from_secs(1)).await;
    for result in join_all((0..100).map(|_| send(&client))).await {
        result.unwrap();
    }
    assert_eq!(provider.calls(), before + 1);
}

#[tokio::test]
async fn a_second_refused_key_ends_the_call() {
    let server = refusing(&["key-1", "key-2"], "InvalidAccessKeyId.NotFound").await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    send(&client).await.unwrap_err();
    provider.set_reply(ProviderReply::Key(key("key-2")));
    advance(Duration::from_secs(1)).await;
    let error = send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.advice()), (Some("InvalidAccessKeyId.NotFound"), Advice::FixRequest));
    assert_eq!(keys(&server).await, ["key-1", "key-1", "key-2"]);
}

#[tokio::test]
async fn a_refused_static_key_is_not_sent_again() {
    let server = refusing(&["key-1"], "InvalidAccessKeyId.NotFound").await;
    let client = builder(&server).credentials(key("key-1")).build().unwrap();
    send(&client).await.unwrap_err();
    assert_eq!(server.received().await.len(), 1);
}

#[tokio::test]
async fn a_bind_with_a_refused_key_is_retried_since_nothing_was_executed() {
    let server = Server::start(|request| {
        let bound = crate::fixtures::read("aliyun/BindAxb.json");
        match super::key_of(request).0.as_str() {
            "key-1" => super::refuse(request, &["key-1"], "InvalidSecurityToken.Expired"),
            _ => crate::server::ok(&bound),
        }
    })
    .await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.expiration(instant() + TimeDelta::days(7)).build();
    client.send(&bind).await.unwrap_err();
    provider.set_reply(ProviderReply::Key(key("key-2")));
    advance(Duration::from_secs(1)).await;
    client.send(&bind).await.unwrap();
    assert_eq!(keys(&server).await, ["key-1", "key-1", "key-2"]);
}
