//! How the errors of a provider are reported.

use std::error::Error as _;
use std::time::Duration;

use privacy_number::aliyun::{CREDENTIALS_UNAVAILABLE, CredentialsProvider, ProfileFile, QuerySubsId, RoleCredentials};
use privacy_number::sign::Stamp;
use privacy_number::{Advice, Error, Operation, Outcome};

use super::{FOUND, ProviderFailure, ProviderReply, TestProvider, builder, key, query, refusing, send};
use crate::capture::logs_of;
use crate::clients::{advance, aliyun_builder, instant, once};
use crate::raw_server::Refusing;
use crate::server::Server;

#[tokio::test]
async fn an_unavailable_provider_gives_the_advice_retry_and_is_the_source() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::Failure);
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for _ in 0..2 {
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(CREDENTIALS_UNAVAILABLE), Outcome::NotExecuted));
        assert_eq!((error.advice(), error.attempts()), (Advice::Retry, 0));
        assert!(error.source().unwrap().is::<ProviderFailure>(), "during the pause, too");
        let shown = format!("{error} {error:#} {error:?} {error:#?} {:?}", error.clone());
        assert!(!shown.contains("sentinel"), "{shown}");
    }
    assert!(server.received().await.is_empty());
}

#[tokio::test]
async fn one_warning_names_the_provider_without_its_message() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::Failure);
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    let (_, logs) = logs_of(async {
        for _ in 0..5 {
            send(&client).await.unwrap_err();
            advance(Duration::from_secs(1)).await;
        }
    })
    .await;
    let warnings: Vec<_> = logs.lines().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{logs}");
    assert!(warnings[0].contains("TestProvider") && warnings[0].contains(QuerySubsId::NAME), "{logs}");
    assert!(!logs.contains("sentinel"), "{logs}");
}

#[tokio::test]
async fn a_failure_after_a_refusal_is_the_source_of_the_refusal() {
    let server = refusing(&["key-1"], "InvalidAccessKeyId.NotFound").await;
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    send(&client).await.unwrap_err();
    provider.set_reply(ProviderReply::Failure);
    advance(Duration::from_secs(1)).await;
    for outcome in [Outcome::Rejected, Outcome::NotExecuted] {
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some("InvalidAccessKeyId.NotFound"), outcome));
        assert!(error.source().unwrap().is::<ProviderFailure>());
        assert!(!format!("{error} {error:?}").contains("sentinel"));
    }
}

#[tokio::test]
async fn a_panic_of_a_provider_is_a_failure() {
    let server = Server::always(FOUND).await;
    let provider = TestProvider::with(ProviderReply::Panic);
    let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
    for _ in 0..10 {
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.advice()), (Some(CREDENTIALS_UNAVAILABLE), Advice::Retry));
    }
    assert_eq!(provider.calls(), 1);
    provider.set_reply(ProviderReply::Key(key("key-1")));
    advance(Duration::from_secs(1)).await;
    send(&client).await.unwrap();
}

/// How a call fails with this provider.
async fn failure_of(provider: impl CredentialsProvider) -> Error {
    let server = Server::always(FOUND).await;
    let error = send(&builder(&server).credentials_provider(provider).build().unwrap()).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(CREDENTIALS_UNAVAILABLE), Outcome::NotExecuted));
    assert!(server.received().await.is_empty());
    error
}

#[tokio::test]
async fn the_response_to_assume_role_decides_the_advice() {
    const ROLE: &str = "acs:ram::123456789012:role/privacy-number";
    let refusing = Refusing::new();
    let user = aliyun_builder("http://127.0.0.1:1").sts_endpoint(refusing.aliyun_endpoint()).build().unwrap();
    let error = failure_of(RoleCredentials::new(user.clone(), ROLE, "erp")).await;
    assert_eq!(error.advice(), Advice::Retry, "no connection");
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!((cause.operation(), cause.outcome()), (Some("AssumeRole"), Outcome::NotExecuted));
    let error = failure_of(RoleCredentials::new(user, ROLE, "name with spaces")).await;
    assert_eq!(error.advice(), Advice::FixRequest, "a setting is wrong");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_at_the_moment_is_not_a_wrong_setting() {
    // A folder exists, and cannot be read as a file.
    let error = failure_of(ProfileFile::new().path(std::env::temp_dir())).await;
    assert_eq!(error.advice(), Advice::Retry);
    assert!(error.source().unwrap().is::<std::io::Error>());
    let error = failure_of(ProfileFile::new().path(std::env::temp_dir().join("privacy-number-no-such-file"))).await;
    assert_eq!(error.advice(), Advice::FixRequest);
}

#[tokio::test]
async fn the_error_of_an_unsent_call_has_the_time_that_the_call_waited() {
    const TIMEOUT: Duration = Duration::from_millis(200);
    let server = refusing(&["key-1"], "InvalidAccessKeyId.NotFound").await;
    let settings = once().call_timeout(TIMEOUT);
    let provider = TestProvider::with(ProviderReply::Never);
    let client = builder(&server).credentials_provider(provider).settings(settings.clone()).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some(CREDENTIALS_UNAVAILABLE), 0));
    assert!(error.elapsed() >= TIMEOUT, "{error}");
    let provider = TestProvider::with(ProviderReply::Key(key("key-1")));
    let client = builder(&server).credentials_provider(provider.clone()).settings(settings).build().unwrap();
    client.prepare(&query(), &Stamp::new(instant(), "nonce")).await.unwrap();
    provider.set_reply(ProviderReply::Never);
    for (attempts, outcome) in [(1, Outcome::Rejected), (0, Outcome::NotExecuted)] {
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some("InvalidAccessKeyId.NotFound"), attempts));
        assert_eq!(error.outcome(), outcome);
        assert!(error.elapsed() >= TIMEOUT, "{error}");
    }
}
