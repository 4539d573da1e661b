//! The messages of a queue as a stream.

use std::collections::VecDeque;

use futures_util::{Stream, stream};

use super::error::QueueError;
use super::message::QueuedMessage;
use super::pause::Pause;
use super::receipt_queue::ReceiptQueue;

impl ReceiptQueue {
    /// The messages as a stream that never ends. It receives the next messages when all that it had are taken; delete
    /// each message with [`delete`](Self::delete) before its visibility timeout is over. After an error the stream
    /// pauses and goes on: the pause is one second at first and doubles up to a minute.
    pub fn into_stream(self) -> impl Stream<Item = Result<QueuedMessage, QueueError>> + Send {
        let messages = Messages { queue: self, received: VecDeque::new(), pause: Pause::default() };
        stream::unfold(messages, async |mut messages| Some((messages.next().await, messages)))
    }
}

struct Messages {
    queue: ReceiptQueue,
    received: VecDeque<QueuedMessage>,
    pause: Pause,
}

impl Messages {
    async fn next(&mut self) -> Result<QueuedMessage, QueueError> {
        loop {
            if let Some(message) = self.received.pop_front() {
                return Ok(message);
            }
            self.pause.wait().await;
            let result = self.queue.receive().await;
            self.pause.after(result.as_deref());
            self.received = result?.into();
        }
    }
}
