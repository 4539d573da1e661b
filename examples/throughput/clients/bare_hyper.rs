//! Bare `hyper`: one connection for each worker. The request body is ready, and the response is discarded.

use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{FORM, path, signed_form};
use crate::data;
use crate::options::Op;
use crate::worker::Worker;

pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    path: &'static str,
    form: Bytes,
}

pub(crate) async fn workers(op: Op, endpoint: &str, count: usize) -> Result<Vec<Connection>, Box<dyn Error>> {
    let authority = endpoint.parse::<Uri>()?.authority().ok_or("an endpoint names a host")?.to_string();
    let form = signed_form(op, &data::stamp());
    let mut workers = Vec::new();
    for _ in 0..count {
        let stream = TcpStream::connect(&authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        workers.push(Connection { sender, authority: authority.clone(), path: path(op), form: form.clone() });
    }
    Ok(workers)
}

impl Worker for Connection {
    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        let request = Request::post(self.path)
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, FORM)
            .header(USER_AGENT, super::USER_AGENT)
            .header(ACCEPT, "*/*")
            .header(ACCEPT_ENCODING, "gzip")
            .body(Full::new(self.form.clone()))?;
        self.sender.ready().await?;
        let mut response = self.sender.send_request(request).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the server returned HTTP {}", response.status()).into());
        }
        while let Some(frame) = response.frame().await {
            frame?;
        }
        Ok(())
    }
}
