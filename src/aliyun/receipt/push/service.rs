//! The HTTP service that takes pushes.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower_service::Service;

use super::rate::Rate;
use super::sink::{PushedMessages, ReceiptSink};
use crate::aliyun::receipt::parse::{ACKNOWLEDGEMENT, parse};
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};

const REFUSAL: &str = r#"{"code":1,"msg":"not taken"}"#;

/// The shortest secret segment of a path.
const MIN_SECRET: usize = 16;

/// The largest value of [`PushServiceBuilder::max_concurrent`]; the semaphore takes no number without a bound.
const MAX_CONCURRENT: usize = 1_000_000;

/// Takes the receipts that the platform pushes: a service for axum, hyper and every server of `tower`.
///
/// The last two segments of the path are the secret and the type of the receipts: set
/// `https://host/any/path/<secret>/SecretReport` as the URL for `SecretReport` in the console, and so on for each type.
/// The service writes the receipts to a [`ReceiptSink`], and acknowledges them then.
///
/// | answer | when | what the platform does |
/// | --- | --- | --- |
/// | 200 | the sink has written the receipts | takes them as delivered |
/// | 400 | the connection broke in the body | sends them again, then drops them |
/// | 404 | the secret is wrong, or the path has no type | the same |
/// | 405 | not a POST | the platform only sends POST |
/// | 413 | the body is too large | the same as for 400 |
/// | 503 | the sink failed, the body or the sink took too long, or there are too many pushes | the same as for 400 |
///
/// A body that is not JSON is written too: the platform would send the same body again, and then drop it. The secret is
/// compared in constant time, and only a request with the right secret is read, counted or logged. The service does not
/// limit the time of a request's head: set that limit in the server.
///
/// ```
/// use privacy_number::aliyun::receipt::PushService;
///
/// let (receipts, mut handler) = tokio::sync::mpsc::channel(10_000);
/// let service = PushService::builder(receipts).secret_path("3f9c1d5e8a7b46029d1c").build()?;
/// // axum: Router::new().route_service("/receipts/{secret}/{type}", service)
/// // hyper: service_fn(async |request| Ok::<_, Infallible>(service.handle(request).await))
/// # let _ = (service, &mut handler);
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[doc(alias = "话单推送")]
pub struct PushService<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    sink: S,
    secret: Secret,
    max_body: usize,
    write_timeout: Duration,
    rate: Option<Rate>,
    permits: Semaphore,
}

/// A body that a [`PushService`] reads: that of any server.
pub trait PushBody: Body<Error: Into<BoxError>> {}

impl<B: Body<Error: Into<BoxError>>> PushBody for B {}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Builds a [`PushService`].
#[must_use]
pub struct PushServiceBuilder<S> {
    sink: S,
    secret: Secret,
    max_body: usize,
    write_timeout: Duration,
    max_concurrent: usize,
    max_per_second: Option<u32>,
}

impl<S: ReceiptSink> PushService<S> {
    /// A service that writes to this sink.
    pub fn builder(sink: S) -> PushServiceBuilder<S> {
        PushServiceBuilder {
            sink,
            secret: Secret::from(""),
            max_body: 1024 * 1024,
            write_timeout: Duration::from_millis(500),
            max_concurrent: 1000,
            max_per_second: None,
        }
    }

    /// Answers one request.
    pub async fn handle<B: PushBody>(&self, request: Request<B>) -> Response<Full<Bytes>> {
        let Some(receipt_type) = self.inner.receipt_type(request.uri().path()) else {
            return refusal(StatusCode::NOT_FOUND);
        };
        if request.method() != Method::POST {
            let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        if self.inner.rate.as_ref().is_some_and(|rate| !rate.allows(Instant::now())) {
            return unavailable();
        }
        let Ok(_permit) = self.inner.permits.try_acquire() else {
            tracing::warn!("too many concurrent pushes of receipts: one was refused");
            return unavailable();
        };
        // The platform waits 700 ms for the whole answer, the time of the body included.
        let taken = timeout(self.inner.write_timeout, self.inner.take(receipt_type, request.into_body())).await;
        match taken {
            Ok(Ok(())) => response(StatusCode::OK, ACKNOWLEDGEMENT),
            Ok(Err(status)) if status == StatusCode::SERVICE_UNAVAILABLE => unavailable(),
            Ok(Err(status)) => refusal(status),
            Err(_) => {
                tracing::warn!("pushed receipts were not written in time: they were refused");
                unavailable()
            }
        }
    }
}

impl<S: ReceiptSink> Inner<S> {
    /// The type that a path names, if its secret is right.
    fn receipt_type(&self, path: &str) -> Option<ReceiptType> {
        let mut segments = path.rsplit('/');
        let (name, secret) = (segments.next()?, segments.next()?);
        let is_right = bool::from(secret.as_bytes().ct_eq(self.secret.expose().as_bytes()));
        let is_name = (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_right && is_name).then(|| ReceiptType::from(name))
    }

    /// Reads the body and writes its receipts.
    async fn take<B: PushBody>(&self, receipt_type: ReceiptType, body: B) -> Result<(), StatusCode> {
        // A body that declares its length is refused before it is sent.
        if body.size_hint().lower() > u64::try_from(self.max_body).unwrap_or(u64::MAX) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let body = Limited::new(body, self.max_body).collect().await.map_err(|error| {
            let is_too_large = error.is::<LengthLimitError>();
            if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
        })?;
        let body = Vec::from(body.to_bytes());
        let receipts = parse(&receipt_type, &body);
        let text = String::from_utf8(body);
        let body = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let body = Private::from(body);
        let written = self.sink.write(PushedMessages { receipt_type, receipts, body }).await;
        written.map_err(|_| {
            tracing::warn!("pushed receipts could not be written: they were refused");
            StatusCode::SERVICE_UNAVAILABLE
        })
    }
}

impl<S: ReceiptSink> PushServiceBuilder<S> {
    /// The secret segment of the path, before the type: 16 to 256 letters, digits, `-` or `_`. Make it by chance, and
    /// keep it as a password: the platform sends nothing else to tell it by.
    pub fn secret_path(mut self, segment: impl Into<Secret>) -> Self {
        self.secret = segment.into();
        self
    }

    /// The largest body in bytes; 1 MiB by default. The platform documents none.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// How long the body and the sink may take together; 500 ms by default, since the platform waits 700 ms for the
    /// answer.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.write_timeout = timeout;
        self
    }

    /// The most pushes that are read and written at once; 1000 by default. With the largest body this bounds the
    /// memory.
    pub fn max_concurrent(mut self, pushes: usize) -> Self {
        self.max_concurrent = pushes;
        self
    }

    /// The most pushes per second, on average; no limit by default. The pushes of one second may come in one burst.
    pub fn max_per_second(mut self, pushes: u32) -> Self {
        self.max_per_second = Some(pushes);
        self
    }

    /// Builds the service.
    ///
    /// # Errors
    /// [`Error::Invalid`]: there is no secret path, it is too short or has other characters; a limit is 0, or
    /// `max_concurrent` is more than 1,000,000.
    pub fn build(self) -> Result<PushService<S>, Error> {
        let refuse = |name, reason| Err(InvalidRequest::new(name, reason).into());
        let secret = self.secret.expose();
        let is_segment = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !(MIN_SECRET..=256).contains(&secret.len()) || !secret.bytes().all(is_segment) {
            return refuse("secret_path", "must be 16 to 256 letters, digits, `-` or `_`");
        }
        if self.max_body == 0 {
            return refuse("max_body", "must be at least 1 byte");
        }
        if self.write_timeout.is_zero() {
            return refuse("write_timeout", "must be more than 0");
        }
        if !(1..=MAX_CONCURRENT).contains(&self.max_concurrent) {
            return refuse("max_concurrent", "must be 1 to 1,000,000");
        }
        if self.max_per_second == Some(0) {
            return refuse("max_per_second", "must be at least 1");
        }
        let inner = Inner {
            sink: self.sink,
            secret: self.secret,
            max_body: self.max_body,
            write_timeout: self.write_timeout,
            rate: self.max_per_second.map(Rate::per_second),
            permits: Semaphore::new(self.max_concurrent),
        };
        Ok(PushService { inner: Arc::new(inner) })
    }
}

impl<S: ReceiptSink, B> Service<Request<B>> for PushService<S>
where
    B: PushBody<Data: Send> + Send + 'static,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.handle(request).await) })
    }
}

fn response(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    response
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    response(status, REFUSAL)
}

fn unavailable() -> Response<Full<Bytes>> {
    let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

impl<S> Clone for PushService<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S> fmt::Debug for PushService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushService").finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for PushServiceBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushServiceBuilder").finish_non_exhaustive()
    }
}
