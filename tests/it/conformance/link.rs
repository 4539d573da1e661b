//! A server that gives the response that a test sets, and its clients.

use std::sync::{Arc, Mutex};

use privacy_number::aliyun::HttpMethod;
use privacy_number::{Error, Format};
use wiremock::Request;

use crate::clients::{SESSION, aliyun_builder, once, plain_http, top_builder};
use crate::samples::{Clients, Sample};
use crate::server::{Server, response};

pub(super) struct Link {
    server: Server,
    next_response: Arc<Mutex<(u16, String)>>,
    pub(super) clients: Clients,
}

impl Link {
    /// Sends by POST and reads JSON, as by default.
    pub(super) async fn json() -> Self {
        Self::start(HttpMethod::Post, Format::Json).await
    }

    pub(super) async fn start(method: HttpMethod, format: Format) -> Self {
        let next_response = Arc::new(Mutex::new((200, String::new())));
        let shared = Arc::clone(&next_response);
        let server = Server::start(move |_| {
            let (status, body) = &*shared.lock().unwrap();
            response(*status, body)
        })
        .await;
        let settings = once().http_client(plain_http());
        let endpoint = server.aliyun_endpoint();
        let aliyun = aliyun_builder(endpoint).method(method).format(format).settings(settings.clone());
        let top = top_builder(server.top_endpoint()).format(format).settings(settings).build().unwrap();
        let clients = Clients { aliyun: aliyun.build().unwrap(), shop: top.shop(SESSION), top };
        Self { server, next_response, clients }
    }

    /// Sends a request to a server with this response.
    pub(super) async fn ask<O: Sample>(&self, request: &O, status: u16, body: String) -> Result<O::Output, Error> {
        *self.next_response.lock().unwrap() = (status, body);
        self.clients.send(request).await
    }

    pub(super) async fn received(&self) -> Vec<Request> {
        self.server.received().await
    }
}
