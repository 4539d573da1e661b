//! The settings of a queue.

use std::fmt;
use std::time::Duration;

use super::exchange::MnsQueue;
use super::receipt_queue::{MAX_BATCH, ReceiptQueue};
use super::token::Tokens;
use crate::aliyun::client::Client;
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::error::Error;
use crate::invalid::InvalidRequest;

/// The public endpoint. The account in it is that of the platform, not yours.
const DEFAULT_ENDPOINT: &str = "https://1943695596114318.mns.cn-hangzhou.aliyuncs.com/";

/// The longest long poll.
const MAX_WAIT: Duration = Duration::from_secs(30);

impl Client {
    /// A queue of receipts of one type. Copy the name of the queue from the console: it may have a suffix, so it cannot
    /// be derived from your account.
    ///
    /// ```no_run
    /// # async fn consume(client: privacy_number::aliyun::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::aliyun::receipt::ReceiptType;
    ///
    /// let queue = client.receipt_queue(ReceiptType::SecretReport, "Alicom-Queue-1000000000000001-SecretReport").build()?;
    /// queue
    ///     .run(async |message| {
    ///         for receipt in message.receipts? {
    ///             println!("{}", receipt.key()); // write it to your database
    ///         }
    ///         Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    ///     })
    ///     .concurrency(64)
    ///     .until(async { tokio::signal::ctrl_c().await.unwrap_or(()) })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "话单")]
    #[doc(alias = "消息队列")]
    pub fn receipt_queue(&self, receipt_type: ReceiptType, queue_name: impl Into<String>) -> ReceiptQueueBuilder {
        ReceiptQueueBuilder {
            client: self.clone().in_workflow(),
            receipt_type,
            queue_name: queue_name.into(),
            endpoint: DEFAULT_ENDPOINT.to_owned(),
            wait: Duration::from_secs(20),
            batch: MAX_BATCH,
        }
    }
}

/// Builds a [`ReceiptQueue`]: [`Client::receipt_queue`]. `Debug` does not show the endpoint, which may hold a password by
/// mistake.
#[derive(Clone)]
#[must_use]
pub struct ReceiptQueueBuilder {
    client: Client,
    receipt_type: ReceiptType,
    queue_name: String,
    endpoint: String,
    wait: Duration,
    batch: usize,
}

impl ReceiptQueueBuilder {
    /// The endpoint of the queues; `https://1943695596114318.mns.cn-hangzhou.aliyuncs.com/` by default. The account in
    /// it is that of the platform.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = url.into();
        self
    }

    /// How long the service waits for a message while the queue is empty, 0 to 30 whole seconds; 20 seconds by default.
    pub fn wait(mut self, long_poll: Duration) -> Self {
        self.wait = long_poll;
        self
    }

    /// The most messages of one request, 1 to 16; 16 by default.
    pub fn batch(mut self, messages: usize) -> Self {
        self.batch = messages;
        self
    }

    /// Builds the queue. Sends nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the setting that breaks a rule.
    pub fn build(self) -> Result<ReceiptQueue, Error> {
        let refuse = |name, reason| Err(InvalidRequest::new(name, reason).into());
        let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !(1..=256).contains(&self.queue_name.len()) || !self.queue_name.bytes().all(is_name_byte) {
            return refuse("queue_name", "must be 1 to 256 letters, digits or hyphens");
        }
        if !(1..=MAX_BATCH).contains(&self.batch) {
            return refuse("batch", "must be 1 to 16");
        }
        if self.wait > MAX_WAIT || self.wait.subsec_nanos() != 0 {
            return refuse("wait", "must be 0 to 30 whole seconds");
        }
        let endpoint = self.client.checked_endpoint(&self.endpoint)?;
        let tokens = Tokens::new(self.client.clone(), &self.receipt_type, self.queue_name.clone());
        let mns = MnsQueue { client: self.client, endpoint, queue_name: self.queue_name, tokens };
        Ok(ReceiptQueue::new(mns, self.receipt_type, self.wait, self.batch))
    }
}

impl fmt::Debug for ReceiptQueueBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptQueueBuilder")
            .field("receipt_type", &self.receipt_type)
            .field("queue_name", &self.queue_name)
            .field("wait", &self.wait)
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}
