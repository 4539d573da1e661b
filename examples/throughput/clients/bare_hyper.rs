//! One connection a lane, the request's bytes ready, the answer thrown away.

use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{FORM, path, signed_form};
use crate::Op;
use crate::lane::Lane;

pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    path: &'static str,
    form: Bytes,
}

pub(crate) async fn lanes(op: Op, endpoint: &str, count: usize) -> Result<Vec<Connection>, Box<dyn Error>> {
    let authority = endpoint.parse::<Uri>()?.authority().ok_or("an endpoint names a host")?.to_string();
    let form = signed_form(op);
    let mut lanes = Vec::new();
    for _ in 0..count {
        let stream = TcpStream::connect(&authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        lanes.push(Connection { sender, authority: authority.clone(), path: path(op), form: form.clone() });
    }
    Ok(lanes)
}

impl Lane for Connection {
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
            return Err(format!("the server says {}", response.status()).into());
        }
        while let Some(frame) = response.frame().await {
            frame?;
        }
        Ok(())
    }
}
