//! The HTTP service that takes pushes.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use subtle::ConstantTimeEq;
use tokio::time::timeout;
use tower_service::Service;

use super::rate::Rate;
use super::sink::{PushedMessages, ReceiptSink};
use crate::aliyun::receipt::parse::parse;
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::redact::{Private, Secret};

/// The acknowledgement. The platform checks that `code` is a number, and nothing else.
const ACKNOWLEDGEMENT: &str = r#"{"code":0,"msg":"OK"}"#;
const REFUSAL: &str = r#"{"code":1,"msg":"not taken"}"#;

/// The shortest secret segment of a path.
const MIN_SECRET: usize = 16;

/// Takes the receipts that the platform pushes: a service for axum, hyper and every server of `tower`.
///
/// The last two segments of the path are the secret and the type of the receipts: set
/// `https://host/any/path/<secret>/SecretReport` as the URL for `SecretReport` in the console, and so on for each type. The
/// service writes the receipts to a [`ReceiptSink`], and acknowledges them then.
///
/// | answer | when | what the platform does |
/// | --- | --- | --- |
/// | 200 | the sink has written the receipts | takes them as delivered |
/// | 404 | the secret is wrong, or the path has no type | sends them again, then drops them |
/// | 405 | not a POST | |
/// | 413 | the body is too large | the same |
/// | 503 | the sink failed or took too long, or there are too many pushes | the same |
///
/// A body that is not JSON is written too, so that nothing is lost.
///
/// ```
/// use privacy_number::aliyun::receipt::PushService;
///
/// let (receipts, mut handler) = tokio::sync::mpsc::channel(10_000);
/// let service = PushService::builder(receipts).secret_path("3f9c1d5e8a7b46029d1c").build()?;
/// // axum: Router::new().route_service("/receipts/{secret}/{type}", service)
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
        if self.inner.rate.as_ref().is_some_and(|rate| !rate.allows()) {
            return unavailable();
        }
        // The platform waits 700 ms for the whole answer, the time of the body included.
        let taken = timeout(self.inner.write_timeout, self.inner.take(receipt_type, request.into_body())).await;
        match taken {
            Ok(Ok(())) => response(StatusCode::OK, ACKNOWLEDGEMENT),
            Ok(Err(status)) if status == StatusCode::SERVICE_UNAVAILABLE => unavailable(),
            Ok(Err(status)) => refusal(status),
            Err(_) => {
                tracing::warn!("receipts were not written in time, and come again");
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
        let body = Limited::new(body, self.max_body).collect().await.map_err(|error| {
            let is_too_large = error.is::<LengthLimitError>();
            if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
        })?;
        let body = body.to_bytes();
        let receipts = parse(&receipt_type, &body);
        let body = Private::from(String::from_utf8_lossy(&body).into_owned());
        let written = self.sink.write(PushedMessages { receipt_type, receipts, body }).await;
        written.map_err(|_| {
            tracing::warn!("receipts could not be written, and come again");
            StatusCode::SERVICE_UNAVAILABLE
        })
    }
}

impl<S: ReceiptSink> PushServiceBuilder<S> {
    /// The secret segment of the path, before the type: 16 to 256 letters, digits, `-` or `_`. Make it by chance, and keep
    /// it as a password: the platform sends nothing else to tell it by.
    pub fn secret_path(mut self, segment: impl Into<Secret>) -> Self {
        self.secret = segment.into();
        self
    }

    /// The largest body in bytes; 1 MiB by default. The platform documents none.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// How long the body and the sink may take; 500 ms by default, since the platform waits 700 ms for the answer.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.write_timeout = timeout;
        self
    }

    /// The most pushes of one second; no limit by default. The platform sends again what was too much.
    pub fn max_per_second(mut self, pushes: u32) -> Self {
        self.max_per_second = Some(pushes);
        self
    }

    /// Builds the service.
    ///
    /// # Errors
    /// [`Error::Invalid`]: there is no secret path, or it is too short or has other characters.
    pub fn build(self) -> Result<PushService<S>, Error> {
        let secret = self.secret.expose();
        let is_segment = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !(MIN_SECRET..=256).contains(&secret.len()) || !secret.bytes().all(is_segment) {
            let reason = "must be 16 to 256 letters, digits, `-` or `_`";
            return Err(InvalidRequest::new("secret_path", reason).into());
        }
        let inner = Inner {
            sink: self.sink,
            secret: self.secret,
            max_body: self.max_body,
            write_timeout: self.write_timeout,
            rate: self.max_per_second.map(Rate::per_second),
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
