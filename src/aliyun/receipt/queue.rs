//! Receipts from a queue of the Message Notification Service (MNS, today Simple Message Queue).
//!
//! The platform puts each receipt into a queue of its type. A receipt stays there until it is deleted, for four days at
//! most (the default of the service; the real value for these queues is not documented). A received message is hidden
//! for its visibility timeout, 30 seconds by default, and comes again if it was not deleted by then. So a receipt is
//! delivered at least once: recognise a second delivery by [`Receipt::key`](super::Receipt::key).
//!
//! Source: help page 109198 (receipts), MNS developer reference, the official Go, Python, Java and Node.js clients.

mod builder;
mod error;
mod exchange;
mod message;
mod pause;
mod receipt_queue;
mod run;
mod stream;
mod token;

pub use builder::ReceiptQueueBuilder;
pub use error::QueueError;
pub use message::QueuedMessage;
pub use receipt_queue::ReceiptQueue;
pub use run::{Progress, Run};

/// The number of messages in the response of a queue; `None` if it has none of the service's.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_queue_response(body: &[u8]) -> Option<usize> {
    let undeleted = exchange::undeleted(body);
    message::read(body).map(|messages| messages.len().max(undeleted))
}
