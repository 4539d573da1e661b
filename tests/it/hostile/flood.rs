//! A server that sends too much, and counts the bytes sent before the client closed the connection.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::raw_server::read_request;

pub(super) struct Flood {
    pub(super) host: String,
    sent: Arc<AtomicU64>,
}

impl Flood {
    /// Answers every request with these bytes, and then with this piece `times` times.
    pub(super) async fn start(head: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>, times: u64) -> Self {
        Self::serve(head.into(), piece.into(), times, Duration::ZERO).await
    }

    /// Answers every request with these bytes, and then with this piece for ever, in small writes.
    pub(super) async fn slowly(head: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>, pause: Duration) -> Self {
        Self::serve(head.into(), piece.into(), u64::MAX, pause).await
    }

    async fn serve(head: Vec<u8>, piece: Vec<u8>, times: u64, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("http://{}/", listener.local_addr().unwrap());
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if read_request(&mut stream).await.is_none() || stream.write_all(&head).await.is_err() {
                    continue;
                }
                for _ in 0..times {
                    if stream.write_all(&piece).await.is_err() {
                        break;
                    }
                    count.fetch_add(piece.len() as u64, Ordering::SeqCst);
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                }
            }
        });
        Self { host, sent }
    }

    /// The bytes sent. Some may not have been received when the client closed the connection.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }
}

/// One chunk of a chunked body.
pub(super) fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// A hundred megabytes of zeros in about a hundred kilobytes: a hundred times one megabyte, whose compressed form ends
/// on a byte and refers to nothing before it.
pub(super) fn gzip_bomb() -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut megabyte = Vec::with_capacity(1 << 16);
    deflate.compress_vec(&vec![0; 1 << 20], &mut megabyte, FlushCompress::Full).unwrap();
    assert_eq!(deflate.total_in(), 1 << 20);
    let head = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    [&head[..], &megabyte.repeat(100)].concat()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
