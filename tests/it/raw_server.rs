//! A server on loopback for what an HTTP library would not do: resets, truncated bodies, silence, refused connections.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The reply to a request that was received whole.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and the connection stays open for the next request.
    KeepAlive(Vec<u8>),
    /// These bytes, then nothing more. The connection stays open.
    Stall(Vec<u8>),
    /// The connection is reset.
    Reset,
    /// The connection is closed without a response.
    Close,
    /// Never answers.
    Silence,
}

impl Reply {
    /// A response with a status line, these further header lines and a body.
    pub(crate) fn http(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        Self::Bytes(http(status, &[headers, &[("Connection", "close")]].concat(), body.as_ref()))
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::http("200 OK", &[], body)
    }

    pub(crate) fn ok_keeping_alive(body: impl AsRef<[u8]>) -> Self {
        Self::KeepAlive(http("200 OK", &[], body.as_ref()))
    }

    /// A response whose connection is closed half-way through its body.
    pub(crate) fn truncated(body: &str) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        Self::Bytes([head.as_bytes(), &body.as_bytes()[..body.len() / 2]].concat())
    }
}

pub(crate) fn http(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    [bytes.as_bytes(), b"\r\n", body].concat()
}

/// A server that sends these replies in order and then repeats the last one. It stops with the runtime of the test.
pub(crate) struct RawServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, replies.into_iter().collect())
    }

    pub(crate) fn serve(listener: TcpListener, replies: Vec<Reply>) -> Self {
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Script { replies, next: AtomicUsize::new(0), requests: Arc::clone(&requests) });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve_connection(stream, Arc::clone(&script)));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn top_endpoint(&self) -> String {
        format!("http://{}/router/rest", self.address)
    }

    pub(crate) fn aliyun_endpoint(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Every request that was received completely, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The parameters of the form bodies received.
    pub(crate) fn forms(&self) -> Vec<std::collections::BTreeMap<String, String>> {
        self.requests().iter().map(|request| crate::form::decode(request.split_once("\r\n\r\n").unwrap().1)).collect()
    }
}

struct Script {
    replies: Vec<Reply>,
    next: AtomicUsize,
    requests: Arc<Mutex<Vec<String>>>,
}

async fn serve_connection(mut stream: TcpStream, script: Arc<Script>) {
    while let Some(request) = read_request(&mut stream).await {
        script.requests.lock().unwrap().push(request);
        let index = script.next.fetch_add(1, Ordering::SeqCst).min(script.replies.len() - 1);
        match &script.replies[index] {
            Reply::Bytes(bytes) => {
                let _ = stream.write_all(bytes).await;
                return;
            }
            Reply::KeepAlive(bytes) => {
                let _ = stream.write_all(bytes).await;
            }
            Reply::Stall(bytes) => {
                let _ = stream.write_all(bytes).await;
                std::future::pending().await
            }
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Reply::Close => return,
            Reply::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
        }
    }
}

/// Reads head and body by `Content-Length`; `None` when the client has closed the connection.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
            if bytes.len() >= end + 4 + length.parse::<usize>().unwrap() {
                return Some(String::from_utf8(bytes).unwrap());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A reserved address that refuses connections until [`Refusing::listen`].
pub(crate) struct Refusing(TcpSocket);

impl Refusing {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Self(socket)
    }

    pub(crate) fn aliyun_endpoint(&self) -> String {
        format!("http://{}/", self.0.local_addr().unwrap())
    }

    pub(crate) fn listen(self) -> TcpListener {
        self.0.listen(16).unwrap()
    }
}
