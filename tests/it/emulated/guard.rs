//! No web page in a browser can use the control endpoints.

use privacy_number::emulator::Emulator;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FAULT: &str = r#"{"fault": "unavailable"}"#;

/// Sends these bytes. Returns the HTTP status and the JSON of the response, if it is JSON.
async fn raw(emulator: &Emulator, request: &str) -> (u16, Value) {
    let address = emulator.aliyun_endpoint().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

/// A POST of a fault with these headers, and with `Content-Length` and `Connection`.
async fn post_fault(emulator: &Emulator, headers: &str) -> (u16, Value) {
    let length = FAULT.len();
    let head = format!(
        "POST /_emulator/faults HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n\r\n"
    );
    raw(emulator, &(head + FAULT)).await
}

async fn assert_refused(emulator: &Emulator, headers: &str, reason: &str) {
    let (status, answer) = post_fault(emulator, &format!("{headers}\r\nContent-Type: application/json")).await;
    assert_eq!(status, 403, "{headers}");
    assert!(answer["error"].as_str().unwrap().starts_with(reason), "{answer}");
}

async fn faults(emulator: &Emulator) -> usize {
    super::get(emulator, "/faults").await.as_array().unwrap().len()
}

#[tokio::test]
async fn a_host_that_is_not_loopback_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for host in [
        "rebound.example.com:8700",
        "rebound.example.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "127.0.0.1@example.com",
        "localhost:80@example.com",
        "10.0.0.1",
        "0.0.0.0:8700",
        "[::]:8700",
        "[2001:db8::1]",
        "",
        "127.0.0.1 example.com",
    ] {
        assert_refused(&emulator, &format!("Host: {host}"), "the Host must be localhost").await;
    }
    // The first line takes precedence over `Host`.
    let request = "GET http://example.com/_emulator/info HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(&emulator, request).await.0, 403);
    assert_eq!(faults(&emulator).await, 0);
}

#[tokio::test]
async fn an_origin_that_is_not_loopback_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for origin in [
        "https://example.com",
        "http://127.0.0.1.example.com:8700",
        "http://localhost@example.com",
        "null",
        "localhost:8700",
        "file://",
        "chrome-extension://abcdefgh",
    ] {
        let headers = format!("Host: 127.0.0.1:8700\r\nOrigin: {origin}");
        assert_refused(&emulator, &headers, "the Origin must be localhost").await;
    }
    let get =
        "GET /_emulator/info HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.com\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(&emulator, get).await.0, 403);
    let reset = "POST /_emulator/reset HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.com\r\nConnection: close\r\n\
                 Content-Length: 0\r\n\r\n";
    assert_eq!(raw(&emulator, reset).await.0, 403);
    let preflight = "OPTIONS /_emulator/faults HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.com\r\n\
                     Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(&emulator, preflight).await.0, 403);
    assert_eq!(faults(&emulator).await, 0);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for kind in [
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: text/plain",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/jsonp",
        "Content-Type: text/plain;application/json",
        "Content-Type: application/json\r\nContent-Type: text/plain",
        "Content-Type:",
        "Accept: */*",
    ] {
        let (status, answer) = post_fault(&emulator, &format!("Host: localhost\r\n{kind}")).await;
        let reason = "the body must be JSON, with the header Content-Type: application/json";
        assert_eq!((status, answer), (415, json!({"error": reason})), "{kind}");
    }
    // An empty form of another site.
    let form = "POST /_emulator/reset HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(raw(&emulator, form).await.0, 415);
    assert_eq!(faults(&emulator).await, 0);
}

#[tokio::test]
async fn every_loopback_name_is_accepted() {
    let emulator = Emulator::start().await.unwrap();
    let hosts = ["localhost", "LocalHost:8700", "127.0.0.1", "127.0.0.1:1", "127.200.3.4:8700", "[::1]", "[::1]:8700"];
    for host in hosts {
        let headers = format!("Host: {host}\r\nContent-Type: application/json; charset=utf-8");
        assert_eq!(post_fault(&emulator, &headers).await.0, 201, "{host}");
        let headers = format!("Host: localhost\r\nOrigin: http://{host}\r\nContent-Type: application/json");
        assert_eq!(post_fault(&emulator, &headers).await.0, 201, "{host}");
    }
    let without_body = "POST /_emulator/reset HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(&emulator, without_body).await.0, 200);
    assert_eq!(faults(&emulator).await, 0);
}

#[tokio::test]
async fn the_gateways_accept_any_host_and_origin() {
    let emulator = Emulator::start().await.unwrap();
    for (path, expected) in [("/", 400), ("/router/rest", 200)] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: dyplsapi.aliyuncs.com\r\nOrigin: https://example.com\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\nx=y"
        );
        assert_eq!(raw(&emulator, &request).await.0, expected, "{path}");
    }
    let codes: Vec<_> = emulator.ledger().entries().into_iter().map(|entry| entry.code).collect();
    assert_eq!(codes, ["MissingAction", "21"]);
}
