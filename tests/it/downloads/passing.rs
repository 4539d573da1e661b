//! Temporary failures do not end a download: a gateway that throttles or fails, a file server that stalls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use privacy_number::aliyun::{Client, DownloadError};
use privacy_number::{Advice, Outcome};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{DIGEST, Gateway, LENGTH, content, cut_after, full_response, header, partial_response, recording};
use crate::clients::{aliyun, fast_retries, instant};
use crate::raw_server::{RawServer, Reply};
use crate::server::{Server, ok, response};

/// A gateway that sends these answers first, and then links to the file server.
async fn gateway(files: &RawServer, others: Vec<(usize, ResponseTemplate)>) -> Server {
    let link = format!("{}rec.wav", files.aliyun_endpoint());
    let asked = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let other = others.iter().find(|(question, _)| *question == number);
        let link = json!({"Code": "OK", "RequestId": "r", "DownloadUrl": link});
        other.map_or_else(|| ok(&link.to_string()), |(_, other)| other.clone())
    })
    .await
}

fn throttled(milliseconds: u64) -> ResponseTemplate {
    let refusal = ok(r#"{"Code":"Throttling.User","Message":"slow down","RequestId":"r-2"}"#);
    refusal.insert_header("x-acs-retry-after", milliseconds.to_string().as_str())
}

fn client(gateway: &Server) -> Client {
    aliyun(gateway.aliyun_endpoint(), fast_retries(1))
}

#[tokio::test]
async fn a_throttled_link_query_is_retried_after_its_retry_after() {
    let files = RawServer::start([full_response()]).await;
    let gateway = gateway(&files, vec![(1, throttled(200)), (2, throttled(300))]).await;
    let started = Instant::now();
    let mut written = Vec::new();
    let done = recording(&client(&gateway)).to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!((done.sha256.as_str(), gateway.received().await.len()), (DIGEST, 3));
    let elapsed = started.elapsed();
    assert!((Duration::from_millis(500)..Duration::from_secs(5)).contains(&elapsed), "{elapsed:?}");
}

#[tokio::test]
async fn a_link_query_that_fails_for_a_moment_is_retried() {
    let failures = vec![
        (1, response(503, "")),
        (2, response(502, "<html>bad gateway</html>")),
        (3, ok(r#"{"Code":"isp.SYSTEM_ERROR","RequestId":"r"}"#)),
        (4, ok("{\"Code\":")),
    ];
    let files = RawServer::start([full_response()]).await;
    let gateway = gateway(&files, failures).await;
    let mut written = Vec::new();
    recording(&client(&gateway)).to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!(gateway.received().await.len(), 5);
}

#[tokio::test]
async fn a_retry_after_longer_than_the_wait_is_in_the_error_and_not_waited_for() {
    let files = RawServer::start([full_response()]).await;
    let gateway = gateway(&files, vec![(1, throttled(60_000))]).await;
    let started = Instant::now();
    let error = recording(&client(&gateway)).to(&mut Vec::new()).await.unwrap_err();
    let DownloadError::Call(error) = error else { panic!("{error:?}") };
    assert_eq!((error.outcome(), error.request_id()), (Outcome::NotExecuted, Some("r-2")));
    assert_eq!(error.advice(), Advice::WaitFor(Duration::from_secs(60)));
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(gateway.received().await.len(), 1);
}

#[tokio::test]
async fn a_link_query_throttled_during_the_download_waits_beyond_the_first_wait() {
    // The file server stalls for longer than the wait for a recording.
    let Reply::Bytes(half) = cut_after(50_000) else { unreachable!() };
    let files = RawServer::start([Reply::Stall(half), partial_response(50_000, LENGTH, LENGTH)]).await;
    let gateway = gateway(&files, vec![(2, throttled(120))]).await;
    let download = recording(&client(&gateway)).wait(Duration::from_millis(400));
    let mut written = Vec::new();
    download.stall_timeout(Duration::from_millis(350)).to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!(gateway.received().await.len(), 3);
}

#[tokio::test]
async fn a_stalled_download_is_resumed_from_where_it_stopped() {
    let Reply::Bytes(half) = cut_after(50_000) else { unreachable!() };
    let Reply::Bytes(more) = partial_response(50_000, 20_000, LENGTH) else { unreachable!() };
    let stalls = [Reply::Stall(half), Reply::Silence, Reply::Stall(more), partial_response(70_000, LENGTH, LENGTH)];
    let files = RawServer::start(stalls).await;
    let gateway = Gateway::of(&files).await;
    let stall = Duration::from_millis(200);
    // The attempt timeout applies to the link queries at the gateway only.
    let client = gateway.client(fast_retries(1).attempt_timeout(Duration::from_secs(60)));
    let started = Instant::now();
    let mut written = Vec::new();
    let done = recording(&client).stall_timeout(stall).to(&mut written).await.unwrap();
    let elapsed = started.elapsed();
    assert!(written == content());
    assert_eq!(done.sha256, DIGEST);
    assert!((3 * stall..Duration::from_secs(10)).contains(&elapsed), "{elapsed:?}");
    let requests = files.requests();
    let ranges: Vec<_> = requests.iter().map(|request| header(request, "range")).collect();
    assert_eq!(ranges, [None, Some("bytes=50000-"), Some("bytes=50000-"), Some("bytes=70000-")]);
}

#[tokio::test]
async fn a_download_that_always_stalls_times_out() {
    let Reply::Bytes(half) = cut_after(50_000) else { unreachable!() };
    let files = RawServer::start([Reply::Stall(half), Reply::Silence]).await;
    let gateway = Gateway::of(&files).await;
    let download = gateway.download().stall_timeout(Duration::from_millis(50));
    let error = download.to(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, DownloadError::Interrupted { bytes: 50_000 }), "{error:?}");
}

#[tokio::test]
async fn slow_bytes_are_not_a_stall() {
    // Each piece arrives within the stall timeout; all of them together do not.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let (mut stream, _) = listener.accept().await.unwrap();
        crate::raw_server::read_request(&mut stream).await.unwrap();
        stream.write_all(super::head("200 OK", LENGTH, "").as_bytes()).await.unwrap();
        for piece in content().chunks(LENGTH / 8) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stream.write_all(piece).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let link = format!(r#"{{"Code":"OK","RequestId":"r","DownloadUrl":"http://{address}/rec.wav"}}"#);
    let gateway = Server::always(link).await;
    let client = aliyun(gateway.aliyun_endpoint(), fast_retries(1).clock(instant));
    let mut written = Vec::new();
    recording(&client).stall_timeout(Duration::from_millis(400)).to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!(gateway.received().await.len(), 1, "one link, one connection");
}
