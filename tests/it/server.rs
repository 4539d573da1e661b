//! A gateway on loopback that answers as a test sets and keeps the requests.

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) struct Server(MockServer);

impl Server {
    /// Answers every request by a function of it.
    pub(crate) async fn start(answer: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> Self {
        let server = MockServer::builder().start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self(server)
    }

    /// Answers every request with HTTP 200 and this text.
    pub(crate) async fn always(body: impl Into<String>) -> Self {
        let body = body.into();
        Self::start(move |_| ok(&body)).await
    }

    pub(crate) fn top_endpoint(&self) -> String {
        format!("{}/router/rest", self.0.uri())
    }

    pub(crate) fn aliyun_endpoint(&self) -> String {
        self.0.uri()
    }

    /// Everything received so far, in order.
    pub(crate) async fn received(&self) -> Vec<Request> {
        self.0.received_requests().await.unwrap()
    }

    pub(crate) async fn received_one(&self) -> Request {
        let requests = self.received().await;
        assert_eq!(requests.len(), 1, "exactly one request was expected");
        requests.into_iter().next().unwrap()
    }
}

/// HTTP 200 with a body. The content type is often wrong, as at the real gateways.
pub(crate) fn ok(body: &str) -> ResponseTemplate {
    response(200, body)
}

pub(crate) fn response(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "text/plain;charset=utf-8")
}

/// A form body as it was received.
pub(crate) fn body(request: &Request) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}
