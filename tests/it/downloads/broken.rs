//! A failed download ends with an error, and never with half a recording.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use privacy_number::aliyun::DownloadError;
use tokio::io::AsyncWrite;

use super::{Gateway, LENGTH, cut_after, full_response, head, partial_response, recording};
use crate::clients::{aliyun, fast_retries};
use crate::raw_server::{RawServer, Reply};
use crate::server::Server;

async fn failure(files: &RawServer) -> DownloadError {
    Gateway::of(files).await.download().to(&mut Vec::new()).await.unwrap_err()
}

#[tokio::test]
async fn a_file_that_always_ends_early_is_an_error() {
    let files = RawServer::start([cut_after(70_000), partial_response(70_000, 0, LENGTH)]).await;
    let error = failure(&files).await;
    assert!(matches!(error, DownloadError::Interrupted { bytes: 70_000 }), "{error:?}");
    assert_eq!(files.requests().len(), 6, "the first, and five without a further byte");
}

#[tokio::test]
async fn interruptions_do_not_count_while_bytes_arrive() {
    let step = 5_000;
    let parts = (0..LENGTH / step).map(|index| partial_response(index * step, step, LENGTH));
    let files = RawServer::start(parts).await;
    let mut written = Vec::new();
    Gateway::of(&files).await.download().to(&mut written).await.unwrap();
    assert!(written == super::content());
}

#[tokio::test]
async fn a_file_that_changed_before_the_download_is_resumed_is_an_error() {
    let longer = Reply::Bytes(head("200 OK", LENGTH + 1, "").into());
    for other in [partial_response(40_000, 10, LENGTH + 1), partial_response(40_000, 10, LENGTH - 1), longer] {
        let files = RawServer::start([cut_after(40_000), other]).await;
        let error = failure(&files).await;
        assert!(matches!(error, DownloadError::Changed), "{error:?}");
        assert_eq!(files.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_part_that_begins_too_late_is_not_written() {
    let files = RawServer::start([cut_after(40_000), partial_response(50_000, LENGTH, LENGTH)]).await;
    let mut written = Vec::new();
    let error = Gateway::of(&files).await.download().to(&mut written).await.unwrap_err();
    assert!(matches!(error, DownloadError::Interrupted { bytes: 40_000 }), "{error:?}");
    assert!(written == super::content()[..40_000]);
}

#[tokio::test]
async fn a_refused_link_is_an_error_and_a_redirect_is_not_followed() {
    let elsewhere = RawServer::start([full_response()]).await;
    let location = elsewhere.aliyun_endpoint();
    for (status, headers, http_status) in [
        ("400 Bad Request", vec![], 400),
        ("302 Found", vec![("Location", location.as_str())], 302),
        ("401 Unauthorized", vec![], 401),
    ] {
        let files = RawServer::start([Reply::http(status, &headers, "")]).await;
        let error = failure(&files).await;
        assert!(matches!(error, DownloadError::Refused { http_status: refused } if refused == http_status));
        assert_eq!(files.requests().len(), 1);
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_busy_file_server_is_retried_and_one_that_stays_busy_is_an_error() {
    let busy = Reply::http("503 Service Unavailable", &[], "");
    let files = RawServer::start([busy.clone(), Reply::http("429 Too Many Requests", &[], ""), full_response()]).await;
    Gateway::of(&files).await.download().to(&mut Vec::new()).await.unwrap();
    let files = RawServer::start([busy]).await;
    assert!(matches!(failure(&files).await, DownloadError::Interrupted { bytes: 0 }));
    assert_eq!(files.requests().len(), 5);
}

#[tokio::test]
async fn an_invalid_link_is_not_fetched() {
    for link in ["no link", "ftp://127.0.0.1/rec.wav", "file:///etc/passwd", "/rec.wav"] {
        let gateway = Server::always(format!(r#"{{"Code":"OK","RequestId":"r","DownloadUrl":"{link}"}}"#)).await;
        let client = aliyun(gateway.aliyun_endpoint(), fast_retries(1));
        let error = recording(&client).to(&mut Vec::new()).await.unwrap_err();
        assert!(matches!(error, DownloadError::BadLink), "{link}: {error:?}");
    }
}

#[tokio::test]
async fn another_refusal_by_the_gateway_ends_a_download_at_once() {
    let gateway = Server::always(r#"{"Code":"isv.POOLKEY_NOT_EXISTS","RequestId":"r-3"}"#).await;
    let client = aliyun(gateway.aliyun_endpoint(), fast_retries(1));
    let error = recording(&client).to(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(&error, DownloadError::Call(error) if error.request_id() == Some("r-3")), "{error:?}");
    assert_eq!(gateway.received().await.len(), 1);
}

/// A disk that is full after this many bytes.
struct FullDisk {
    room: usize,
}

impl AsyncWrite for FullDisk {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.room == 0 {
            return Poll::Ready(Err(io::Error::from(io::ErrorKind::StorageFull)));
        }
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.room {
            0 => Poll::Ready(Err(io::Error::from(io::ErrorKind::StorageFull))),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_failing_writer_ends_the_download_with_its_error() {
    // The last case fails only at the flush.
    for room in [0, 10_000, LENGTH] {
        let files = RawServer::start([full_response()]).await;
        let error = Gateway::of(&files).await.download().to(&mut FullDisk { room }).await.unwrap_err();
        assert!(matches!(&error, DownloadError::Write(error) if error.kind() == io::ErrorKind::StorageFull));
        assert_eq!(files.requests().len(), 1, "a failing writer causes no retry");
    }
}
