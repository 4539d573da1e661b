use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use privacy_number::aliyun::DownloadError;

use super::{DIGEST, Gateway, LENGTH, content, cut_after, full_response, header, partial_response, recording};
use crate::clients::{fast_retries, instant};
use crate::form;
use crate::raw_server::{RawServer, Refusing, Reply};
use crate::server::body;

#[tokio::test]
async fn a_recording_is_written_whole_with_its_length_and_digest() {
    let files = RawServer::start([full_response()]).await;
    let gateway = Gateway::of(&files).await;
    let mut written = Vec::new();
    let recording = gateway.download().to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!((recording.bytes, recording.sha256.as_str()), (LENGTH as u64, DIGEST));
    let params = form::decode(body(&gateway.0.received_one().await));
    assert_eq!((params["PoolKey"].as_str(), params["CallId"].as_str()), ("FC123456", "call-1"));
    assert_eq!(params["CallTime"], "2026-01-06 10:00:00", "China time");
    let request = files.requests().remove(0);
    assert!(request.starts_with("GET /rec.wav?Expires=1&OSSAccessKeyId=oss-id&Signature=link-1%3D "), "as it came");
    assert_eq!(header(&request, "range"), None);
    assert_eq!(header(&request, "accept-encoding"), Some("identity"), "compressed bytes could not be counted");
}

#[tokio::test]
async fn progress_never_goes_back_and_ends_with_the_whole() {
    let files =
        RawServer::start([cut_after(30_000), cut_after(60_000), partial_response(60_000, LENGTH, LENGTH)]).await;
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let gateway = Gateway::of(&files).await;
    let download = gateway.download();
    download.on_progress(move |progress| seen.lock().unwrap().push(progress)).to(&mut Vec::new()).await.unwrap();
    let steps = steps.lock().unwrap();
    assert!(steps.is_sorted_by_key(|progress| progress.bytes), "{steps:?}");
    assert!(steps.iter().all(|progress| progress.total == Some(LENGTH as u64)));
    assert_eq!(steps.last().unwrap().bytes, LENGTH as u64);
}

#[tokio::test]
async fn an_empty_recording_is_a_recording() {
    let files = RawServer::start([Reply::ok("")]).await;
    let mut written = Vec::new();
    let recording = Gateway::of(&files).await.download().to(&mut written).await.unwrap();
    assert_eq!((recording.bytes, written.len(), files.requests().len()), (0, 0, 1));
    assert_eq!(recording.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[tokio::test]
async fn a_file_of_unknown_length_is_read_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let files = RawServer::start([Reply::Bytes(format!("{head}3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n").into())]).await;
    let mut written = Vec::new();
    let recording = Gateway::of(&files).await.download().to(&mut written).await.unwrap();
    assert_eq!((recording.bytes, written.as_slice()), (7, b"abcdefg".as_slice()));
}

#[tokio::test]
async fn a_recording_that_is_not_ready_is_waited_for() {
    let not_there = Reply::http("404 Not Found", &[], "<Error><Code>NoSuchKey</Code></Error>");
    let files = RawServer::start([not_there.clone(), not_there, full_response()]).await;
    let gateway = Gateway::after(2, &files).await;
    let mut written = Vec::new();
    gateway.download().to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!((gateway.asked().await, files.requests().len()), (5, 3), "every query returns a new link");
}

#[tokio::test]
async fn waiting_ends_in_time_with_the_gateways_last_error() {
    let files = RawServer::start([Reply::http("404 Not Found", &[], "")]).await;
    for (refusals, code) in [(0, None), (usize::MAX, Some("isv.FORBIDDEN_ACTION"))] {
        let gateway = Gateway::after(refusals, &files).await;
        let started = Instant::now();
        let download = gateway.download().wait(Duration::from_millis(60)).poll_every(Duration::from_millis(10));
        let error = download.to(&mut Vec::new()).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(2));
        assert!((2..=7).contains(&gateway.asked().await), "{} looks", gateway.asked().await);
        match (&error, code) {
            (DownloadError::NotReady, None) => {}
            (DownloadError::Call(error), code) => assert_eq!(error.code(), code),
            _ => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn without_a_wait_there_is_one_query() {
    let files = RawServer::start([Reply::http("404 Not Found", &[], "")]).await;
    let gateway = Gateway::of(&files).await;
    let error = gateway.download().wait(Duration::ZERO).to(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, DownloadError::NotReady));
    assert_eq!(gateway.asked().await, 1);
}

#[tokio::test]
async fn an_expired_link_is_replaced_by_a_new_one() {
    let expired = Reply::http("403 Forbidden", &[], "<Error><Code>AccessDenied</Code></Error>");
    let files =
        RawServer::start([expired.clone(), cut_after(50_000), expired, partial_response(50_000, LENGTH, LENGTH)]).await;
    let gateway = Gateway::of(&files).await;
    let mut written = Vec::new();
    assert_eq!(gateway.download().to(&mut written).await.unwrap().sha256, DIGEST);
    assert_eq!(gateway.asked().await, 4);
    for (number, request) in files.requests().iter().enumerate() {
        assert!(request.contains(&format!("Signature=link-{}%3D ", number + 1)), "no link is used twice: {request}");
    }
}

#[tokio::test]
async fn an_interrupted_download_is_resumed_where_it_ended() {
    let files = RawServer::start([
        cut_after(40_000),
        partial_response(40_000, 20_000, LENGTH),
        partial_response(60_000, LENGTH, LENGTH),
    ])
    .await;
    let mut written = Vec::new();
    let recording = Gateway::of(&files).await.download().to(&mut written).await.unwrap();
    assert!(written == content());
    assert_eq!((recording.bytes, recording.sha256.as_str()), (LENGTH as u64, DIGEST));
    let requests = files.requests();
    let ranges: Vec<_> = requests.iter().map(|request| header(request, "range")).collect();
    assert_eq!(ranges, [None, Some("bytes=40000-"), Some("bytes=60000-")]);
}

#[tokio::test]
async fn a_server_that_ignores_the_range_does_not_damage_the_recording() {
    let files = RawServer::start([cut_after(40_000), cut_after(20_000), full_response()]).await;
    let mut written = Vec::new();
    let recording = Gateway::of(&files).await.download().to(&mut written).await.unwrap();
    assert!(written == content(), "bytes received twice are written once");
    assert_eq!((recording.bytes, recording.sha256.as_str()), (LENGTH as u64, DIGEST));
}

#[tokio::test]
async fn a_file_server_that_is_down_for_a_moment_is_retried() {
    let refusing = Refusing::new();
    let base = refusing.aliyun_endpoint();
    let link = format!(r#"{{"Code":"OK","RequestId":"r","DownloadUrl":"{base}rec.wav"}}"#);
    let gateway = crate::server::Server::always(link).await;
    let policy = privacy_number::RetryPolicy::new().first_backoff(Duration::from_millis(400));
    let client = crate::clients::aliyun(gateway.aliyun_endpoint(), fast_retries(1).retry(policy).clock(instant));
    let coming_up = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        RawServer::serve(refusing.listen(), vec![full_response()])
    });
    let mut written = Vec::new();
    recording(&client).to(&mut written).await.unwrap();
    assert!(written == content());
    coming_up.await.unwrap();
}
