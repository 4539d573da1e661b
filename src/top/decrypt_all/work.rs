//! The work itself: takes queries, makes calls, and puts the results into input order.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{BoxStream, FuturesUnordered, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until};

use super::decrypted::Decrypted;
use super::isolate::{Isolation, Part};
use super::progress::Progress;
use super::receivers::Answer;
use super::window::Window;
use crate::error::Error;
use crate::top::oaid::{OaidDecrypt, ReceiverQuery};
use crate::top::shop::Shop;

pub(super) struct Work {
    shop: Shop,
    pub(super) concurrency: usize,
    /// `None` once it has ended.
    queries: Option<BoxStream<'static, ReceiverQuery>>,
    window: Window,
    isolation: Isolation,
    in_flight: FuturesUnordered<BoxFuture<'static, (Part, Result<Answer, Error>)>>,
    /// The timer of the next part that is sent again.
    retry_timer: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

impl Work {
    pub(super) fn new(shop: Shop, queries: BoxStream<'static, ReceiverQuery>, progress: Progress) -> Self {
        Self {
            shop,
            concurrency: 4,
            queries: Some(queries),
            window: Window::default(),
            isolation: Isolation::default(),
            in_flight: FuturesUnordered::new(),
            retry_timer: None,
            progress,
        }
    }

    /// Whether every query was taken and given a result.
    pub(super) fn is_done(&self) -> bool {
        self.queries.is_none() && self.window.len() == 0
    }

    /// Whether the next order in input order has its result.
    pub(super) fn has_result(&self) -> bool {
        self.window.front_is_done()
    }

    /// The next order in input order, if it has its result.
    pub(super) fn take_result(&mut self) -> Option<Decrypted> {
        self.window.pop_front()
    }

    /// The next order in input order with its result; `None` when all is done.
    pub(super) fn poll_result(&mut self, context: &mut Context<'_>) -> Poll<Option<Decrypted>> {
        loop {
            match self.take_result() {
                Some(decrypted) => return Poll::Ready(Some(decrypted)),
                None if self.is_done() => return Poll::Ready(None),
                None => ready!(self.advance(context)),
            }
        }
    }

    /// Makes as much progress as it can. Ready when there is a new result, or when all is done.
    pub(super) fn advance(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let had_result = self.has_result();
        loop {
            self.take_queries(context);
            self.poll_retries(context);
            self.send(self.queries.is_none());
            if self.take_answers(context) {
                continue;
            }
            // If neither an answer nor the consumer is awaited, a group that is not full is sent too.
            let stalled = self.in_flight.is_empty() && !self.has_result();
            if !stalled || !self.send(true) {
                break;
            }
        }
        match self.is_done() || (self.has_result() && !had_result) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// Takes queries until the window is full: the calls in flight, and one group more to send next.
    fn take_queries(&mut self, context: &mut Context<'_>) {
        let capacity = self.concurrency.saturating_add(1).saturating_mul(OaidDecrypt::MAX_QUERIES);
        while let Some(queries) = &mut self.queries
            && self.window.len() < capacity
        {
            match queries.poll_next_unpin(context) {
                Poll::Ready(Some(query)) => match (query.validate(), self.isolation.ended_by()) {
                    (Err(error), _) => self.window.push_done(query, Err(error.into())),
                    (Ok(()), Some(error)) => self.window.push_done(query, Err(error.unsent())),
                    (Ok(()), None) => self.window.push(query),
                },
                Poll::Ready(None) => self.queries = None,
                Poll::Pending => return,
            }
        }
    }

    /// Makes the parts ready whose pause is over, and sets the timer for the next one.
    fn poll_retries(&mut self, context: &mut Context<'_>) {
        while let Some(due) = self.isolation.next_retry() {
            let sleep = self.retry_timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
            if sleep.deadline() != due {
                sleep.as_mut().reset(due);
            }
            if sleep.poll_unpin(context).is_pending() {
                return;
            }
            self.isolation.retry_due(Instant::now().max(due));
        }
    }

    /// Sends parts of refused groups, and groups: full ones, or any if `partial`. Returns whether it sent one.
    fn send(&mut self, partial: bool) -> bool {
        let mut any = false;
        while self.in_flight.len() < self.concurrency
            && let Some(part) = self.isolation.next().or_else(|| self.window.next_group(partial).map(Part::group))
        {
            any = true;
            let (shop, progress) = (self.shop.clone(), self.progress.clone());
            self.in_flight.push(Box::pin(async move {
                let in_flight = progress.call_started(part.orders.len());
                let answer = call(&shop, &part).await;
                drop(in_flight);
                (part, answer)
            }));
        }
        any
    }

    /// Takes the responses that have arrived. Returns whether there was one.
    fn take_answers(&mut self, context: &mut Context<'_>) -> bool {
        let mut any = false;
        while let Poll::Ready(Some((part, answer))) = self.in_flight.poll_next_unpin(context) {
            any = true;
            self.isolation.take(part, answer);
        }
        for Decrypted { query, result } in self.isolation.results.drain(..) {
            self.window.set_result(&query, result);
        }
        if let Some(error) = self.isolation.ended_by() {
            self.window.fail_unsent(|| error.unsent());
        }
        any
    }
}

async fn call(shop: &Shop, part: &Part) -> Result<Answer, Error> {
    let mut state = shop.new_call();
    let response = shop.send_as(&OaidDecrypt::new(part.orders.iter().cloned()), &mut state).await?;
    Ok(Answer { response, call: state.history_of_success() })
}
