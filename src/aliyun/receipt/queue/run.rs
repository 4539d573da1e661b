//! A consumer of a queue: a handler for each message, and deletion after its `Ok`.

use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};

use super::error::QueueError;
use super::message::QueuedMessage;
use super::pause::Pause;
use super::receipt_queue::{MAX_BATCH, ReceiptQueue};
use crate::redact::Secret;

/// How long a deletion waits for further messages to delete together.
const GATHER: Duration = Duration::from_millis(50);

/// How often a deletion that failed is sent again. After that, the messages come again.
const MAX_DELETIONS: u32 = 5;

/// A consumer that is about to start: [`ReceiptQueue::run`]. `.await` it, or spawn it as a task.
///
/// It receives messages as long as fewer than [`concurrency`](Self::concurrency) handlers run, and deletes a message
/// after its handler returned `Ok`. A message whose handler returns an error is left in the queue and comes again after
/// its visibility timeout, 30 seconds by default; so keep a handler shorter than that, and let it tell a second
/// delivery by
/// [`Receipt::key`](super::super::Receipt::key). A message that is not JSON goes to the handler too, with an error in
/// [`receipts`](QueuedMessage::receipts).
///
/// After a failed request it pauses, one second at first and up to a minute, and goes on.
#[must_use = "nothing is received before it is awaited"]
pub struct Run<H> {
    queue: ReceiptQueue,
    handler: H,
    concurrency: usize,
    until: BoxFuture<()>,
    on_progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>,
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a consumer tells while it runs: [`Run::on_progress`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// So many messages were received.
    Received(usize),
    /// The handler returned an error for this message. It comes again.
    HandlerFailed {
        /// The id of the message.
        message_id: &'a str,
    },
    /// So many messages were deleted.
    Deleted(usize),
    /// So many messages could not be deleted any more. They come again.
    Undeleted(usize),
    /// A request failed. It is sent again after a pause.
    Failed(&'a QueueError),
}

impl ReceiptQueue {
    /// Calls a handler for each message, and deletes the messages for which it returned `Ok`: [`Run`].
    pub fn run<H, F, E>(&self, handler: H) -> Run<H>
    where
        H: Fn(QueuedMessage) -> F,
        F: Future<Output = Result<(), E>>,
    {
        let until = Box::pin(pending());
        Run { queue: self.clone(), handler, concurrency: MAX_BATCH, until, on_progress: Arc::new(|_| {}) }
    }
}

impl<H> Run<H> {
    /// The most messages in handlers at the same time; 16 by default.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.max(1);
        self
    }

    /// Ends the consumer when this future is ready: it receives nothing more, waits for the handlers that run, and
    /// deletes what they handled. A receipt of a request that is under way then comes again after its visibility
    /// timeout.
    pub fn until(mut self, shutdown: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until = Box::pin(shutdown);
        self
    }

    /// Is called for each step, for logs and metrics.
    pub fn on_progress(mut self, report: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        self.on_progress = Arc::new(report);
        self
    }
}

impl<H, F, E> IntoFuture for Run<H>
where
    H: Fn(QueuedMessage) -> F + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Send + 'static,
{
    /// The end of the consumer.
    ///
    /// # Errors
    /// A [permanent](QueueError::is_permanent) error: the queue does not exist, or the service does not understand the
    /// request.
    type Output = Result<(), QueueError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Consumer::new(self.queue, self.concurrency, self.on_progress).consume(self.handler, self.until))
    }
}

/// One thing that happened.
enum Event {
    Received(Result<Vec<QueuedMessage>, QueueError>),
    Handled { message_id: String, handle: Option<Secret> },
    GatherEnded,
    Deleted { handles: Vec<Secret>, attempt: u32, result: Result<usize, QueueError> },
    Shutdown,
}

struct Consumer {
    queue: ReceiptQueue,
    concurrency: usize,
    on_progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>,
    events: FuturesUnordered<BoxFuture<Option<Event>>>,
    pause: Pause,
    handlers: usize,
    deletions: usize,
    /// The handles of handled messages.
    handled: Vec<Secret>,
    is_gathering: bool,
    /// Ends the request for messages that is under way.
    receive: Option<AbortHandle>,
    is_ending: bool,
    error: Option<QueueError>,
}

impl Consumer {
    fn new(queue: ReceiptQueue, concurrency: usize, on_progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>) -> Self {
        Self {
            queue,
            concurrency,
            on_progress,
            events: FuturesUnordered::new(),
            pause: Pause::default(),
            handlers: 0,
            deletions: 0,
            handled: Vec::new(),
            is_gathering: false,
            receive: None,
            is_ending: false,
            error: None,
        }
    }

    async fn consume<H, F, E>(mut self, handler: H, until: BoxFuture<()>) -> Result<(), QueueError>
    where
        H: Fn(QueuedMessage) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Send,
    {
        let (until, stop_waiting) = abortable(until.map(|()| Event::Shutdown));
        self.events.push(until);
        loop {
            self.receive_if_free();
            if self.is_ending && self.handlers == 0 && self.deletions == 0 && self.handled.is_empty() {
                stop_waiting.abort();
                return self.error.map_or(Ok(()), Err);
            }
            match self.events.next().await {
                // A request that was ended.
                Some(None) => {}
                Some(Some(Event::Received(result))) => self.received(result, &handler),
                Some(Some(Event::Handled { message_id, handle })) => self.handled(&message_id, handle),
                Some(Some(Event::GatherEnded)) => {
                    self.is_gathering = false;
                    self.delete_handled();
                }
                Some(Some(Event::Deleted { handles, attempt, result })) => self.deleted(handles, attempt, result),
                Some(Some(Event::Shutdown)) | None => self.end(),
            }
        }
    }

    /// Starts the next request for messages, if handlers are free and none is under way.
    fn receive_if_free(&mut self) {
        let free = self.concurrency.saturating_sub(self.handlers);
        if self.is_ending || self.receive.is_some() || free == 0 {
            return;
        }
        let (queue, pause) = (self.queue.clone(), self.pause.duration());
        let request = async move {
            tokio::time::sleep(pause).await;
            Event::Received(queue.receive_up_to(free).await)
        };
        let (request, handle) = abortable(request);
        self.receive = Some(handle);
        self.events.push(request);
    }

    fn received<H, F, E>(&mut self, result: Result<Vec<QueuedMessage>, QueueError>, handler: &H)
    where
        H: Fn(QueuedMessage) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Send,
    {
        self.receive = None;
        self.pause.after(result.as_deref());
        match result {
            Ok(messages) => {
                (self.on_progress)(Progress::Received(messages.len()));
                for message in messages {
                    let (message_id, handle) = (message.message_id.clone(), message.receipt_handle.clone());
                    self.handlers = self.handlers.saturating_add(1);
                    let result = handler(message);
                    self.events.push(Box::pin(async move {
                        let handle = result.await.is_ok().then_some(handle);
                        Some(Event::Handled { message_id, handle })
                    }));
                }
            }
            Err(error) => {
                (self.on_progress)(Progress::Failed(&error));
                tracing::warn!(code = error.code(), "receipts could not be received");
                if error.is_permanent() {
                    self.error = Some(error);
                    self.end();
                }
            }
        }
    }

    fn handled(&mut self, message_id: &str, handle: Option<Secret>) {
        self.handlers = self.handlers.saturating_sub(1);
        match handle {
            Some(handle) => self.handled.push(handle),
            None => (self.on_progress)(Progress::HandlerFailed { message_id }),
        }
        if self.handled.len() >= MAX_BATCH || (self.is_ending && self.handlers == 0) {
            self.delete_handled();
        } else if !self.handled.is_empty() && !self.is_gathering {
            self.is_gathering = true;
            self.events.push(Box::pin(tokio::time::sleep(GATHER).map(|()| Some(Event::GatherEnded))));
        }
    }

    fn delete_handled(&mut self) {
        let handled = std::mem::take(&mut self.handled);
        for handles in handled.chunks(MAX_BATCH) {
            self.delete(handles.to_vec(), 1);
        }
    }

    fn delete(&mut self, handles: Vec<Secret>, attempt: u32) {
        self.deletions = self.deletions.saturating_add(1);
        let queue = self.queue.clone();
        self.events.push(Box::pin(async move {
            if attempt > 1 {
                queue.back_off(attempt.saturating_sub(1)).await;
            }
            let result = queue.delete_batch(&handles).await;
            Some(Event::Deleted { handles, attempt, result })
        }));
    }

    fn deleted(&mut self, handles: Vec<Secret>, attempt: u32, result: Result<usize, QueueError>) {
        self.deletions = self.deletions.saturating_sub(1);
        match result {
            Ok(deleted) => {
                (self.on_progress)(Progress::Deleted(deleted));
                let undeleted = handles.len().saturating_sub(deleted);
                if undeleted > 0 {
                    (self.on_progress)(Progress::Undeleted(undeleted));
                }
            }
            Err(error) => {
                (self.on_progress)(Progress::Failed(&error));
                if attempt < MAX_DELETIONS && !error.is_permanent() {
                    self.delete(handles, attempt.saturating_add(1));
                } else {
                    tracing::warn!(code = error.code(), "handled receipts could not be deleted and come again");
                    (self.on_progress)(Progress::Undeleted(handles.len()));
                }
            }
        }
    }

    fn end(&mut self) {
        self.is_ending = true;
        if let Some(receive) = self.receive.take() {
            receive.abort();
        }
        self.delete_handled();
    }
}

/// A future that gives `None` once it is ended.
fn abortable(event: impl Future<Output = Event> + Send + 'static) -> (BoxFuture<Option<Event>>, AbortHandle) {
    let (handle, registration) = AbortHandle::new_pair();
    (Box::pin(Abortable::new(event, registration).map(Result::ok)), handle)
}

impl<H> fmt::Debug for Run<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("queue", &self.queue)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
