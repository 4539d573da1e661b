//! Decrypts any number of orders in calls of 20, with one result for each order, in input order.

mod decrypted;
mod evidence;
mod isolate;
mod progress;
mod receivers;
mod running;
mod window;
mod work;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::{self, Stream, StreamExt};
use tokio::runtime::Handle;

pub use decrypted::Decrypted;
pub(super) use isolate::ends_the_work;
pub use progress::Progress;

use super::oaid::ReceiverQuery;
use super::shop::Shop;
use running::Running;
use work::Work;

impl Shop {
    /// Decrypts any number of orders, in calls of at most 20: a stream with one result for each query, in input order.
    /// A refused order does not fail the others of its call.
    pub fn decrypt_all<I>(&self, queries: I) -> DecryptAll
    where
        I: IntoIterator<Item = ReceiverQuery>,
        I::IntoIter: Send + 'static,
    {
        self.decrypt_stream(stream::iter(queries))
    }

    /// As [`decrypt_all`](Self::decrypt_all), with the queries from a stream: a database cursor, a channel.
    pub fn decrypt_stream(&self, queries: impl Stream<Item = ReceiverQuery> + Send + 'static) -> DecryptAll {
        DecryptAll::new(self.clone(), queries)
    }
}

/// A stream with one [`Decrypted`] for each query, in input order: see [`Shop::decrypt_all`].
///
/// Nothing is sent before the first poll. From then on the work runs in its own task on the Tokio runtime of that poll.
/// It continues while the consumer is busy, until its buffer is full. Dropping the stream stops it. If the runtime is
/// shut down, the stream ends early. Outside a Tokio runtime the work continues only while the stream is polled, and
/// each call still needs a runtime.
///
/// Memory does not grow with the number of orders. At most 20 queries are taken for each call in flight, and 20 more.
/// At most 40 results are buffered besides these.
///
/// - A query that breaks a rule fails with its own error, and is not sent.
/// - A call holds at most 20 orders, and several calls run at a time. Equal queries that are in flight are sent once.
/// - A refused call is split in halves until the order at fault is found, even if its code is unknown.
/// - When all orders seem to be refused for the same reason, such as orders of another shop, calls are no longer split:
///   see below.
/// - A used-up quota, decryption switched off, an expired session, a permission that the application lacks, an account
///   without balance or a long ban end the work: calls in flight are finished, and the other orders fail without being
///   sent.
/// - An order that another client is decrypting at the same time (`isv.concurrent-query`) is sent alone, and retried up
///   to 5 times, after 1 second, 2 seconds and so on.
/// - Receivers are matched by `tid` and, where the response has it, by `oaid`. A stale OAID, a missing receiver and two
///   different receivers for one order are that order's own error.
///
/// # If all orders are refused
///
/// As long as no call has succeeded, one refused call is split at a time. When 20 orders in a row were sent alone and
/// refused with the same code, each further call that is refused with this code is followed by a call for its last
/// order only. If that order is refused with the same code, the other orders of its call get the error of the call. So
/// 200 orders of another shop take 57 calls, not 390.
///
/// Such an order was not sent alone, and its error says so in its [`hint`](crate::ServiceError::hint): another order
/// may be at fault. Follow the error's advice, and decrypt the order again. As soon as one call succeeds, each refused
/// call is split until the orders at fault are found.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::StreamExt;
/// use privacy_number::{Advice, emulator::Emulator, top};
///
/// let emulator = Emulator::builder().orders([("2001", "oaid-a"), ("2002", "wrong-b")]).start().await?;
/// let queries = [("2001", "oaid-a"), ("2002", "wrong-b")]
///     .map(|(tid, oaid)| top::ReceiverQuery::builder().tid(tid).oaid(oaid).build());
///
/// let results: Vec<top::Decrypted> = emulator.shop()?.decrypt_all(queries).collect().await;
/// assert!(results[0].result.is_ok());
/// assert_eq!(results[1].result.as_ref().unwrap_err().advice(), Advice::RefreshOaid);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct DecryptAll {
    concurrency: usize,
    /// Before the first poll on a runtime.
    work: Option<Box<Work>>,
    /// After it, until the end.
    running: Option<Running>,
    progress: Progress,
}

impl DecryptAll {
    fn new(shop: Shop, queries: impl Stream<Item = ReceiverQuery> + Send + 'static) -> Self {
        let progress = Progress::default();
        let work = Work::new(shop.in_workflow(), queries.boxed(), progress.clone());
        Self { concurrency: 4, work: Some(Box::new(work)), running: None, progress }
    }

    /// How many calls are in flight at once; 4 by default, at least 1. Set it before the stream is polled.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Counters that another task can read while the work runs.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    fn poll_result(&mut self, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        if let Some(mut work) = self.work.take() {
            work.concurrency = self.concurrency;
            match Handle::try_current() {
                Ok(runtime) => self.running = Some(Running::start(&runtime, *work)),
                Err(_) => return self.work.insert(work).poll_result(context),
            }
        }
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        let result = ready!(running.poll_result(context));
        if result.is_none() {
            self.running = None;
        }
        Poll::Ready(result)
    }
}

impl Stream for DecryptAll {
    type Item = Decrypted;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        let result = ready!(self.poll_result(context));
        if let Some(decrypted) = &result {
            self.progress.yielded(decrypted.result.is_ok());
        }
        Poll::Ready(result)
    }
}

impl Drop for DecryptAll {
    fn drop(&mut self) {
        self.progress.stopped();
    }
}

impl fmt::Debug for DecryptAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptAll")
            .field("concurrency", &self.concurrency)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
