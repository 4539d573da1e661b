//! The server: one thread, fixed response bodies, persistent connections.

use std::convert::Infallible;
use std::error::Error;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::data;

/// The path that returns how many connections the server has accepted.
pub(crate) const CONNECTIONS: &str = "/connections";

static ACCEPTED: AtomicU64 = AtomicU64::new(0);

/// Prints the address of the server, then serves.
pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let (bound, decrypted) = (Bytes::from(data::bind_json()), Bytes::from(data::decrypt_json()));
    loop {
        let (stream, _) = listener.accept().await?;
        ACCEPTED.fetch_add(1, Ordering::Relaxed);
        stream.set_nodelay(true)?;
        let (bound, decrypted) = (bound.clone(), decrypted.clone());
        let service = service_fn(move |request| answer(request, bound.clone(), decrypted.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    request: Request<Incoming>,
    bound: Bytes,
    decrypted: Bytes,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = match request.uri().path() {
        CONNECTIONS => Bytes::from(ACCEPTED.load(Ordering::Relaxed).to_string()),
        "/" => bound,
        _ => decrypted,
    };
    let mut incoming = request.into_body();
    while incoming.frame().await.is_some() {}
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    Ok(response)
}
