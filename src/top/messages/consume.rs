//! The loop of a consumer: take, handle, confirm.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{self, StreamExt};

use super::handled::HandledIds;
use super::progress::{MessageProgress, OnProgress};
use crate::error::{Advice, Error};
use crate::top::client::Client;
use crate::top::tmc::{MessageId, TmcMessage, TmcMessagesConfirm, TmcMessagesConsume};

/// The first pause, after a failure or without messages.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause after failures.
const MAX_PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);

pub(super) struct Consumer {
    client: Client,
    request: TmcMessagesConsume,
    /// The longest pause without messages.
    idle: Duration,
    on_progress: OnProgress,
    /// How many requests in a row failed, and how many had no messages.
    failures: u32,
    empty: u32,
    handled: HandledIds,
    /// Messages that were handled and are to be confirmed.
    unconfirmed: Vec<MessageId>,
}

impl Consumer {
    pub(super) fn new(client: Client, request: TmcMessagesConsume, idle: Duration, on_progress: OnProgress) -> Self {
        let (handled, unconfirmed) = (HandledIds::default(), Vec::new());
        Self { client, request, idle, on_progress, failures: 0, empty: 0, handled, unconfirmed }
    }

    pub(super) async fn run<H, F, E>(
        mut self,
        handler: H,
        concurrency: usize,
        until: impl Future<Output = ()> + Clone + Unpin,
    ) -> Result<(), Error>
    where
        H: Fn(TmcMessage) -> F,
        F: Future<Output = Result<(), E>>,
    {
        loop {
            let taken = match select(until.clone(), pin!(self.take())).await {
                Either::Left(((), _)) => return Ok(()),
                Either::Right((taken, _)) => taken,
            };
            match taken {
                Ok(messages) => {
                    self.failures = 0;
                    self.empty = if messages.is_empty() { self.empty.saturating_add(1) } else { 0 };
                    (self.on_progress)(MessageProgress::Taken(messages.len()));
                    self.handle(messages, &handler, concurrency, until.clone()).await;
                }
                Err(error) => {
                    self.failed(&error);
                    if is_permanent(&error) {
                        return Err(error);
                    }
                }
            }
            self.confirm().await;
        }
    }

    /// Takes messages after the pause. Messages of a request that is dropped come again.
    async fn take(&self) -> Result<Vec<TmcMessage>, Error> {
        tokio::time::sleep(self.pause()).await;
        Ok(self.client.send(&self.request).await?.messages)
    }

    fn pause(&self) -> Duration {
        let doubled = |times: u32| FIRST_PAUSE.saturating_mul(1_u32 << times.saturating_sub(1).min(16));
        match (self.failures, self.empty) {
            (0, 0) => Duration::ZERO,
            (0, empty) => doubled(empty).min(self.idle),
            // Half to the whole of it, so that many consumers do not come back at once.
            (failures, _) => doubled(failures).min(MAX_PAUSE_AFTER_FAILURE).mul_f64(0.5 + fastrand::f64() / 2.0),
        }
    }

    async fn handle<H, F, E>(
        &mut self,
        messages: Vec<TmcMessage>,
        handler: &H,
        concurrency: usize,
        until: impl Future<Output = ()>,
    ) where
        H: Fn(TmcMessage) -> F,
        F: Future<Output = Result<(), E>>,
    {
        let (repeated, new): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| self.handled.contains(message.id));
        for message in repeated {
            (self.on_progress)(MessageProgress::Repeated(message.id));
            self.unconfirmed.push(message.id);
        }
        let handlers = stream::iter(new).take_until(until).map(|message| {
            let id = message.id;
            let result = handler(message);
            async move { (id, result.await.is_ok()) }
        });
        let mut handlers = pin!(handlers.buffer_unordered(concurrency));
        while let Some((id, is_ok)) = handlers.next().await {
            if is_ok {
                self.handled.insert(id);
                self.unconfirmed.push(id);
            } else {
                (self.on_progress)(MessageProgress::HandlerFailed(id));
            }
        }
    }

    /// Confirms what was handled. What cannot be confirmed comes again, and is then confirmed without the handler.
    async fn confirm(&mut self) {
        for mut call in TmcMessagesConfirm::batches(std::mem::take(&mut self.unconfirmed)) {
            call.group_name.clone_from(&self.request.group_name);
            match self.client.send(&call).await {
                Ok(_) => (self.on_progress)(MessageProgress::Confirmed(call.s_message_ids.len())),
                Err(error) => self.failed(&error),
            }
        }
    }

    fn failed(&mut self, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        (self.on_progress)(MessageProgress::Failed(error));
        tracing::warn!(code = error.code(), operation = error.operation(), "a request of the message service failed");
    }
}

/// Whether the same request would be refused again.
fn is_permanent(error: &Error) -> bool {
    matches!(error, Error::Invalid(_)) || error.advice() == Advice::FixRequest
}
