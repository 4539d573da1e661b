//! Downloads the whole recording of a call: waits until it is ready, requests links, and resumes broken downloads.

use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use super::client::Client;
use super::recording::QueryRecordFileDownloadUrl;
use crate::error::{Advice, Error};
use crate::send::FetchFault;

/// A download fails after this many consecutive interruptions without a new byte.
const MAX_INTERRUPTIONS: u32 = 5;

/// The minimum pause, even if the gateway asks for a shorter one.
const MIN_PAUSE: Duration = Duration::from_millis(100);

impl Client {
    /// Downloads the recording of a call. `call_id` and `call_time` are those of the call's receipt.
    ///
    /// The download waits until the recording is ready. It requests a new link if the old one has expired. If a
    /// connection breaks or stalls, it resumes the download at the next byte. If the gateway throttles the request for
    /// a link, or fails temporarily, the request is sent again later. The file is fetched without credentials, and the
    /// link is never logged.
    ///
    /// ```
    /// # async fn download(client: privacy_number::aliyun::Client) -> Result<(), privacy_number::aliyun::DownloadError> {
    /// use chrono::TimeZone;
    /// use privacy_number::china;
    ///
    /// let call_time = china().with_ymd_and_hms(2026, 1, 6, 10, 0, 0).unwrap();
    /// let mut file = Vec::new(); // or a tokio::fs::File
    /// let recording = client
    ///     .download_recording("FC123456", "abcdef1234", call_time)
    ///     .on_progress(|progress| println!("{} of {:?} bytes", progress.bytes, progress.total))
    ///     .to(&mut file)
    ///     .await?;
    /// println!("{} bytes, SHA-256 {}", recording.bytes, recording.sha256);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "下载录音")]
    pub fn download_recording(
        &self,
        pool_key: impl Into<String>,
        call_id: impl Into<String>,
        call_time: impl Into<DateTime<FixedOffset>>,
    ) -> DownloadRecording {
        let query =
            QueryRecordFileDownloadUrl::builder().pool_key(pool_key).call_id(call_id).call_time(call_time).build();
        DownloadRecording {
            client: self.clone().in_workflow(),
            query,
            wait: Duration::from_secs(20 * 60),
            poll_every: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(10),
            on_progress: Arc::new(|_| {}),
        }
    }
}

/// A download that has not started: [`Client::download_recording`].
#[must_use = "nothing is downloaded before `to` is awaited"]
pub struct DownloadRecording {
    client: Client,
    query: QueryRecordFileDownloadUrl,
    wait: Duration,
    poll_every: Duration,
    stall_timeout: Duration,
    on_progress: Arc<dyn Fn(DownloadProgress) + Send + Sync>,
}

/// The progress of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes written.
    pub bytes: u64,
    /// The total number of bytes, once the server has sent it.
    pub total: Option<u64>,
}

/// A downloaded recording.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// Bytes written.
    pub bytes: u64,
    /// SHA-256 of the bytes written, in lower-case hexadecimal.
    pub sha256: String,
}

impl DownloadRecording {
    /// How long to wait for a recording that is not ready, or for a gateway that throttles or fails. 20 minutes by
    /// default, the time that the receipts' documentation names. The time restarts when bytes arrive. If the gateway
    /// asks for a longer wait than the time left, the download fails at once with
    /// [`Advice::WaitFor`](crate::Advice::WaitFor).
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = at_most;
        self
    }

    /// The pause between two requests for a link; 15 seconds by default. If the gateway asks for another wait, that is
    /// used.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.poll_every = pause;
        self
    }

    /// How long the file server may send nothing. After that the download is resumed on a new connection, at the byte
    /// where it stopped. 10 seconds by default. [`Settings::attempt_timeout`](crate::Settings::attempt_timeout) applies
    /// only to the requests for links.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Sets a function that is called after each written chunk.
    pub fn on_progress(mut self, report: impl Fn(DownloadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Arc::new(report);
        self
    }

    /// Downloads into a writer, and flushes it.
    ///
    /// # Errors
    /// [`DownloadError`]. The bytes written so far stay in the writer.
    pub async fn to<W: AsyncWrite + Unpin + Send>(self, writer: &mut W) -> Result<Recording, DownloadError> {
        let mut deadline = Instant::now().checked_add(self.wait);
        let mut written = RecordingWriter { writer, bytes: 0, total: None, digest: Sha256::new() };
        let mut interruptions = 0_u32;
        loop {
            let before = written.bytes;
            let part = self.part(&mut written).await;
            if written.bytes > before {
                deadline = Instant::now().checked_add(self.wait);
            }
            match part {
                Ok(()) if written.total.is_none_or(|total| total == written.bytes) => break,
                Ok(()) => {}
                Err(Interruption::Final(error)) => return Err(error),
                Err(Interruption::NotYet { error, pause }) => {
                    let pause = pause.map_or(self.poll_every, |asked| asked.max(MIN_PAUSE));
                    let next = Instant::now().checked_add(pause);
                    if next.is_none() || deadline.zip(next).is_some_and(|(deadline, next)| next > deadline) {
                        return Err(error.map_or(DownloadError::NotReady, DownloadError::Call));
                    }
                    tokio::time::sleep(pause).await;
                    continue;
                }
                Err(Interruption::Broken) => {}
            }
            interruptions = if written.bytes > before { 0 } else { interruptions.saturating_add(1) };
            if interruptions >= MAX_INTERRUPTIONS {
                return Err(DownloadError::Interrupted { bytes: written.bytes });
            }
            if interruptions > 0 {
                self.client.back_off(interruptions).await;
            }
        }
        written.writer.flush().await.map_err(|error| DownloadError::Write(Arc::new(error)))?;
        let mut sha256 = String::with_capacity(64);
        for byte in written.digest.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(Recording { bytes: written.bytes, sha256 })
    }

    /// Requests a link, and writes the bytes after those already written.
    async fn part<W: AsyncWrite + Unpin + Send>(
        &self,
        written: &mut RecordingWriter<'_, W>,
    ) -> Result<(), Interruption> {
        let link = self.client.send(&self.query).await.map_err(Interruption::from_error)?.download_url;
        if link.expose().trim().is_empty() {
            return Err(Interruption::NOT_READY);
        }
        let mut part =
            self.client.fetch(&link, written.bytes, self.stall_timeout).await.map_err(Interruption::from_fault)?;
        match (written.total, part.total) {
            (Some(expected), Some(total)) if expected != total => {
                return Err(Interruption::Final(DownloadError::Changed));
            }
            (None, total) => written.total = total,
            _ => {}
        }
        // A server that ignores the requested range starts from the beginning.
        let mut skip = written.bytes.saturating_sub(part.start);
        while let Some(piece) = part.next().await.map_err(Interruption::from_fault)? {
            let skipped = usize::try_from(skip).unwrap_or(usize::MAX).min(piece.len());
            skip = skip.saturating_sub(u64::try_from(skipped).unwrap_or(u64::MAX));
            let new = piece.get(skipped..).unwrap_or_default();
            written.append(new).await?;
            (self.on_progress)(DownloadProgress { bytes: written.bytes, total: written.total });
        }
        Ok(())
    }
}

struct RecordingWriter<'w, W> {
    writer: &'w mut W,
    bytes: u64,
    total: Option<u64>,
    digest: Sha256,
}

impl<W: AsyncWrite + Unpin> RecordingWriter<'_, W> {
    async fn append(&mut self, piece: &[u8]) -> Result<(), Interruption> {
        let failed = |error| Interruption::Final(DownloadError::Write(Arc::new(error)));
        self.writer.write_all(piece).await.map_err(failed)?;
        self.digest.update(piece);
        self.bytes = self.bytes.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// Why the download of a part ended early.
enum Interruption {
    /// Wait, then request a link again. Has the gateway's error, and the wait that it asks for.
    NotYet {
        error: Option<Error>,
        pause: Option<Duration>,
    },
    /// Request a new link and resume the download.
    Broken,
    Final(DownloadError),
}

impl Interruption {
    const NOT_READY: Self = Self::NotYet { error: None, pause: None };

    /// No document names the code for a recording that is not ready. "Not allowed" is a code that may mean it.
    fn from_error(error: Error) -> Self {
        match (error.code(), error.advice()) {
            (Some("isv.FORBIDDEN_ACTION"), _) | (_, Advice::Retry) => Self::NotYet { error: Some(error), pause: None },
            (_, Advice::WaitFor(pause)) => Self::NotYet { error: Some(error), pause: Some(pause) },
            _ => Self::Final(error.into()),
        }
    }

    fn from_fault(fault: FetchFault) -> Self {
        match fault {
            FetchFault::Broken => Self::Broken,
            // The object does not exist yet, or the link has expired.
            FetchFault::Status(404) => Self::NOT_READY,
            FetchFault::Status(403 | 416 | 429 | 500..=599) => Self::Broken,
            FetchFault::Status(status) => Self::Final(DownloadError::Refused { http_status: status }),
            FetchFault::BadLink => Self::Final(DownloadError::BadLink),
        }
    }
}

/// Why a download failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The gateway refused the request for a link, or throttled it or failed until the wait was over.
    #[error(transparent)]
    Call(#[from] Error),
    /// The recording was not ready in time. Check that recording was on, and that the call was in the last 14 days.
    #[error("the recording was not ready in time")]
    NotReady,
    /// The connection broke or stalled several times in a row.
    #[error("the download broke off after {bytes} bytes and could not go on")]
    Interrupted {
        /// Bytes written.
        bytes: u64,
    },
    /// The recording was a different one when the download was resumed. Start again with an empty writer.
    #[error("the recording changed while it was downloaded")]
    Changed,
    /// The file server refused the link.
    #[error("the file server refused the link with HTTP {http_status}")]
    Refused {
        /// The HTTP status.
        http_status: u16,
    },
    /// The gateway returned no valid link.
    #[error("the gateway gave no usable link")]
    BadLink,
    /// The writer failed.
    #[error("the recording could not be written")]
    Write(#[source] Arc<io::Error>),
}

impl std::fmt::Debug for DownloadRecording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DownloadRecording")
            .field("query", &self.query)
            .field("wait", &self.wait)
            .field("poll_every", &self.poll_every)
            .field("stall_timeout", &self.stall_timeout)
            .finish_non_exhaustive()
    }
}
