//! The token for reading a queue of call receipts.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::check::check_not_empty;
use super::product::Dybaseapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::{Private, Secret};
use crate::safety::Safety;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{MessageToken, QueryTokenForMnsQueue, QueryTokenForMnsQueueResponse};
}

/// Gets a token for reading one queue of call receipts: `QueryTokenForMnsQueue`.
///
/// An operation of Dybaseapi, with a host of its own. Safe: it hands out a token and changes nothing (inferred: no
/// document says that an older token stays valid). No limit of calls per second is documented. Not charged. Whether one
/// token serves other queues, and what permission of RAM it needs, is not documented.
///
/// # Errors
/// Refused before sending: an empty message type or queue name.
///
/// Source: the official Go, Python, Java and Node.js clients of Alibaba Cloud for receipts.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let client = emulator.aliyun()?;
/// use privacy_number::aliyun::QueryTokenForMnsQueue;
///
/// let query = QueryTokenForMnsQueue::builder()
///     .message_type("SecretReport")
///     .queue_name("Alicom-Queue-1000000000000001-SecretReport")
///     .build();
/// let token = client.send(&query).await?.message_token;
/// assert!(token.expire_time.is_some());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "话单")]
#[doc(alias = "消息回执")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct QueryTokenForMnsQueue {
    /// The type of the receipts in the queue, such as `SecretReport`.
    pub message_type: String,
    /// The name of the queue, copied from the console. It may have a suffix, so it cannot be derived from the account.
    pub queue_name: String,
}

impl Operation for QueryTokenForMnsQueue {
    type Gateway = Dybaseapi;
    type Output = QueryTokenForMnsQueueResponse;
    const NAME: &'static str = "QueryTokenForMnsQueue";
    const SAFETY: Safety = Safety::Safe;
    const POST_ONLY: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("message_type", &self.message_type)?;
        check_not_empty("queue_name", &self.queue_name)
    }
}

response! {
    /// A token for one queue.
    QueryTokenForMnsQueueResponse {
        /// The token.
        #[serde(rename = "MessageTokenDTO")]
        message_token: MessageToken,
    }
}

/// Temporary credentials for one queue of the Message Notification Service (MNS).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MessageToken {
    /// The id of the temporary access key.
    pub access_key_id: Private,
    /// The secret of the temporary access key.
    pub access_key_secret: Secret,
    /// The token that goes with the key.
    pub security_token: Secret,
    /// When the token was made.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub create_time: Option<DateTime<FixedOffset>>,
    /// When the token expires. Its lifetime is not documented; the official clients replace a token two minutes
    /// earlier.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub expire_time: Option<DateTime<FixedOffset>>,
}
