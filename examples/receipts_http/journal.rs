//! A journal of pushes: an append-only file that is on the disk before a push is acknowledged.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;

use privacy_number::aliyun::receipt::{PushedMessages, ReceiptSink, SinkError};
use tokio::sync::{mpsc, oneshot};

use crate::command_line::Problem;

/// Writes each push to a file, and passes it to the handlers when it is on the disk.
pub(crate) struct Journal {
    lines: mpsc::Sender<Line>,
    handlers: mpsc::Sender<PushedMessages>,
}

/// A line to write, and whom to tell.
type Line = (String, oneshot::Sender<Result<(), String>>);

/// The most lines that one write to the disk holds.
const BATCH: usize = 1000;

impl Journal {
    /// Opens or creates the file. Only its owner can read it: it holds personal data.
    pub(crate) fn open(path: &Path, handlers: mpsc::Sender<PushedMessages>) -> Result<Self, Problem> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.open(path).and_then(|mut file| {
            // A killed process may have left an incomplete last line, which was not acknowledged.
            file.write_all(if file.metadata()?.len() > 0 { b"\n" } else { b"" })?;
            Ok(file)
        });
        let file = opened.map_err(|error| Problem::of_file(path, &error))?;
        let (lines, waiting) = mpsc::channel(BATCH);
        thread::spawn(|| write(file, waiting));
        Ok(Self { lines, handlers })
    }
}

/// Writes all lines that wait, then tells all that they are on the disk: one write to the disk serves many pushes.
fn write(mut file: File, mut waiting: mpsc::Receiver<Line>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
        let (lines, pushes): (Vec<String>, Vec<_>) = batch.drain(..).unzip();
        let written = append(&mut file, &lines.concat()).map_err(|error| error.to_string());
        for push in pushes {
            let _ = push.send(written.clone());
        }
    }
}

/// Adds all of the text, or nothing.
fn append(file: &mut File, text: &str) -> std::io::Result<()> {
    let length = file.metadata()?.len();
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
    written.or_else(|error| file.set_len(length).and(Err(error)))
}

impl ReceiptSink for Journal {
    async fn write(&self, messages: PushedMessages) -> Result<(), SinkError> {
        // Its place in the channel first: what no handler can take is not written, and comes again.
        let place = self.handlers.reserve().await?;
        let line = serde_json::json!([messages.receipt_type.as_str(), messages.body.expose()]);
        let (done, written) = oneshot::channel();
        self.lines.send((format!("{line}\n"), done)).await?;
        written.await??;
        place.send(messages);
        Ok(())
    }
}
