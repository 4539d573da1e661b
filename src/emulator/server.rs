//! The gateways behind a TCP server.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::clock::Clock;
use super::gateways::{Gateways, TOP_PATH};
use super::ledger::Ledger;
use super::seed::EmulatorBuilder;

/// Longer bodies are refused: no call of either gateway comes near it.
const LONGEST_BODY: usize = 1024 * 1024;

/// Both gateways, served on a port of 127.0.0.1. Dropping it stops the server.
pub struct Emulator {
    gateways: Arc<Gateways>,
    address: SocketAddr,
    server: AbortHandle,
}

impl Emulator {
    /// Starts the server on a free port, with the default seeds.
    ///
    /// # Errors
    ///
    /// The operating system gives no port.
    pub async fn start() -> io::Result<Emulator> {
        Emulator::builder().start().await
    }

    /// Seeds of your own.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    pub(crate) async fn serve(gateways: Gateways) -> io::Result<Emulator> {
        let gateways = Arc::new(gateways);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(accept(listener, Arc::clone(&gateways))).abort_handle();
        Ok(Emulator { gateways, address, server })
    }

    /// The URL of TOP's gateway.
    #[must_use]
    pub fn top_endpoint(&self) -> String {
        format!("http://{}{TOP_PATH}", self.address)
    }

    /// The base URL of Alibaba Cloud's gateway.
    #[must_use]
    pub fn aliyun_endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// TOP's application.
    #[must_use]
    pub fn app_key(&self) -> &str {
        &self.gateways.accounts().app_key
    }

    /// The secret of TOP's application.
    #[must_use]
    pub fn app_secret(&self) -> &str {
        &self.gateways.accounts().app_secret
    }

    /// The first shop's session.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.gateways.accounts().session
    }

    /// Alibaba Cloud's permanent access key.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.gateways.accounts().access_key.id
    }

    /// The secret of the permanent access key.
    #[must_use]
    pub fn access_key_secret(&self) -> &str {
        &self.gateways.accounts().access_key.secret
    }

    /// The pool that is always there.
    #[must_use]
    pub fn pool_key(&self) -> &str {
        &self.gateways.accounts().pool_key
    }

    /// The time that the gateways live in.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.gateways.clock()
    }

    /// What the gateways were asked so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.gateways.ledger()
    }

    /// The gateways behind the server.
    #[must_use]
    pub fn gateways(&self) -> &Gateways {
        &self.gateways
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emulator")
            .field("address", &self.address)
            .field("gateways", &self.gateways)
            .finish_non_exhaustive()
    }
}

/// Runs until it is aborted; the connections are aborted with it, since the set owns them.
async fn accept(listener: TcpListener, gateways: Arc<Gateways>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve_connection(stream, Arc::clone(&gateways)));
            }
            Err(error) => {
                tracing::debug!(%error, "the emulator could not accept a connection");
                tokio::task::yield_now().await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, gateways: Arc<Gateways>) {
    // Answers are small: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let gateways = &gateways;
        async move { Ok::<_, Infallible>(handle(request, gateways).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to the emulator broke");
    }
}

async fn handle(request: Request<Incoming>, gateways: &Gateways) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => {
            let request = Request::from_parts(head, body.to_bytes());
            gateways.answer(request).map(Full::new)
        }
        Err(_) => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            response
        }
    }
}
