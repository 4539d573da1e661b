//! How the errors of a provider are reported.

use std::error::Error as _;
use std::time::Duration;

use privacy_number::emulator::Emulator;
use privacy_number::top::{NoSession, ProviderError, SESSION_UNAVAILABLE, SecretGroupQuery, SessionProvider};
use privacy_number::{Advice, Operation, Outcome, Secret};

use super::test_provider::{Refresh, StoreError, TestProvider};
use super::{EXPIRED, queries, send, shops};
use crate::capture::logs_of;
use crate::clients::advance;

const WORDS: &str = "sentinel: connection to 10.0.0.1 refused, last session 6101b2c3";

#[tokio::test]
async fn an_unavailable_store_gives_the_advice_retry_and_is_the_source() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session());
    provider.fail(Some(WORDS));
    let shop = shops(&emulator, &provider).shop("seller-1");
    let error = send(&shop).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some(SESSION_UNAVAILABLE), Outcome::NotExecuted));
    assert_eq!((error.advice(), error.attempts()), (Advice::Retry, 0));
    let source = error.source().expect("the provider's error");
    assert_eq!(source.downcast_ref(), Some(&StoreError(WORDS.to_owned())));
    let shown = format!("{error} {error:#} {error:?} {error:#?} {:?}", error.clone());
    assert!(!shown.contains("sentinel"), "{shown}");
    assert_eq!(queries(&emulator), 0);
    provider.fail(None);
    send(&shop).await.unwrap();
}

#[tokio::test]
async fn a_shop_without_a_session_differs_from_an_unavailable_store() {
    let emulator = Emulator::start().await.unwrap();
    let shop = shops(&emulator, &TestProvider::default()).shop("nobody");
    let (error, logs) = logs_of(async { send(&shop).await.unwrap_err() }).await;
    assert_eq!((error.code(), error.advice()), (Some(SESSION_UNAVAILABLE), Advice::RefreshSession));
    assert!(error.source().unwrap().is::<NoSession>());
    assert!(!logs.contains("WARN"), "{logs}");
}

#[tokio::test]
async fn one_warning_names_the_provider_without_its_message() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session());
    let shop = shops(&emulator, &provider).shop("seller-1");
    provider.fail(Some(WORDS));
    let fail = async || {
        for _ in 0..20 {
            send(&shop).await.unwrap_err();
        }
    };
    let ((), logs) = logs_of(fail()).await;
    let warnings: Vec<_> = logs.lines().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{logs}");
    assert!(warnings[0].contains("TestProvider") && warnings[0].contains(SecretGroupQuery::NAME), "{logs}");
    assert!(!logs.contains("sentinel") && !logs.contains("seller-1"), "{logs}");
    advance(Duration::from_secs(10)).await;
    let ((), logs) = logs_of(fail()).await;
    assert_eq!(logs.matches("WARN").count(), 1, "{logs}");
}

#[tokio::test]
async fn a_failed_refresh_is_the_source_of_the_refusal_and_one_warning() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Fails);
    let shop = shops(&emulator, &provider).shop("seller-1");
    let (error, logs) = logs_of(async { send(&shop).await.unwrap_err() }).await;
    assert_eq!((error.code(), error.advice()), (Some("27"), Advice::RefreshSession));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Rejected, 1));
    let source = StoreError("no refresh token".to_owned());
    assert_eq!(error.source().and_then(|error| error.downcast_ref()), Some(&source));
    assert_eq!(logs.matches("WARN").count(), 1, "{logs}");
    assert!(!logs.contains(&source.0) && !format!("{error:?}").contains(&source.0), "{logs}");
    let held_back = send(&shop).await.unwrap_err();
    assert_eq!(held_back.source().and_then(|error| error.downcast_ref()), Some(&source));
}

#[tokio::test]
async fn a_store_that_fails_before_the_refresh_prevents_it() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::To(emulator.session()));
    provider.fail_after_next_read(WORDS);
    let shop = shops(&emulator, &provider).shop("seller-1");
    let error = send(&shop).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("27"), Outcome::Rejected));
    assert!(error.source().unwrap().is::<StoreError>());
    assert_eq!(provider.refreshes(), 0, "a new session could not be stored");
}

/// A store that never answers.
struct HangingProvider;

impl SessionProvider for HangingProvider {
    async fn session(&self, _: &str) -> Result<Secret, ProviderError> {
        std::future::pending().await
    }

    async fn refresh(&self, _: &str, _: &Secret) -> Result<Secret, ProviderError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_store_that_never_answers_ends_with_the_call_timeout() {
    let emulator = Emulator::start().await.unwrap();
    let settings = emulator.settings().call_timeout(Duration::from_millis(200));
    let shop = emulator.top_builder().settings(settings).build().unwrap().shops(HangingProvider).shop("seller-1");
    let started = std::time::Instant::now();
    let error = send(&shop).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!((error.code(), error.advice()), (Some(SESSION_UNAVAILABLE), Advice::Retry));
    assert!(error.to_string().contains("no answer in time"), "{error}");
}

/// A provider whose store is reached through another client of this crate.
struct Nested(privacy_number::Error);

impl SessionProvider for Nested {
    async fn session(&self, _: &str) -> Result<Secret, ProviderError> {
        Err(self.0.clone().into())
    }

    async fn refresh(&self, _: &str, _: &Secret) -> Result<Secret, ProviderError> {
        Err(self.0.clone().into())
    }
}

#[tokio::test]
async fn an_error_of_this_crate_keeps_its_advice() {
    let emulator = Emulator::start().await.unwrap();
    let invalid = emulator.top_builder().app("", "").build().unwrap_err();
    let shop = emulator.top().unwrap().shops(Nested(invalid)).shop("seller-1");
    let error = send(&shop).await.unwrap_err();
    assert_eq!((error.code(), error.advice()), (Some(SESSION_UNAVAILABLE), Advice::FixRequest));
}

#[tokio::test]
async fn the_error_of_an_unsent_call_has_the_time_that_the_call_waited() {
    const TIMEOUT: Duration = Duration::from_millis(200);
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.top_builder().settings(emulator.settings().call_timeout(TIMEOUT)).build().unwrap();
    let error = send(&client.shops(HangingProvider).shop("seller-1")).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotExecuted, 0));
    assert!(error.elapsed() >= TIMEOUT, "{error}");
    let hanging = TestProvider::with("seller-1", EXPIRED).refresh(Refresh::Hangs);
    let shop = client.shops(hanging).shop("seller-1");
    for attempts in [1, 0] {
        let error = send(&shop).await.unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some("27"), attempts));
        assert!(error.elapsed() >= TIMEOUT, "{error}");
    }
}

#[tokio::test]
async fn an_invalid_request_is_refused_before_the_provider_is_called() {
    let emulator = Emulator::start().await.unwrap();
    let provider = TestProvider::with("seller-1", emulator.session());
    let shop = shops(&emulator, &provider).shop("seller-1");
    let invalid = SecretGroupQuery::builder().oaid("").build();
    assert!(matches!(shop.send(&invalid).await.unwrap_err(), privacy_number::Error::Invalid(_)));
    let stamp = privacy_number::sign::Stamp::new(crate::clients::instant(), "nonce");
    assert!(matches!(shop.prepare(&invalid, &stamp).await.unwrap_err(), privacy_number::Error::Invalid(_)));
    assert_eq!(provider.calls(), 0);
}
