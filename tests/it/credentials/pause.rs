//! After a provider failed, or returned a key that is refused, there is a backoff: few calls of the provider, and few
//! refused calls.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use privacy_number::aliyun::CREDENTIALS_UNAVAILABLE;
use privacy_number::{Advice, Outcome};

use super::{FOUND, ProviderReply, TestProvider, builder, key, keys, refusing, send};
use crate::clients::{advance, instant};
use crate::server::Server;

const REFUSED: &str = "InvalidAccessKeyId.Inactive";

#[tokio::test]
async fn a_provider_that_fails_is_called_seldom() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::Failure);
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for (asked, pause) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (6, 10)] {
        for _ in 0..20 {
            let error = send(&client).await.unwrap_err();
            assert_eq!((error.code(), error.advice()), (Some(CREDENTIALS_UNAVAILABLE), Advice::Retry));
        }
        assert_eq!(provider.calls(), asked, "{pause} s");
        advance(Duration::from_millis(pause * 1000 - 500)).await;
        send(&client).await.unwrap_err();
        assert_eq!(provider.calls(), asked, "{pause} s");
        advance(Duration::from_millis(500)).await;
    }
    provider.set_reply(ProviderReply::Key(key("key-1")));
    send(&client).await.unwrap();
}

#[tokio::test]
async fn a_refused_key_without_a_replacement_is_not_sent_during_the_backoff() {
    let server = refusing(&["key-1"], REFUSED).await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    assert_eq!(send(&client).await.unwrap_err().outcome(), Outcome::Rejected);
    for _ in 0..99 {
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.outcome(), error.attempts()), (Some(REFUSED), Outcome::NotExecuted, 0));
        assert!(error.to_string().contains("not sent"), "{error}");
    }
    assert_eq!((provider.calls(), server.received().await.len()), (2, 1));
    advance(Duration::from_secs(1)).await;
    assert_eq!(send(&client).await.unwrap_err().outcome(), Outcome::Rejected);
    assert_eq!((provider.calls(), server.received().await.len()), (3, 2), "it may have been switched on again");
    provider.set_reply(ProviderReply::Key(key("key-2")));
    advance(Duration::from_secs(2)).await;
    send(&client).await.unwrap();
    assert_eq!(keys(&server).await, ["key-1", "key-1", "key-1", "key-2"]);
}

#[tokio::test]
async fn a_hundred_concurrent_calls_with_a_refused_key_call_the_provider_once() {
    let server = refusing(&["key-1"], REFUSED).await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for result in join_all((0..100).map(|_| send(&client))).await {
        assert_eq!(result.unwrap_err().code(), Some(REFUSED));
    }
    assert!(provider.calls() <= 3, "{}", provider.calls());
}

#[tokio::test]
async fn keys_that_are_refused_in_succession_start_a_backoff_too() {
    let server = refusing(&["key-1", "key-2"], REFUSED).await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    send(&client).await.unwrap_err();
    provider.set_reply(ProviderReply::Key(key("key-2")));
    advance(Duration::from_secs(1)).await;
    for _ in 0..50 {
        assert_eq!(send(&client).await.unwrap_err().code(), Some(REFUSED));
    }
    assert_eq!((provider.calls(), keys(&server).await), (3, ["key-1", "key-1", "key-2"].map(str::to_owned).into()));
}

#[tokio::test]
async fn a_key_that_works_again_is_not_held_back_when_its_renewal_fails_later() {
    let refused = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |request| match refused.swap(false, std::sync::atomic::Ordering::SeqCst) {
        true => super::refuse(request, &["key-1"], REFUSED),
        false => crate::server::ok(FOUND),
    })
    .await;
    let clock = super::TestClock::new();
    let provider = TestProvider::with(ProviderReply::Key(key("key-1").expires_at(instant() + TimeDelta::hours(1))));
    let client = builder(&server).credentials_provider(provider.clone()).settings(clock.settings()).build().unwrap();
    send(&client).await.unwrap_err();
    advance(Duration::from_secs(1)).await;
    send(&client).await.unwrap();
    clock.advance(58 * 60);
    provider.set_reply(ProviderReply::Failure);
    for _ in 0..5 {
        send(&client).await.unwrap();
    }
    assert_eq!(provider.calls(), 3);
}
