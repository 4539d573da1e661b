//! A receiver of pushes on loopback, and the sinks and requests of its tests.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use privacy_number::aliyun::receipt::{
    PushService, PushServiceBuilder, PushedMessages, ReceiptSink, ReceiptType, SinkError,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(super) const SECRET: &str = "3f9c1d5e8a7b46029d1c";

/// A builder with the secret of the tests.
pub(super) fn service<S: ReceiptSink>(sink: S) -> PushServiceBuilder<S> {
    PushService::builder(sink).secret_path(SECRET)
}

/// A sink that keeps all that is written to it.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<PushedMessages>>>);

impl Kept {
    pub(super) fn take(&self) -> Vec<PushedMessages> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl ReceiptSink for Kept {
    async fn write(&self, messages: PushedMessages) -> Result<(), SinkError> {
        self.0.lock().unwrap().push(messages);
        Ok(())
    }
}

/// A sink that fails with this text.
pub(super) struct Failing(pub(super) String);

impl ReceiptSink for Failing {
    async fn write(&self, _: PushedMessages) -> Result<(), SinkError> {
        Err(self.0.clone().into())
    }
}

/// A sink that never ends.
pub(super) struct Stuck;

impl ReceiptSink for Stuck {
    async fn write(&self, _: PushedMessages) -> Result<(), SinkError> {
        std::future::pending().await
    }
}

/// A server of a service. It stops with the runtime of the test.
#[derive(Clone, Copy)]
pub(super) struct Receiver(SocketAddr);

impl Receiver {
    /// Served by hyper.
    pub(super) async fn hyper<S: ReceiptSink>(builder: PushServiceBuilder<S>) -> Self {
        let (service, listener) = (builder.build().unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                let answer = service_fn(move |request| {
                    let service = service.clone();
                    async move { Ok::<_, Infallible>(service.handle(request).await) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        Self(address)
    }

    /// Served by axum, in the two ways to give it a service.
    pub(super) async fn axum<S: ReceiptSink>(builder: PushServiceBuilder<S>) -> Self {
        let service = builder.build().unwrap();
        let routes = Router::new()
            .route_service("/receipts/{secret}/{type}", service.clone())
            .nest_service("/nested", service)
            .route("/health", axum::routing::get(async || "up"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self(address)
    }

    pub(super) fn url(self, path: &str) -> String {
        format!("http://{}{path}", self.0)
    }

    /// Pushes a body of a type, as the platform does.
    pub(super) async fn push(self, receipt_type: &ReceiptType, body: impl Into<reqwest::Body>) -> Answer {
        let path = format!("/receipts/{SECRET}/{receipt_type}");
        Answer::of(reqwest::Client::new().post(self.url(&path)).body(body)).await
    }

    /// Opens a connection and sends these bytes.
    pub(super) async fn connect(self, bytes: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        stream.write_all(bytes.as_ref()).await.unwrap();
        stream
    }
}

/// All bytes of an answer, until the server closes the connection.
pub(super) async fn rest_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

/// The head of a push whose body has this header line.
pub(super) fn head(length: &str) -> String {
    format!("POST /receipts/{SECRET}/SecretReport HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n\r\n")
}

/// What a receiver answered.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) headers: http::HeaderMap,
}

impl Answer {
    pub(super) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// The number that the platform checks.
    pub(super) fn code(&self) -> u64 {
        serde_json::from_str::<serde_json::Value>(&self.body).unwrap()["code"].as_u64().unwrap()
    }

    pub(super) fn assert_taken(&self) {
        assert_eq!((self.status, self.body.as_str()), (200, r#"{"code":0,"msg":"OK"}"#), "{self:?}");
        assert_eq!(self.headers["content-type"], "application/json;charset=utf-8");
    }

    /// The platform sends again what is answered so.
    pub(super) fn assert_sent_again(&self) {
        assert_eq!((self.status, self.code()), (503, 1), "{self:?}");
        assert_eq!(self.headers["retry-after"], "60");
    }
}
