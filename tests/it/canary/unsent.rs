//! Calls that end without a response: a refused connection, no key, the rate limit, a ban, a timeout.

use std::collections::BTreeSet;
use std::time::Duration;

use privacy_number::aliyun::{Credentials, CredentialsProvider, HttpMethod};
use privacy_number::top::SessionProvider;
use privacy_number::{Error, Format, Limits, Secret, aliyun, top};

use super::answers::{self, Fault};
use super::call::{calls, shown};
use super::{Run, for_sentinels, settings};
use crate::capture::logs_of;
use crate::raw_server::{RawServer, Refusing, Reply};
use crate::samples::{self, Clients, needs_no_session};

#[test]
fn nothing_is_shown_when_the_connection_is_refused() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        for method in [HttpMethod::Post, HttpMethod::Get] {
            let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, method, settings());
            for call in calls(&run.s) {
                let error = run.send(&*call, &clients, "refused").await.unwrap_err();
                assert!(std::error::Error::source(&error).is_some(), "the cause is the source");
            }
        }
    });
}

#[test]
fn nothing_is_shown_when_the_time_is_over_before_the_first_attempt() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        let settings = settings().call_timeout(Duration::ZERO);
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings);
        for call in calls(&run.s) {
            let error = run.send(&*call, &clients, "no time").await.unwrap_err();
            assert_eq!(error.attempts(), 0, "{error}");
        }
    });
}

/// Providers whose errors quote secrets. They are the source of the error, and nothing else shows them.
#[derive(Clone)]
struct QuotingProvider(String);

impl SessionProvider for QuotingProvider {
    async fn session(&self, _: &str) -> Result<Secret, top::ProviderError> {
        Err(self.0.clone().into())
    }

    async fn refresh(&self, _: &str, _: &Secret) -> Result<Secret, top::ProviderError> {
        Err(self.0.clone().into())
    }
}

impl CredentialsProvider for QuotingProvider {
    async fn credentials(&self) -> Result<Credentials, aliyun::ProviderError> {
        Err(self.0.clone().into())
    }
}

#[test]
fn nothing_is_shown_when_no_session_or_key_can_be_fetched() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        let provider = QuotingProvider(run.s.all().join(" "));
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
        let shops = clients.top.shops(provider.clone());
        let builder = aliyun::Client::builder().credentials_provider(provider).settings(settings());
        run.assert_shows_nothing(&(&shops, &builder), "provider");
        let clients = Clients { aliyun: builder.build().unwrap(), shop: shops.shop("seller-1"), top: clients.top };
        run.assert_shows_nothing(&(&clients.aliyun, &clients.shop), "client");
        for call in calls(&run.s) {
            let (result, logs) = logs_of(call.send(&clients)).await;
            let error = result.unwrap_err();
            run.search.assert_clean(&format!("{error}\n{error:#}\n{}\n{logs}", shown(&error)), "no key");
            let unavailable = [Some(top::SESSION_UNAVAILABLE), Some(aliyun::CREDENTIALS_UNAVAILABLE)];
            assert!(unavailable.contains(&error.code()) || needs_no_session(call.name()), "{error}");
            assert!(std::error::Error::source(&error).is_some(), "the cause is the source");
        }
    });
}

#[test]
fn nothing_is_shown_when_the_rate_limit_is_reached() {
    for_sentinels(async |run| {
        let calls = calls(&run.s);
        let limits = calls.iter().fold(Limits::none(), |limits, call| limits.of(call.name(), 1));
        let Run { s, rng, .. } = run;
        let replies = calls.iter().map(|call| answers::reply(call.name(), Fault::None, Format::Json, s, rng));
        let server = RawServer::start(replies.collect::<Vec<_>>()).await;
        let settings = settings().limits(limits).call_timeout(Duration::from_millis(300));
        let clients = run.clients(&server.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings);
        for call in &calls {
            let _ = call.send(&clients).await;
            let error = run.send(&**call, &clients, "limit").await.unwrap_err();
            assert_eq!(error.code(), Some(privacy_number::LIMIT_REACHED), "{error}");
        }
    });
}

#[test]
fn nothing_is_shown_while_the_gateway_bans() {
    for_sentinels(async |run| {
        let calls = calls(&run.s);
        let words = format!("This ban will last for 1000 more seconds {}", run.s.all().join(" "));
        let ban = |name: &str| {
            let top = serde_json::json!({"error_response": {"code": 7, "msg": words, "sub_msg": words}});
            let aliyun =
                serde_json::json!({"Code": "Throttling.Api", "Message": words, "RequestId": run.s.texts.phone_a});
            let body = if name.contains('.') { top } else { aliyun };
            Reply::http("200 OK", &[("Retry-After", "1000")], body.to_string())
        };
        // Only the first request of an operation is sent.
        let server = RawServer::start(samples::names().into_iter().map(ban)).await;
        let mut banned = BTreeSet::new();
        let clients = run.clients(&server.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
        for call in &calls {
            let first = run.send(&**call, &clients, "ban").await.unwrap_err();
            let second = run.send(&**call, &clients, "banned").await.unwrap_err();
            assert!(is_ban(&first) && is_ban(&second), "{first} {second}");
            let is_first = banned.insert(call.name());
            assert_eq!((first.attempts(), second.attempts()), (u32::from(is_first), 0), "{first}");
            assert!(second.is_held_back() && first.is_held_back() != is_first, "{first} {second}");
        }
    });
}

fn is_ban(error: &Error) -> bool {
    error.is_throttled() && matches!(error.advice(), privacy_number::Advice::WaitFor(time) if time.as_secs() > 900)
}
