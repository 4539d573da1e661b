//! Captures everything that any crate logs on one thread, at the level TRACE.

use std::cell::RefCell;
use std::future::Future;
use std::io::{self, Write};
use std::sync::Once;

use tracing_log::{LogTracer, log};
use tracing_subscriber::fmt::format::FmtSpan;

thread_local! {
    /// What this thread has logged since the capture began. Other tests run on other threads.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Awaits a future on a single-threaded runtime. Returns its output and all that was logged meanwhile.
pub(crate) async fn logs_of<T>(work: impl Future<Output = T>) -> (T, String) {
    install();
    LOG.set(Some(Vec::new()));
    let result = work.await;
    let log = LOG.take().unwrap();
    (result, String::from_utf8(log).unwrap())
}

/// One subscriber for the whole binary: events and spans of `tracing`, and the records of `log`.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        LogTracer::builder().with_max_level(log::LevelFilter::Trace).init().unwrap();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(|| ThisThread)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

struct ThisThread;

impl Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.as_mut().map(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn events_spans_and_log_records_are_all_captured() {
    let ((), logs) = logs_of(async {
        tracing::trace!(number = "sentinel-1", "event");
        let _span = tracing::trace_span!("span", number = "sentinel-2").entered();
        log::trace!(target: "some_crate", "sentinel-3");
    })
    .await;
    for sentinel in ["sentinel-1", "sentinel-2", "sentinel-3"] {
        assert!(logs.contains(sentinel), "{sentinel}: {logs}");
    }
    tracing::trace!("sentinel-4");
    assert!(logs_of(async {}).await.1.is_empty());
}
