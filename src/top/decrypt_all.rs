//! Any number of orders through calls of 20: one result for each, in order, whatever becomes of its neighbours.

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
pub use progress::Progress;

use super::oaid::ReceiverQuery;
use super::shop::Shop;
use running::Running;
use work::Work;

impl Shop {
    /// Decrypts any number of orders, in calls of at most 20: a stream with one result for each query, in input order.
    /// A bad order does not cost the others of its call.
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
/// Nothing is sent before the stream is polled for the first time. From then on the work runs in a task of its own on
/// the Tokio runtime that it was polled on: it goes on while its consumer is busy, as far as there is room. Dropping the
/// stream stops it. If that runtime is shut down, the stream ends early. Outside a Tokio runtime the work goes on only while
/// the stream is polled; calls need a runtime in any case.
///
/// Memory does not grow with the number of orders. Queries are taken as they are needed, at most 20 for each call under
/// way and 20 more, and at most 40 results wait for the consumer beside these.
///
/// - A query that breaks a rule is its own error, and is not sent.
/// - Orders are asked for in calls of at most 20, several at a time; the same query is asked for once among those
///   that are under way.
/// - A refused call is split in halves until the order at fault stands alone, also when its code is unknown.
/// - When the evidence says that all orders are refused alike, as those of another shop are, calls are no longer split:
///   see below.
/// - A used-up quota, decryption switched off, an expired session, a permission that the application lacks, an empty
///   account or a long ban end the work: calls under way are finished, and the other orders fail without being sent.
/// - An order that somebody else is decrypting at the same time (`isv.concurrent-query`) is asked for alone, up to 5
///   times more, after 1 second, 2 seconds and so on.
/// - Receivers are matched by `tid` and, where the answer has it, by `oaid`. A stale OAID, a missing receiver and two
///   different receivers for one order are that order's own error.
///
/// # Orders that are all refused
///
/// As long as no call has been answered, one refused call is split at a time. When 20 orders in a row were asked for
/// alone and all refused with the same code, each further call that is refused with this code is followed by a call for
/// its last order only. If that order is refused in the same way, the other orders of its call get the refusal of the
/// call. So 200 orders of another shop take 57 calls, not 390.
///
/// Such an order was not asked for alone, and its error says so in its [`hint`](crate::ServiceError::hint): it may have
/// been refused for another order's fault. Follow the error's advice, and ask for the order again. As soon as one call
/// is answered, all refused calls are split to the end for the rest of the work.
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
    /// Until it is polled on a runtime.
    work: Option<Box<Work>>,
    /// From then on, until the end.
    running: Option<Running>,
    progress: Progress,
}

impl DecryptAll {
    fn new(shop: Shop, queries: impl Stream<Item = ReceiverQuery> + Send + 'static) -> Self {
        let progress = Progress::default();
        let work = Work::new(shop.in_workflow(), queries.boxed(), progress.clone());
        Self { concurrency: 4, work: Some(Box::new(work)), running: None, progress }
    }

    /// How many calls are under way at once; 4 by default, at least 1. Set it before the stream is polled.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Counters that can be watched from elsewhere while the work goes on.
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
