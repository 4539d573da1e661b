//! Downloads of recordings: waiting, new links, resuming after an interruption, and links that are never shown.

mod broken;
#[cfg(feature = "emulator")]
mod emulated;
mod hidden;
mod passing;
mod whole;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use privacy_number::Settings;
use privacy_number::aliyun::{Client, DownloadRecording};
use serde_json::json;

use crate::clients::{aliyun, fast_retries, instant};
use crate::raw_server::{RawServer, Reply};
use crate::server::{Server, ok};

const LENGTH: usize = 100_000;

/// SHA-256 of [`content`], by another program.
const DIGEST: &str = "cd2df694e424bc7968cc37f47751019e5ca0cd1bdf2e479ea537c3a1c32ee1aa";

fn content() -> Vec<u8> {
    (0..LENGTH).map(|index| (index % 251) as u8).collect()
}

/// A gateway that returns links to a file server, each with another signature.
struct Gateway(Server);

impl Gateway {
    async fn of(files: &RawServer) -> Self {
        Self::after(0, files).await
    }

    /// Refuses the first `refusals` queries, as if the recording were not ready.
    async fn after(refusals: usize, files: &RawServer) -> Self {
        let base = files.aliyun_endpoint();
        let asked = AtomicUsize::new(0);
        let server = Server::start(move |_| {
            let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
            if number <= refusals {
                return ok(r#"{"Code":"isv.FORBIDDEN_ACTION","Message":"not allowed","RequestId":"r"}"#);
            }
            let link = format!("{base}rec.wav?Expires=1&OSSAccessKeyId=oss-id&Signature=link-{number}%3D");
            ok(&json!({"Code": "OK", "RequestId": "r", "DownloadUrl": link}).to_string())
        })
        .await;
        Self(server)
    }

    async fn asked(&self) -> usize {
        self.0.received().await.len()
    }

    fn client(&self, settings: Settings) -> Client {
        aliyun(self.0.aliyun_endpoint(), settings)
    }

    fn download(&self) -> DownloadRecording {
        recording(&self.client(fast_retries(1)))
    }
}

fn recording(client: &Client) -> DownloadRecording {
    let pause = Duration::from_millis(5);
    client.download_recording("FC123456", "call-1", instant()).poll_every(pause).wait(Duration::from_secs(10))
}

fn full_response() -> Reply {
    Reply::ok(content())
}

fn head(status: &str, length: usize, further: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{further}\r\n")
}

/// The beginning of the file; then the connection is closed.
fn cut_after(bytes: usize) -> Reply {
    Reply::Bytes([head("200 OK", LENGTH, "").as_bytes(), &content()[..bytes]].concat())
}

/// Part of the file from byte `from` of `total`. It ends early if `sent` is less than the rest.
fn partial_response(from: usize, sent: usize, total: usize) -> Reply {
    let range = format!("Content-Range: bytes {from}-{}/{total}\r\n", total - 1);
    let end = (from + sent).min(LENGTH);
    Reply::Bytes([head("206 Partial Content", total - from, &range).as_bytes(), &content()[from..end]].concat())
}

/// The header of a request, in lower case.
fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
