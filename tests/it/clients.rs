//! Clients for servers on loopback, with keys that no account has.

use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use privacy_number::{RetryPolicy, Settings, aliyun, top};

pub(crate) const APP_KEY: &str = "12345678";
pub(crate) const APP_SECRET: &str = "app-secret";
pub(crate) const SESSION: &str = "test-session";
pub(crate) const ACCESS_KEY_ID: &str = "testId";
pub(crate) const ACCESS_KEY_SECRET: &str = "testSecret";

/// 10 o'clock in China on the date of the guide to the 700 numbers.
pub(crate) fn instant() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-01-06T02:00:00Z").unwrap().to_utc()
}

/// Advances the clock of a single-threaded runtime. It does not stay paused: it would then jump while sockets wait.
pub(crate) async fn advance(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// One attempt per call, at a fixed time.
pub(crate) fn once() -> Settings {
    Settings::new().clock(instant).retry(RetryPolicy::never())
}

/// Retries with a backoff of one millisecond.
pub(crate) fn fast_retries(attempts: u32) -> Settings {
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(attempts).first_backoff(pause).first_throttled_backoff(pause);
    once().retry(policy.max_backoff(pause))
}

/// An HTTP client for many tests: set up as the crate sets up its own, but without TLS, whose certificates take most of
/// a test's time to read, and without pooled connections, since ports are reused.
pub(crate) fn plain_http() -> reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let build = || {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).referer(false);
        let builder = builder.retry(reqwest::retry::never()).no_proxy().pool_max_idle_per_host(0);
        #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
        let builder = builder.tls_certs_only([]);
        builder.build().unwrap()
    };
    CLIENT.get_or_init(build).clone()
}

pub(crate) fn top_builder(endpoint: impl Into<top::Endpoint>) -> top::ClientBuilder {
    top::Client::builder().app(APP_KEY, APP_SECRET).endpoint(endpoint).settings(once())
}

pub(crate) fn shop(endpoint: impl Into<top::Endpoint>, settings: Settings) -> top::Shop {
    top_builder(endpoint).settings(settings).build().unwrap().shop(SESSION)
}

pub(crate) fn aliyun_builder(endpoint: impl Into<String>) -> aliyun::ClientBuilder {
    aliyun::Client::builder().access_key(ACCESS_KEY_ID, ACCESS_KEY_SECRET).endpoint_of_all(endpoint).settings(once())
}

pub(crate) fn aliyun(endpoint: impl Into<String>, settings: Settings) -> aliyun::Client {
    aliyun_builder(endpoint).settings(settings).build().unwrap()
}
