//! Downloading a call's recording whole: waiting until it is there, asking for a new link, going on after a cut.

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

/// A download fails after this many interruptions in a row without a new byte.
const MAX_CUTS_IN_A_ROW: u32 = 5;

/// The minimum pause, even if the gateway asks for a shorter one.
const MIN_PAUSE: Duration = Duration::from_millis(100);

impl Client {
    /// Downloads a call's recording: the `call_id` and `call_time` of its receipt.
    ///
    /// Waits until the recording is there, asks for a new link when one has expired, and resumes where a cut or stalled
    /// connection left off. A question that the gateway throttles, or that fails for a moment, is asked again. The link
    /// is fetched without any credentials and never logged.
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

/// A download that is about to start: [`Client::download_recording`].
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
    /// How long to wait for a recording that is not there yet, or for a gateway that throttles or fails; 20 minutes by
    /// default, what receipts speak of. The time restarts when bytes arrive. A pause that the gateway asks for and
    /// that is longer than what is left is not begun: the download fails at once with
    /// [`Advice::WaitFor`](crate::Advice::WaitFor).
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = at_most;
        self
    }

    /// The pause between two requests for the link; 15 seconds by default. A pause that the gateway asks for replaces
    /// it.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.poll_every = pause;
        self
    }

    /// How long the file server may send nothing before the download is resumed on a new connection, from the byte
    /// where it stopped; 10 seconds by default. [`Settings::attempt_timeout`](crate::Settings::attempt_timeout) is the
    /// limit of the questions to the gateway only.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Is called after every piece that was written.
    pub fn on_progress(mut self, report: impl Fn(DownloadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Arc::new(report);
        self
    }

    /// Downloads into a writer, and flushes it.
    ///
    /// # Errors
    /// [`DownloadError`]. What was written until then stays in the writer.
    pub async fn to<W: AsyncWrite + Unpin + Send>(self, writer: &mut W) -> Result<Recording, DownloadError> {
        let mut give_up = Instant::now().checked_add(self.wait);
        let mut written = Written { writer, bytes: 0, total: None, digest: Sha256::new() };
        let mut cuts_in_a_row = 0_u32;
        loop {
            let before = written.bytes;
            let part = self.part(&mut written).await;
            if written.bytes > before {
                give_up = Instant::now().checked_add(self.wait);
            }
            match part {
                Ok(()) if written.total.is_none_or(|total| total == written.bytes) => break,
                Ok(()) => {}
                Err(Interruption::Final(error)) => return Err(error),
                Err(Interruption::NotYet { error, pause }) => {
                    let pause = pause.map_or(self.poll_every, |asked| asked.max(MIN_PAUSE));
                    let next = Instant::now().checked_add(pause);
                    if next.is_none() || give_up.zip(next).is_some_and(|(give_up, next)| next > give_up) {
                        return Err(error.map_or(DownloadError::NotReady, DownloadError::Call));
                    }
                    tokio::time::sleep(pause).await;
                    continue;
                }
                Err(Interruption::Cut) => {}
            }
            cuts_in_a_row = if written.bytes > before { 0 } else { cuts_in_a_row.saturating_add(1) };
            if cuts_in_a_row >= MAX_CUTS_IN_A_ROW {
                return Err(DownloadError::Interrupted { bytes: written.bytes });
            }
            if cuts_in_a_row > 0 {
                self.client.back_off(cuts_in_a_row).await;
            }
        }
        written.writer.flush().await.map_err(|error| DownloadError::Write(Arc::new(error)))?;
        let mut sha256 = String::with_capacity(64);
        for byte in written.digest.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(Recording { bytes: written.bytes, sha256 })
    }

    /// Asks for a link, and writes the bytes after those already written.
    async fn part<W: AsyncWrite + Unpin + Send>(&self, written: &mut Written<'_, W>) -> Result<(), Interruption> {
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

struct Written<'w, W> {
    writer: &'w mut W,
    bytes: u64,
    total: Option<u64>,
    digest: Sha256,
}

impl<W: AsyncWrite + Unpin> Written<'_, W> {
    async fn append(&mut self, piece: &[u8]) -> Result<(), Interruption> {
        let failed = |error| Interruption::Final(DownloadError::Write(Arc::new(error)));
        self.writer.write_all(piece).await.map_err(failed)?;
        self.digest.update(piece);
        self.bytes = self.bytes.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// Why a part ended early.
enum Interruption {
    /// Wait and ask again: with what the gateway says meanwhile, and for how long it asks to wait.
    NotYet {
        error: Option<Error>,
        pause: Option<Duration>,
    },
    /// Ask for a new link and go on.
    Cut,
    Final(DownloadError),
}

impl Interruption {
    const NOT_READY: Self = Self::NotYet { error: None, pause: None };

    /// No document says how a recording that is not ready is refused; "not allowed" is the code that may mean it.
    fn from_error(error: Error) -> Self {
        match (error.code(), error.advice()) {
            (Some("isv.FORBIDDEN_ACTION"), _) | (_, Advice::Retry) => Self::NotYet { error: Some(error), pause: None },
            (_, Advice::WaitFor(pause)) => Self::NotYet { error: Some(error), pause: Some(pause) },
            _ => Self::Final(error.into()),
        }
    }

    fn from_fault(fault: FetchFault) -> Self {
        match fault {
            FetchFault::Broken => Self::Cut,
            // The object is not there yet; or the link's signature has ended.
            FetchFault::Status(404) => Self::NOT_READY,
            FetchFault::Status(403 | 416 | 429 | 500..=599) => Self::Cut,
            FetchFault::Status(status) => Self::Final(DownloadError::Refused { http_status: status }),
            FetchFault::BadLink => Self::Final(DownloadError::BadLink),
        }
    }
}

/// Why a recording was not downloaded whole.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The gateway refused to give the link, or throttled the question or failed until the wait was over.
    #[error(transparent)]
    Call(#[from] Error),
    /// The recording was not there in time. Was recording on, and is it less than 14 days ago?
    #[error("the recording was not ready in time")]
    NotReady,
    /// The connection broke or stalled again and again.
    #[error("the download broke off after {bytes} bytes and could not go on")]
    Interrupted {
        /// Bytes written.
        bytes: u64,
    },
    /// The recording was another one when the download went on: start again with an empty writer.
    #[error("the recording changed while it was downloaded")]
    Changed,
    /// The file server refused the link.
    #[error("the file server refused the link with HTTP {http_status}")]
    Refused {
        /// The HTTP status.
        http_status: u16,
    },
    /// What the gateway gave is no link.
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
