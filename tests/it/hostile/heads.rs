//! Malformed heads: status lines, headers, lengths.

use std::time::Duration;

use privacy_number::{Advice, Error, Outcome, TransportKind};

use super::Gateway;
use super::flood::Flood;
use crate::clients::once;
use crate::raw_server::{RawServer, Reply, http};

/// Asserts that the request was sent and no response could be read.
fn assert_interrupted(error: &Error, what: &str) {
    let Error::Transport(transport) = error else { panic!("{what}: {error}") };
    assert_eq!(transport.kind(), TransportKind::Interrupted, "{what}");
    assert_eq!(error.outcome(), Outcome::Unknown, "{what}");
}

#[tokio::test]
async fn a_head_that_is_not_http_is_an_error() {
    let many: String = (0..5_000).map(|number| format!("x-{number}: 1\r\n")).collect();
    let huge = format!("x-huge: {}\r\n", "a".repeat(2 << 20));
    for (what, head) in [
        ("no colon", "HTTP/1.1 200 OK\r\nContent-Length 2\r\n\r\n{}".to_owned()),
        ("NUL in a header", "HTTP/1.1 200 OK\r\nx-nul: a\0b\r\nContent-Length: 2\r\n\r\n{}".to_owned()),
        ("a space in a name", "HTTP/1.1 200 OK\r\nx y: 1\r\nContent-Length: 2\r\n\r\n{}".to_owned()),
        ("no status", "HTTP/1.1 OK\r\n\r\n{}".to_owned()),
        ("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n{}".to_owned()),
        ("no head at all", "{\"Code\":\"OK\"}".to_owned()),
        ("another protocol", "SSH-2.0-OpenSSH_9.6\r\n".to_owned()),
        ("thousands of headers", format!("HTTP/1.1 200 OK\r\n{many}Content-Length: 2\r\n\r\n{{}}")),
        ("a header of two megabytes", format!("HTTP/1.1 200 OK\r\n{huge}Content-Length: 2\r\n\r\n{{}}")),
        ("a length below zero", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}".to_owned()),
        ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}".to_owned()),
        ("a length past all numbers", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}".to_owned()),
        ("the longest length", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n{}".to_owned()),
        ("a chunk of no length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n".to_owned()),
        (
            "a chunk past all numbers",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n".to_owned(),
        ),
    ] {
        for gateway in Gateway::BOTH {
            let server = RawServer::start([Reply::Bytes(head.clone().into_bytes())]).await;
            assert_interrupted(&gateway.failure(&server.aliyun_endpoint(), once(), what).await, what);
        }
    }
}

#[tokio::test]
async fn a_head_without_end_ends_with_the_attempt_timeout() {
    for (what, piece) in [("headers", "x: y\r\n"), ("provisional answers", "HTTP/1.1 100 Continue\r\n\r\n")] {
        let start = if what == "headers" { "HTTP/1.1 200 OK\r\n" } else { "" };
        let flood = Flood::start(start, piece.repeat(100), u64::MAX).await;
        let settings = once().attempt_timeout(Duration::from_millis(500));
        let error = Gateway::Aliyun.failure(&flood.host, settings, what).await;
        assert!(matches!(error, Error::Transport(_)), "{what}: {error}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{what}");
    }
}

#[tokio::test]
async fn a_response_with_a_header_of_64_kilobytes_is_read() {
    for gateway in Gateway::BOTH {
        let long = "a".repeat(65_536);
        let body = gateway.json(&format!(r#""{}":[]"#, gateway.list_and_text().0));
        let server = RawServer::start([Reply::http("200 OK", &[("x-long", &long)], body)]).await;
        assert_eq!(gateway.call(&server.aliyun_endpoint(), once()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_end_of_time_is_in_the_error_and_not_waited_for() {
    const LONGEST: &str = "18446744073709551615";
    for (name, advice) in [
        ("Retry-After", Advice::WaitFor(Duration::from_secs(u64::MAX))),
        ("x-acs-retry-after", Advice::WaitFor(Duration::from_millis(u64::MAX))),
    ] {
        for gateway in Gateway::BOTH {
            let server = RawServer::start([Reply::KeepAlive(http("429 Too Many Requests", &[(name, LONGEST)], b"{}"))]);
            let host = server.await.aliyun_endpoint();
            let settings = once();
            for attempt in 1..=2 {
                // The limits are shared, so the second call is held back by the ban of the first, if that has an end.
                let error = gateway.failure(&host, settings.clone(), name).await;
                assert_eq!(error.outcome(), Outcome::NotExecuted, "{name}, call {attempt}: {error}");
                let Advice::WaitFor(wait) = error.advice() else { panic!("{name}: {:?}", error.advice()) };
                assert!(attempt == 2 || error.advice() == advice, "{name}: {wait:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_date_at_the_end_of_time_does_not_move_the_clock() {
    let expired = r#"{"error_response":{"code":31,"msg":"Invalid timestamp"}}"#;
    let quota = r#"{"error_response":{"code":15,"sub_code":"isv.decryption-quota-exceeded"}}"#;
    let date = [("Date", "31 Dec 262142 23:59:59 +0000")];
    let server = RawServer::start([Reply::http("200 OK", &date, expired), Reply::ok(quota)]).await;
    let shop = crate::clients::shop(server.top_endpoint(), once());
    let query = || privacy_number::top::ReceiverQuery::builder().oaid("oaid-2001").tid("2001").build();
    let request = privacy_number::top::OaidDecrypt::new([query()]);
    assert_eq!(shop.send(&request).await.unwrap_err().advice(), Advice::FixRequest);
    let Advice::WaitUntil(midnight) = shop.send(&request).await.unwrap_err().advice() else { panic!() };
    assert_eq!(midnight.to_rfc3339(), "2026-01-07T00:00:00+08:00");
}
