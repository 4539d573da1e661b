use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{start_time, top};
use crate::emulator::{Clock, Emulator};

async fn emulator() -> Emulator {
    Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap()
}

fn address(emulator: &Emulator) -> String {
    emulator.aliyun_endpoint().strip_prefix("http://").unwrap().to_owned()
}

/// Sends one request over an open connection and reads the response.
async fn exchange(stream: &mut TcpStream, body: &str) -> String {
    let head = format!(
        "POST /router/rest HTTP/1.1\r\nHost: emulator\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    loop {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.unwrap();
        answer.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        if read == 0 || is_whole(&answer) {
            return answer;
        }
    }
}

fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length == Some(body.len())
}

#[tokio::test]
async fn a_connection_serves_one_call_after_another() {
    let emulator = emulator().await;
    assert_eq!(emulator.top_endpoint(), format!("http://{}/router/rest", address(&emulator)));
    let mut stream = TcpStream::connect(address(&emulator)).await.unwrap();
    let call = top("taobao.top.secret.group.query")
        .with("app_key", emulator.app_key())
        .with("session", emulator.session())
        .secret(emulator.app_secret())
        .with("oaid", "oaid-2001");
    for _ in 0..2 {
        let answer = exchange(&mut stream, &call.signed_form()).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("date: Tue, 06 Jan 2026 02:00:00 GMT\r\n"), "{answer}");
        assert!(answer.contains(r#""success":true"#), "{answer}");
    }
    assert_eq!(emulator.ledger().executed("taobao.top.secret.group.query"), 2);
}

#[tokio::test]
async fn a_body_over_the_maximum_length_is_refused() {
    let emulator = emulator().await;
    let mut stream = TcpStream::connect(address(&emulator)).await.unwrap();
    let head = "POST /router/rest HTTP/1.1\r\nHost: emulator\r\nContent-Length: 1048577\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may close the connection before it has read the whole body.
    let _ = stream.write_all(&vec![b'a'; 1_048_577]).await;
    let mut start = [0; 12];
    if stream.read_exact(&mut start).await.is_ok() {
        assert_eq!(&start, b"HTTP/1.1 413");
    }
    assert!(emulator.ledger().entries().is_empty());
}

#[tokio::test]
async fn a_dropped_emulator_stops_serving() {
    let emulator = emulator().await;
    let address = address(&emulator);
    let mut open = TcpStream::connect(&address).await.unwrap();
    let answer = exchange(&mut open, "x=y").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    drop(emulator);
    // The runtime now aborts the server's tasks: the open connection is closed, and new ones are refused.
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), open.read_to_end(&mut rest));
    assert!(closed.await.is_ok(), "the connection is still open");
    assert!(TcpStream::connect(&address).await.is_err());
}

#[tokio::test]
async fn accessors_return_everything_that_a_client_needs() {
    let emulator = emulator().await;
    assert_eq!(emulator.app_key(), "12345678");
    assert_eq!(emulator.pool_key(), "FC100000000000001");
    assert_eq!(emulator.clock().now(), start_time());
    assert!(!emulator.access_key_id().is_empty() && !emulator.access_key_secret().is_empty());
    assert!(emulator.gateways().ledger().entries().is_empty());
    assert!(!format!("{emulator:?}").contains(emulator.access_key_secret()));
}
