//! Bodies above the limit are not read to their end.

use std::time::Duration;

use privacy_number::{Advice, Error, Outcome};

use super::Gateway;
use super::flood::{Flood, chunk, gzip, gzip_bomb};
use crate::clients::once;
use crate::raw_server::{RawServer, Reply, http};

const MEBIBYTE: u64 = 1 << 20;

/// The limit of 8 MiB, and what the kernel keeps for both sockets.
const MAX_SENT: u64 = 24 * MEBIBYTE;

fn assert_too_large(error: &Error, what: &str) {
    assert!(error.to_string().contains("the answer is larger than the limit"), "{what}: {error}");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Report), "{what}");
}

#[tokio::test]
async fn a_hundred_megabytes_are_not_read_to_their_end() {
    let piece = vec![b' '; 65_536];
    let times = 100 * MEBIBYTE / 65_536;
    for gateway in Gateway::BOTH {
        for (what, head, piece, times) in [
            ("a long body", "Content-Length: 104857600", piece.clone(), times),
            ("a body until the connection closes", "Connection: close", piece.clone(), times),
            ("chunks without end", "Transfer-Encoding: chunked", chunk(&piece), u64::MAX),
        ] {
            let flood = Flood::start(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n"), piece, times).await;
            let error = gateway.failure(&flood.host, once(), what).await;
            assert_too_large(&error, what);
            let sent = flood.sent();
            assert!((8 * MEBIBYTE..MAX_SENT).contains(&sent), "{what}: the server sent {} KiB", sent >> 10);
        }
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_not_decompressed_to_its_end() {
    let bomb = gzip_bomb();
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    for gateway in Gateway::BOTH {
        let server = RawServer::start([Reply::Bytes(http("200 OK", &[("Content-Encoding", "gzip")], &bomb))]).await;
        let error = gateway.failure(&server.aliyun_endpoint(), once(), "a bomb").await;
        assert_too_large(&error, "a bomb");
    }
}

#[tokio::test]
async fn gzip_inside_gzip_is_decompressed_once_and_is_a_decode_error() {
    let twice = gzip(&gzip(br#"{"Code":"OK"}"#));
    for gateway in Gateway::BOTH {
        for encoding in ["gzip", "gzip, gzip"] {
            let bytes = http("200 OK", &[("Content-Encoding", encoding)], &twice);
            let server = RawServer::start([Reply::Bytes(bytes)]).await;
            let error = gateway.failure(&server.aliyun_endpoint(), once(), encoding).await;
            assert!(matches!(error, Error::Decode(_)), "{encoding}: {error}");
            assert_eq!(error.outcome(), Outcome::Unknown, "{encoding}");
        }
    }
}

#[tokio::test]
async fn a_body_sent_slowly_ends_with_the_attempt_timeout() {
    for gateway in Gateway::BOTH {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let flood = Flood::slowly(head, chunk(b" "), Duration::from_millis(5)).await;
        let settings = once().attempt_timeout(Duration::from_millis(200));
        let error = gateway.failure(&flood.host, settings, "drops").await;
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(flood.sent() > 0);
    }
}
