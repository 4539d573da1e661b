//! Nothing of a person and no secret is ever shown: not by `Debug`, not by `Display`, not in any log line of any crate,
//! whatever the gateway answers.

mod answers;
mod calls;
mod sentinels;

use std::fmt::Debug;
use std::time::Duration;

use privacy_number::aliyun::{Credentials, HttpMethod};
use privacy_number::{Error, Format, RetryPolicy, Secret, Settings, aliyun, top};

use crate::capture::logs_of;
use crate::raw_server::{RawServer, Refusing, Reply};
use answers::Fault;
use calls::Call;
use sentinels::{assert_clean, sentinel};

fn settings() -> Settings {
    crate::clients::once().attempt_timeout(Duration::from_secs(5)).retry(RetryPolicy::never())
}

struct Clients {
    shop: top::Shop,
    post: aliyun::Client,
    get: aliyun::Client,
}

/// Clients whose every key is a sentinel; `host` is `http://127.0.0.1:1/`.
fn clients(host: &str, format: Format, settings: Settings) -> Clients {
    let top = top::Client::builder().app(sentinel::APP_KEY, sentinel::APP_SECRET).format(format);
    let top = top.endpoint(format!("{host}router/rest")).settings(settings.clone());
    let credentials = Credentials::new(sentinel::ACCESS_KEY_ID, sentinel::ACCESS_KEY_SECRET);
    let credentials = credentials.security_token(sentinel::SECURITY_TOKEN);
    assert_shows_nothing(&credentials, "credentials");
    let aliyun = aliyun::Client::builder().credentials(credentials).endpoint(host).format(format).settings(settings);
    assert_shows_nothing(&top, "builder");
    assert_shows_nothing(&aliyun, "builder");
    let top = top.build().unwrap();
    let get = aliyun.clone().method(HttpMethod::Get).build().unwrap();
    let clients = Clients { shop: top.shop(sentinel::SESSION), post: aliyun.build().unwrap(), get };
    assert_shows_nothing(&top, "client");
    assert_shows_nothing(&clients.shop, "shop");
    assert_shows_nothing(&clients.get, "client");
    clients
}

fn assert_shows_nothing(value: &impl Debug, what: &str) {
    assert_clean(&format!("{value:?}\n{value:#?}"), what);
}

fn assert_error_shows_nothing(error: &Error, what: &str) {
    assert_shows_nothing(error, what);
    assert_clean(&format!("{error}\n{error:#}"), what);
    assert!(!error.to_string().contains("http://") && !error.to_string().contains('\n'), "{what}: {error}");
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(source) = next {
        assert_clean(&format!("{source}\n{source:?}\n{source:#?}"), what);
        next = source.source();
    }
}

/// Makes every call under one fault, and looks at all that can be seen of it.
async fn assert_quiet(fault: Fault, format: Format) {
    let replies: Vec<Reply> = Call::ALL.iter().map(|call| answers::reply(*call, fault, format)).collect();
    let server = RawServer::start(replies).await;
    let settings = match fault {
        Fault::Silence => settings().attempt_timeout(Duration::from_millis(250)),
        _ => settings(),
    };
    let clients = clients(&server.aliyun_endpoint(), format, settings);
    for call in Call::ALL {
        let what = format!("{call:?} {fault:?} {format:?}");
        let (result, logs) = logs_of(call.send(&clients)).await;
        assert!(logs.contains("call succeeded") || logs.contains("attempt failed"), "{what}: the crate's own events");
        assert!(logs.contains("hyper") && logs.contains("reqwest"), "{what}: the HTTP library's events\n{logs}");
        assert_clean(&logs, &what);
        match result {
            Ok(shown) => {
                assert!(fault == Fault::None, "{what} must fail");
                assert_clean(&shown, &what);
            }
            Err(error) => {
                assert!(fault != Fault::None, "{what}: {error}");
                assert_error_shows_nothing(&error, &what);
            }
        }
    }
    assert_eq!(server.requests().len(), Call::ALL.len());
    let sent = server.requests().concat();
    let secret = [sentinel::APP_SECRET, sentinel::ACCESS_KEY_SECRET];
    assert!(sentinels::found_in(&sent).len() == 10, "the requests themselves are full of sentinels");
    assert!(secret.iter().all(|secret| !sent.contains(secret)), "a secret signs and is never sent");
}

#[tokio::test]
async fn nothing_is_shown_whatever_the_gateway_answers() {
    for fault in Fault::ALL {
        assert_quiet(fault, Format::Json).await;
    }
    for fault in [Fault::None, Fault::EchoingError, Fault::WrongKind, Fault::TornText] {
        assert_quiet(fault, Format::Xml).await;
    }
}

#[tokio::test]
async fn nothing_is_shown_when_nobody_listens() {
    let refusing = Refusing::new();
    let clients = clients(&refusing.aliyun_endpoint(), Format::Json, settings());
    for call in Call::ALL {
        let (result, logs) = logs_of(call.send(&clients)).await;
        assert_clean(&logs, &format!("{call:?}"));
        let error = result.unwrap_err();
        assert!(std::error::Error::source(&error).is_some(), "the cause is there to be looked at");
        assert_error_shows_nothing(&error, &format!("{call:?}"));
    }
}

#[tokio::test]
async fn nothing_is_shown_of_requests_that_are_refused_before_sending() {
    let refusing = Refusing::new();
    let clients = clients(&refusing.aliyun_endpoint(), Format::Json, settings());
    for bad in calls::invalid() {
        let (result, logs) = logs_of(bad.send(&clients)).await;
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
        assert_error_shows_nothing(&error, "invalid request");
        assert_clean(&logs, "invalid request");
    }
    for url in ["http://canary.example.com/", "https://canary-user:canary-password@host/", "https://h/?canary-password"]
    {
        let error = aliyun::Client::builder().access_key("id", "secret").endpoint(url).build().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn nothing_is_shown_of_any_number_of_orders() {
    use futures_util::StreamExt;
    let answers = [Fault::None, Fault::EchoingError, Fault::Html]
        .map(|fault| answers::reply(Call::OaidDecrypt, fault, Format::Json));
    let server = RawServer::start(answers).await;
    let clients = clients(&server.aliyun_endpoint(), Format::Json, settings());
    let query = |tid: u32| top::ReceiverQuery::builder().oaid(sentinel::OAID).tid(tid.to_string()).build();
    let stream = clients.shop.decrypt_all((2001..=2061).map(query)).concurrency(1);
    assert_shows_nothing(&stream, "stream");
    let (results, logs) = logs_of(stream.collect::<Vec<_>>()).await;
    assert_eq!(results.len(), 61);
    assert!(results.iter().any(|one| one.result.is_ok()) && results.iter().any(|one| one.result.is_err()));
    assert_shows_nothing(&results, "results");
    assert_clean(&logs, "stream");
    for one in &results {
        if let Err(error) = &one.result {
            assert_error_shows_nothing(error, "order");
        }
    }
}

#[tokio::test]
async fn the_canary_sings_when_something_is_shown() {
    // Each of these would be a leak; the checks above must be able to see it.
    let ((), logs) = logs_of(async {
        tracing::debug!(phone = sentinel::PHONE_A, "leak");
        tracing_log::log::trace!("body: {}", crate::form::escape(sentinel::NAME));
        tracing::trace!("{}", sentinel::ADDRESS.as_bytes().escape_ascii());
    })
    .await;
    assert_eq!(sentinels::found_in(&logs), [sentinel::PHONE_A, sentinel::NAME, sentinel::ADDRESS]);
    let shown = format!("{:?}", Secret::from(sentinel::SESSION).expose());
    assert_eq!(sentinels::found_in(&shown), [sentinel::SESSION]);
}
