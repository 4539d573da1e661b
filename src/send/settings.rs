use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::retry::RetryPolicy;
use crate::limit::Limits;
use crate::time::Clock;

/// The format of the gateway's responses. Both are read into the same structs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

/// How a client sends its calls: timeouts, retries, limits, the HTTP client. The defaults suit a server in China.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::{RetryPolicy, Settings, top};
///
/// let settings = Settings::new()
///     .call_timeout(Duration::from_secs(10))
///     .retry(RetryPolicy::new().max_attempts(2));
/// let client = top::Client::builder().app("12345678", "secret").settings(settings).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(super) http_client: Option<reqwest::Client>,
    pub(super) connect_timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) call_timeout: Duration,
    pub(super) max_body: usize,
    pub(super) retry: RetryPolicy,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) plain_http_allowed: bool,
}

impl Settings {
    /// The defaults, as documented at each setter.
    #[must_use]
    pub fn new() -> Self {
        Self {
            http_client: None,
            connect_timeout: Duration::from_secs(3),
            attempt_timeout: Duration::from_secs(10),
            call_timeout: Duration::from_secs(30),
            max_body: 8 * 1024 * 1024,
            retry: RetryPolicy::new(),
            limits: Limits::new(),
            clock: Clock::system(),
            plain_http_allowed: false,
        }
    }

    /// Connect timeout, TLS handshake included. 3 seconds by default. It does not apply to an
    /// [`http_client`](Self::http_client) of your own.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Timeout of one attempt, from connecting to the last byte of the response. 10 seconds by default.
    ///
    /// A response that arrived in time counts, however late the call is polled: a timer that is observed late, because
    /// the program was busy or its runtime was suspended, is extended by the time that it was late, up to this timeout.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Timeout of a whole call: all attempts and the waits between them. 30 seconds by default. If the gateway asks for
    /// a longer wait than the time left, the call fails at once, and its error says how long to wait. A call that is
    /// polled late is treated as with [`attempt_timeout`](Self::attempt_timeout).
    ///
    /// For the calls within `decrypt_all`, `ensure_callers_of_all` and `download_recording`, the wait for the client's
    /// own [`limits`](Self::limits) does not count: limits make a workflow slower, and never make it fail.
    #[must_use]
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// The largest response that is read, in bytes after decompression. 8 MiB by default.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// When and how often a failed attempt is retried.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many calls are sent per second; the documented limits by default. Give the same limits to every client of an
    /// account.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// An HTTP client of your own, for a proxy or certificates of your own. Build it without redirects
    /// (`redirect::Policy::none()`), referer and built-in retries, as this crate builds its own: a signed request must
    /// not be sent twice or to another host.
    ///
    /// If it follows redirects nevertheless, the form of a POST is not sent again, and a response from another address
    /// is an error. With [`HttpMethod::Get`](crate::aliyun::HttpMethod::Get) nothing prevents such a client from
    /// sending the signed query to the other address in its `Referer`, and with
    /// [`SignatureVersion::Acs3`](crate::aliyun::SignatureVersion::Acs3) from sending it the headers of the request
    /// except `Authorization`.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Replaces the host's clock. For tests.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.clock = Clock::from_source(now);
        self
    }

    /// Allows plain HTTP to other hosts than this one. Anyone on the network path can then read numbers and signatures;
    /// only for a tunnel that you trust.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http_allowed = true;
        self
    }
}

impl fmt::Debug for Settings {
    /// Leaves out what a client of the user's own would show: its default headers may hold keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("has_own_http_client", &self.http_client.is_some())
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("call_timeout", &self.call_timeout)
            .field("max_body", &self.max_body)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .field("plain_http_allowed", &self.plain_http_allowed)
            .finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}
