//! Any number of orders through calls of 20: one result for each, in order, whatever becomes of its neighbours.

mod isolate;
mod progress;
mod window;

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{BoxStream, FuturesUnordered, Stream, StreamExt};

use super::client::Shop;
use super::oaid::{OaidDecrypt, Receiver, ReceiverQuery};
use crate::error::Error;
use isolate::{Asked, ask_and_isolate};
pub use progress::Progress;
use window::Window;

/// What became of one order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Decrypted {
    /// The order, as it was asked for.
    pub query: ReceiverQuery,
    /// Its receiver, or why there is none. An OAID that is not the order's current one is an error with the code
    /// [`OAID_NOT_MATCHED`](super::OAID_NOT_MATCHED), an order that TOP's answer leaves out one with
    /// [`RECEIVER_MISSING`](super::RECEIVER_MISSING). An order that was never sent, because an earlier answer ended
    /// the work, has [`Outcome::NotExecuted`](crate::Outcome::NotExecuted) and the advice of that answer.
    pub result: Result<Receiver, Error>,
}

/// A stream with one [`Decrypted`] for each query, in input order: see [`Shop::decrypt_all`].
///
/// Nothing is sent before the stream is polled; dropping it stops the work. Queries are taken as they are needed, at
/// most 20 for each call under way and 20 more ahead of the result that is next, so that memory does not grow with the
/// number of orders.
///
/// - A query that breaks a rule is its own error, and is not sent.
/// - Orders are asked for in calls of at most 20, several at a time; the same query is asked for once among those
///   that are under way.
/// - A refusal that may be the fault of one order splits the call in halves until that order stands alone.
/// - Receivers are matched by `tid`; a stale OAID and a missing receiver are that order's own error.
/// - A used-up quota, decryption switched off, an expired session, an empty account or a long ban end the work: calls
///   under way are finished, and the other orders fail without being sent.
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
    shop: Shop,
    concurrency: usize,
    /// `None` once it has ended.
    queries: Option<BoxStream<'static, ReceiverQuery>>,
    window: Window,
    in_flight: FuturesUnordered<BoxFuture<'static, Asked>>,
    /// Why nothing more is sent. Shared with the calls under way.
    ended_by: Arc<OnceLock<Error>>,
    progress: Progress,
}

impl DecryptAll {
    pub(super) fn new(shop: Shop, queries: impl Stream<Item = ReceiverQuery> + Send + 'static) -> Self {
        Self {
            shop: shop.in_workflow(),
            concurrency: 4,
            queries: Some(queries.boxed()),
            window: Window::default(),
            in_flight: FuturesUnordered::new(),
            ended_by: Arc::default(),
            progress: Progress::default(),
        }
    }

    /// How many calls are under way at once; 4 by default, at least 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Counters that can be watched from elsewhere while the stream is polled.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Takes queries as long as there is room: for the calls under way, and one group more to send next.
    fn take_queries(&mut self, context: &mut Context<'_>) {
        let room = self.concurrency.saturating_add(1).saturating_mul(OaidDecrypt::MAX_QUERIES);
        while let Some(queries) = &mut self.queries
            && self.window.len() < room
        {
            match queries.poll_next_unpin(context) {
                Poll::Ready(Some(query)) => match (query.validate(), self.ended_by.get()) {
                    (Err(error), _) => self.window.push_done(query, Err(error.into())),
                    (Ok(()), Some(error)) => self.window.push_done(query, Err(error.unsent())),
                    (Ok(()), None) => self.window.push(query),
                },
                Poll::Ready(None) => self.queries = None,
                Poll::Pending => return,
            }
        }
    }

    /// Sends groups: full ones, or any if `partial`. Says whether it sent one.
    fn send_groups(&mut self, partial: bool) -> bool {
        let mut any = false;
        while self.in_flight.len() < self.concurrency
            && let Some(group) = self.window.next_group(partial)
        {
            any = true;
            let under_way = self.progress.ask_for(group.len());
            let asking = ask_and_isolate(self.shop.clone(), self.progress.clone(), Arc::clone(&self.ended_by), group);
            self.in_flight.push(Box::pin(asking.inspect(move |_| drop(under_way))));
        }
        any
    }

    /// Takes the answers that have come. Says whether there was one.
    fn take_answers(&mut self, context: &mut Context<'_>) -> bool {
        let mut any = false;
        while let Poll::Ready(Some(asked)) = self.in_flight.poll_next_unpin(context) {
            any = true;
            for (query, result) in asked {
                self.window.answer(&query, result);
            }
        }
        if let Some(error) = self.ended_by.get() {
            self.window.fail_unsent(|| error.unsent());
        }
        any
    }
}

impl Stream for DecryptAll {
    type Item = Decrypted;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        loop {
            self.take_queries(context);
            let no_more_queries = self.queries.is_none();
            self.send_groups(no_more_queries);
            let any_answer = self.take_answers(context);
            if let Some(decrypted) = self.window.pop_front() {
                self.progress.yielded(decrypted.result.is_ok());
                return Poll::Ready(Some(decrypted));
            }
            if no_more_queries && self.window.len() == 0 {
                return Poll::Ready(None);
            }
            // With nothing under way to wait for, a group that is not full must go too.
            let stalled = self.in_flight.is_empty() && self.send_groups(true);
            if !any_answer && !stalled {
                return Poll::Pending;
            }
        }
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
