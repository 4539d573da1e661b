//! A queue: its messages are received and deleted.

use std::sync::Arc;
use std::time::Duration;

use super::error::QueueError;
use super::exchange::MnsQueue;
use super::message::QueuedMessage;
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::redact::Secret;

/// The most messages of one request.
pub(super) const MAX_BATCH: usize = 16;

/// A queue of receipts: [`Client::receipt_queue`](crate::aliyun::Client::receipt_queue). Clones share the token.
#[derive(Debug, Clone)]
pub struct ReceiptQueue {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    mns: MnsQueue,
    receipt_type: ReceiptType,
    wait: Duration,
    batch: usize,
}

impl ReceiptQueue {
    pub(super) fn new(mns: MnsQueue, receipt_type: ReceiptType, wait: Duration, batch: usize) -> Self {
        Self { inner: Arc::new(Inner { mns, receipt_type, wait, batch }) }
    }

    /// Receives up to 16 messages. While the queue is empty, the service waits for a message; then the list is empty.
    /// The service may end the wait early, so pause for a second after an empty list.
    ///
    /// # Errors
    /// [`QueueError`]. Nothing is lost: a message that was received and not seen comes again.
    pub async fn receive(&self) -> Result<Vec<QueuedMessage>, QueueError> {
        self.receive_up_to(self.inner.batch).await
    }

    /// Deletes messages whose receipts are handled. A message whose visibility timeout is over cannot be deleted any
    /// more: it comes again.
    ///
    /// Returns the number of deleted messages.
    ///
    /// # Errors
    /// [`QueueError`]. Messages may be deleted all the same.
    pub async fn delete<'m>(&self, messages: impl IntoIterator<Item = &'m QueuedMessage>) -> Result<usize, QueueError> {
        let handles: Vec<_> = messages.into_iter().map(|message| message.receipt_handle.clone()).collect();
        let mut deleted = 0_usize;
        for handles in handles.chunks(MAX_BATCH) {
            deleted = deleted.saturating_add(self.delete_batch(handles).await?);
        }
        Ok(deleted)
    }

    /// Deletes up to 16 messages by their handles.
    pub(super) async fn delete_batch(&self, handles: &[Secret]) -> Result<usize, QueueError> {
        self.inner.mns.delete(handles).await
    }

    /// Sleeps before an attempt after this many failures in a row.
    pub(super) async fn back_off(&self, failures: u32) {
        self.inner.mns.client.back_off(failures).await;
    }

    pub(super) async fn receive_up_to(&self, messages: usize) -> Result<Vec<QueuedMessage>, QueueError> {
        let inner = &*self.inner;
        let received = inner.mns.receive(messages.min(inner.batch), inner.wait).await?;
        Ok(received.into_iter().map(|message| QueuedMessage::new(message, &inner.receipt_type)).collect())
    }
}
