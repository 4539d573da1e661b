//! The effect of faults on a client, over TCP.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::binding::bind;
use super::{Call, start_time, top};
use crate::emulator::{Clock, Emulator, Fault};

const BIND: &str = "BindAxb";
const PAUSE: Duration = Duration::from_millis(150);
/// A timeout for operations that hang.
const LONG: Duration = Duration::from_secs(20);

/// The bytes that were received, and how the connection ended.
struct Exchange {
    head: String,
    body: Vec<u8>,
    end: Result<(), ErrorKind>,
}

async fn emulator(fault: Fault) -> Emulator {
    let emulator = Emulator::builder().clock(Clock::stopped_at(start_time())).start().await.unwrap();
    emulator.inject(fault);
    emulator
}

fn a_bind() -> Call {
    bind("15000000000", "15000000001")
}

fn address(emulator: &Emulator) -> String {
    emulator.aliyun_endpoint().strip_prefix("http://").unwrap().to_owned()
}

fn text_of(call: &Call) -> String {
    let form = call.signed_form();
    format!(
        "POST {} HTTP/1.1\r\nHost: emulator\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        call.path(),
        form.len()
    )
}

async fn exchange(emulator: &Emulator, request: &str) -> Exchange {
    let mut stream = TcpStream::connect(address(emulator)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let end = tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the connection ends");
    let start = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(0, |at| at + 4);
    Exchange {
        head: String::from_utf8(answer[..start].to_vec()).unwrap().to_lowercase(),
        body: answer[start..].to_vec(),
        end: end.map(|_| ()).map_err(|error| error.kind()),
    }
}

async fn exchange_under(fault: Fault) -> (Exchange, Emulator) {
    let emulator = emulator(fault).await;
    (exchange(&emulator, &text_of(&a_bind())).await, emulator)
}

impl Exchange {
    fn declared_length(&self) -> usize {
        self.head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap()
    }
}

#[tokio::test]
async fn reset_before_execution_resets_the_connection() {
    let (exchange, emulator) = exchange_under(Fault::reset_before_execution()).await;
    assert_eq!((exchange.head.as_str(), exchange.end), ("", Err(ErrorKind::ConnectionReset)));
    assert_eq!(emulator.ledger().executed(BIND), 0);
    assert_eq!(emulator.ledger().count(BIND), 1);
}

#[tokio::test]
async fn reset_after_execution_resets_the_connection() {
    let (exchange, emulator) = exchange_under(Fault::reset_after_execution()).await;
    assert_eq!((exchange.head.as_str(), exchange.end), ("", Err(ErrorKind::ConnectionReset)));
    assert_eq!(emulator.ledger().executed(BIND), 1);
}

#[tokio::test]
async fn a_torn_body_declares_more_than_it_sends() {
    let (exchange, emulator) = exchange_under(Fault::torn_body()).await;
    assert_eq!(exchange.end, Err(ErrorKind::ConnectionReset));
    assert!(exchange.head.starts_with("http/1.1 200 ok"), "{}", exchange.head);
    assert_eq!(exchange.body.len(), exchange.declared_length() / 2);
    assert_eq!(emulator.ledger().executed(BIND), 1);
}

#[tokio::test]
async fn torn_json_is_a_complete_http_body() {
    let (exchange, _emulator) = exchange_under(Fault::torn_json()).await;
    assert_eq!((exchange.end, exchange.body.len()), (Ok(()), exchange.declared_length()));
    assert!(serde_json::from_slice::<serde_json::Value>(&exchange.body).is_err());
}

#[tokio::test]
async fn a_garbled_body_is_not_utf_8() {
    let (exchange, _emulator) = exchange_under(Fault::garbled()).await;
    assert_eq!((exchange.end, exchange.body.len()), (Ok(()), exchange.declared_length()));
    assert!(String::from_utf8(exchange.body).is_err());
}

#[tokio::test]
async fn a_wrong_gzip_body_is_not_compressed() {
    let (exchange, _emulator) = exchange_under(Fault::wrong_gzip()).await;
    assert!(exchange.head.contains("content-encoding: gzip\r\n"), "{}", exchange.head);
    assert_eq!(exchange.body[0], b'{');
}

#[tokio::test]
async fn an_oversized_body_has_the_requested_length() {
    let (exchange, _emulator) = exchange_under(Fault::oversized(1_000_000)).await;
    assert_eq!((exchange.declared_length(), exchange.body.len()), (1_000_000, 1_000_000));
    assert!(serde_json::from_slice::<serde_json::Value>(&exchange.body).is_ok());
}

#[tokio::test]
async fn a_slow_drip_pauses_after_every_byte() {
    let started = Instant::now();
    let (exchange, _emulator) = exchange_under(Fault::slow_drip(Duration::from_millis(1))).await;
    assert_eq!((exchange.end, exchange.body.len()), (Ok(()), exchange.declared_length()));
    assert!(started.elapsed() >= Duration::from_millis(1) * u32::try_from(exchange.body.len()).unwrap());
}

#[tokio::test]
async fn a_client_that_disconnects_before_the_execution_executes_nothing() {
    let emulator = emulator(Fault::delay_before(LONG).times(1)).await;
    let mut stream = TcpStream::connect(address(&emulator)).await.unwrap();
    stream.write_all(text_of(&a_bind()).as_bytes()).await.unwrap();
    let _ = tokio::time::timeout(PAUSE, stream.read_u8()).await;
    drop(stream);
    let started = Instant::now();
    while emulator.ledger().count(BIND) == 0 {
        assert!(started.elapsed() < LONG, "the ledger has no entry");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let entry = emulator.ledger().entries().remove(0);
    assert_eq!((entry.code.as_ref(), entry.executed, entry.fault), ("none", false, Some("delay_before")));
}

#[tokio::test]
async fn delay_before_delays_the_execution() {
    let emulator = emulator(Fault::delay_before(PAUSE)).await;
    let started = Instant::now();
    let exchange = exchange(&emulator, &text_of(&a_bind())).await;
    assert!(started.elapsed() >= PAUSE && started.elapsed() < LONG);
    assert!(exchange.head.starts_with("http/1.1 200 ok"));
    assert_eq!(emulator.ledger().executed(BIND), 1);
}

#[tokio::test]
async fn delay_after_delays_only_the_response() {
    let emulator = emulator(Fault::delay_after(LONG)).await;
    let mut stream = TcpStream::connect(address(&emulator)).await.unwrap();
    stream.write_all(text_of(&a_bind()).as_bytes()).await.unwrap();
    assert!(tokio::time::timeout(PAUSE, stream.read_u8()).await.is_err());
    assert_eq!(emulator.ledger().executed(BIND), 1);
}

#[tokio::test]
async fn connections_are_refused_until_the_faults_are_cleared() {
    let emulator = emulator(Fault::connection_refused(LONG)).await;
    for _ in 0..3 {
        let refused = TcpStream::connect(address(&emulator)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
    assert!(emulator.ledger().entries().is_empty());
    emulator.clear_faults();
    let exchange = exchange(&emulator, &text_of(&a_bind())).await;
    assert!(exchange.head.starts_with("http/1.1 200 ok"));
}

#[tokio::test]
async fn connections_are_refused_for_the_given_duration_and_open_ones_are_closed() {
    let emulator = emulator(Fault::unavailable().times(0)).await;
    let mut open = TcpStream::connect(address(&emulator)).await.unwrap();
    let request = text_of(&a_bind()).replace("Connection: close\r\n", "");
    open.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(open.read_u8().await.unwrap(), b'H');
    emulator.inject(Fault::connection_refused(PAUSE));
    let started = Instant::now();
    assert!(TcpStream::connect(address(&emulator)).await.is_err());
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(LONG, open.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the open connection is not closed");
    while TcpStream::connect(address(&emulator)).await.is_err() {
        assert!(started.elapsed() < LONG, "the port is still closed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(started.elapsed() >= PAUSE);
}

#[tokio::test]
async fn http_errors_arrive_with_their_status() {
    for (fault, status) in
        [(Fault::internal_error(), "500"), (Fault::unavailable(), "503"), (Fault::bad_gateway_page(), "502")]
    {
        let (exchange, _emulator) = exchange_under(fault).await;
        assert!(exchange.head.starts_with(&format!("http/1.1 {status} ")), "{}", exchange.head);
        assert_eq!(exchange.declared_length(), exchange.body.len());
    }
}

#[tokio::test]
async fn a_fault_applies_to_top_over_tcp_too() {
    let emulator = emulator(Fault::torn_body().on("taobao.top.oaid.decrypt")).await;
    let call = top("taobao.top.oaid.decrypt").with("query_list", json!([{"tid": "2001", "oaid": "oaid-2001"}]));
    let exchange = exchange(&emulator, &text_of(&call)).await;
    assert_eq!(exchange.end, Err(ErrorKind::ConnectionReset));
    assert_eq!(emulator.ledger().executed("taobao.top.oaid.decrypt"), 1);
}
