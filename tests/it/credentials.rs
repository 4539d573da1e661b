//! Where Aliyun's keys come from, when they are renewed, and how calls proceed meanwhile.

mod failures;
mod pause;
mod renewal;
mod role;
mod sources;
mod task;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{Client, ClientBuilder, Credentials, CredentialsProvider, ProviderError, QuerySubsId};
use privacy_number::{Error, Settings};
use wiremock::{Request, ResponseTemplate};

use crate::clients::{instant, once};
use crate::form;
use crate::server::{Server, body, ok, response};

const FOUND: &str = r#"{"Code":"OK","Message":"OK","RequestId":"r-1","SubsId":"1"}"#;

fn query() -> QuerySubsId {
    QuerySubsId::builder().pool_key("FC123456").phone_no_x("17000000000").build()
}

async fn send(client: &Client) -> Result<(), Error> {
    client.send(&query()).await.map(drop)
}

fn key(id: &str) -> Credentials {
    Credentials::new(id, "secret")
}

/// A key that expires an hour after the start of the test's clock.
fn for_an_hour(id: &str) -> Credentials {
    key(id).security_token("token").expires_at(instant() + TimeDelta::hours(1))
}

/// Waits until a provider has returned this many times.
async fn finished(provider: &TestProvider, answers: usize) {
    let over = async {
        while provider.finished() < answers {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), over).await.expect("the provider must return");
}

/// The key and token of a request.
fn key_of(request: &Request) -> (String, Option<String>) {
    let mut params = form::decode(body(request));
    (params.remove("AccessKeyId").unwrap(), params.remove("SecurityToken"))
}

async fn keys(server: &Server) -> Vec<String> {
    server.received().await.iter().map(|request| key_of(request).0).collect()
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder().endpoint(server.aliyun_endpoint()).settings(once())
}

/// Refuses these keys with this code, and accepts all others.
async fn refusing(refused: &'static [&'static str], code: &'static str) -> Server {
    Server::start(move |request| refuse(request, refused, code)).await
}

fn refuse(request: &Request, refused: &[&str], code: &str) -> ResponseTemplate {
    if refused.contains(&key_of(request).0.as_str()) {
        let error = format!(r#"{{"RequestId":"r-2","HostId":"h","Code":"{code}","Message":"m"}}"#);
        response(404, &error)
    } else {
        ok(FOUND)
    }
}

/// A clock that a test can set.
#[derive(Clone)]
struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(instant())))
    }

    fn advance(&self, seconds: i64) {
        *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
    }

    fn settings(&self) -> Settings {
        let time = Arc::clone(&self.0);
        once().clock(move || *time.lock().unwrap())
    }
}

/// A provider that returns what a test sets, and counts its calls.
#[derive(Clone, Default)]
struct TestProvider(Arc<ProviderState>);

#[derive(Default)]
struct ProviderState {
    reply: Mutex<ProviderReply>,
    calls: AtomicUsize,
    finished: AtomicUsize,
    running: AtomicUsize,
    most_at_once: AtomicUsize,
}

#[derive(Clone, Default)]
enum ProviderReply {
    #[default]
    Failure,
    FailureAfter(Duration),
    Panic,
    /// Never returns.
    Never,
    Key(Credentials),
    KeyAfter(Credentials, Duration),
}

impl TestProvider {
    fn with(reply: ProviderReply) -> Self {
        let provider = Self::default();
        provider.set_reply(reply);
        provider
    }

    fn set_reply(&self, reply: ProviderReply) {
        *self.0.reply.lock().unwrap() = reply;
    }

    fn calls(&self) -> usize {
        assert!(self.0.most_at_once.load(Ordering::SeqCst) <= 1, "the provider was called twice at once");
        self.0.calls.load(Ordering::SeqCst)
    }

    /// How often it has returned.
    fn finished(&self) -> usize {
        self.0.finished.load(Ordering::SeqCst)
    }
}

/// The provider's own error.
#[derive(Debug)]
struct ProviderFailure;

impl std::fmt::Display for ProviderFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sentinel: sealed, last key LTAI5t")
    }
}

impl std::error::Error for ProviderFailure {}

impl CredentialsProvider for TestProvider {
    async fn credentials(&self) -> Result<Credentials, ProviderError> {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        let _here = Counted::new(&self.0);
        let reply = self.0.reply.lock().unwrap().clone();
        let answer = match reply {
            ProviderReply::Failure => Err(ProviderFailure.into()),
            ProviderReply::FailureAfter(pause) => {
                tokio::time::sleep(pause).await;
                Err(ProviderFailure.into())
            }
            ProviderReply::Panic => panic!("a panic of the provider"),
            ProviderReply::Never => std::future::pending().await,
            ProviderReply::Key(credentials) => Ok(credentials),
            ProviderReply::KeyAfter(credentials, pause) => {
                tokio::time::sleep(pause).await;
                Ok(credentials)
            }
        };
        self.0.finished.fetch_add(1, Ordering::SeqCst);
        answer
    }
}

/// Counts concurrent calls of the provider, dropped ones included.
struct Counted<'a>(&'a ProviderState);

impl<'a> Counted<'a> {
    fn new(state: &'a ProviderState) -> Self {
        let now = state.running.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_at_once.fetch_max(now, Ordering::SeqCst);
        Self(state)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
