//! Where pushed receipts are written before the platform gets its acknowledgement.

use std::fmt;
use std::future::Future;

use tokio::sync::mpsc;

use crate::aliyun::receipt::Receipt;
use crate::aliyun::receipt::parse::ParseReceiptError;
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::redact::Private;

/// The messages of one push.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PushedMessages {
    /// The type of the receipts, from the path.
    pub receipt_type: ReceiptType,
    /// The receipts. A body that is not JSON is an error here, and its text is in [`body`](Self::body).
    pub receipts: Result<Vec<Receipt>, ParseReceiptError>,
    /// The body, as it came. Bytes that are not UTF-8 are replaced.
    pub body: Private,
}

/// Why a sink could not write; the platform sends the receipts again.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Writes pushed receipts to a place where they are safe: a database, a log, a queue.
///
/// The platform takes a receipt as delivered when the sink returns `Ok`, and never sends it again. When the sink
/// returns an error or takes too long, the platform sends the whole array again after 1, 5 and 10 minutes, so recognise
/// a second delivery by [`Receipt::key`]. Do nothing here that takes long: handle the receipts afterwards.
///
/// The future is dropped when the time is over, or when the platform closes the connection. Write so that this leaves
/// nothing half written: in a transaction, or in a task of its own. What is written after that time comes a second
/// time. The service does not log the error of a sink, since it may show receipts.
///
/// A bounded [`mpsc::Sender`] is a sink too, which waits for room in the channel: a receipt in a channel is lost when
/// the process is killed.
///
/// ```
/// use std::fs::File;
/// use std::io::{self, Write};
/// use std::sync::{Arc, Mutex};
///
/// use privacy_number::aliyun::receipt::{PushedMessages, ReceiptSink, SinkError};
///
/// struct Journal(Arc<Mutex<File>>);
///
/// impl ReceiptSink for Journal {
///     async fn write(&self, messages: PushedMessages) -> Result<(), SinkError> {
///         let file = Arc::clone(&self.0);
///         // A blocking task ends even if this future is dropped, so no line is cut.
///         let written = tokio::task::spawn_blocking(move || {
///             let line = serde_json::to_string(messages.body.expose())? + "\n";
///             let mut file = file.lock().map_err(|_| io::Error::other("an earlier write panicked"))?;
///             file.write_all(line.as_bytes())?;
///             file.sync_data()
///         });
///         Ok(written.await??)
///     }
/// }
/// ```
pub trait ReceiptSink: Send + Sync + 'static {
    /// Writes the messages of one push, all or none.
    ///
    /// # Errors
    /// They could not be written.
    fn write(&self, messages: PushedMessages) -> impl Future<Output = Result<(), SinkError>> + Send;
}

impl ReceiptSink for mpsc::Sender<PushedMessages> {
    async fn write(&self, messages: PushedMessages) -> Result<(), SinkError> {
        self.send(messages).await.map_err(|_| Closed.into())
    }
}

impl<S: ReceiptSink> ReceiptSink for std::sync::Arc<S> {
    fn write(&self, messages: PushedMessages) -> impl Future<Output = Result<(), SinkError>> + Send {
        S::write(self, messages)
    }
}

/// The receiver of the channel is gone.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the channel of receipts is closed")
    }
}

impl std::error::Error for Closed {}
