//! The message service (TMC): which topics a shop's messages have, taking messages, confirming them.

mod event;
mod event_content;

use std::fmt;

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Top;
use crate::answer::lenient::{self, ListItem};
use crate::invalid::InvalidRequest;
use crate::operation::{Operation, SessionUse};
use crate::params::comma_separated;
use crate::redact::Private;
use crate::safety::Safety;
use crate::scalar;
pub use event::Event;
pub use event_content::{
    AddressChangeResult, AddressChanged, ApiResult, AuthCancelled, OrderConsistency, SmsDelivery, SmsDeliveryState,
    TradeEvent,
};

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AddressChangeResult, AddressChanged, ApiResult, AuthCancelled, Event, MessageId, OrderConsistency, SmsDelivery,
        SmsDeliveryState, TmcMessage, TmcMessagesConfirm, TmcMessagesConfirmResponse, TmcMessagesConsume,
        TmcMessagesConsumeResponse, TmcUserPermit, TmcUserPermitResponse, TradeEvent,
    };
}

/// Takes messages from the application's queue: `taobao.tmc.messages.consume`.
///
/// A message that is not confirmed is delivered again, so a lost response loses nothing: idempotent, free, but an empty
/// queue costs a call of the application's quota too. Messages may come twice, late and out of order. They are kept for
/// 24 hours at most (by one reading of the documents): after an outage read the changed orders with
/// [`TradesSoldIncrementGet`](super::TradesSoldIncrementGet). When an unconfirmed message comes again is not documented.
///
/// [`Client::messages`](super::Client::messages) takes and confirms messages until it is stopped.
///
/// All programs that take messages share one queue, and so do all shops: no session is sent.
///
/// # Errors
/// Naming a group is an error if the application has none; the code is not documented. Refused before sending: a
/// `quantity` outside 10 to 200.
///
/// Source: TOP API page apiId 21986 and its metadata. Its table of errors is not known: codes are classified by their
/// prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use privacy_number::emulator::Emulator;
/// use privacy_number::top::{Event, TmcMessagesConfirm, TmcMessagesConsume, TmcUserPermit};
///
/// let emulator = Emulator::builder().orders([("3001", "oaid-a")]).start().await?;
/// emulator.shop()?.send(&TmcUserPermit::all_topics()).await?;
/// emulator.gateways().change_address("3001");
///
/// let top = emulator.top()?;
/// let messages = top.send(&TmcMessagesConsume::default()).await?.messages;
/// let Event::AddressChanged(changed) = messages[0].event() else { return Err("another message".into()) };
/// assert_eq!(changed.tid.as_str(), "3001");
/// top.send(&TmcMessagesConfirm::new([messages[0].id])).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "消息服务")]
#[doc(alias = "TMC")]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[non_exhaustive]
pub struct TmcMessagesConsume {
    /// The message group of the application; the default group if absent.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// The most messages to take, 10 to 200; default 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
}

impl Operation for TmcMessagesConsume {
    type Gateway = Top;
    type Output = TmcMessagesConsumeResponse;
    const NAME: &'static str = "taobao.tmc.messages.consume";
    const SAFETY: Safety = Safety::Idempotent;
    const SESSION: SessionUse = SessionUse::Never;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        if self.quantity.is_some_and(|quantity| !(10..=200).contains(&quantity)) {
            return Err(InvalidRequest::new("quantity", "must be 10 to 200"));
        }
        Ok(())
    }
}

/// The id of a message, of 64 bits. It exceeds 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(u64);

impl MessageId {
    /// The id as a number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for MessageId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for MessageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    /// Reads a number or a text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar::number(deserializer).map(Self)
    }
}

/// Messages of all shops of the application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TmcMessagesConsumeResponse {
    /// The messages; none if the queue is empty.
    #[serde(default, deserialize_with = "lenient::list")]
    pub messages: Vec<TmcMessage>,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// A message. Confirm it after the work, whatever its topic is: TOP delivers it again otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TmcMessage {
    /// The id of the message, for [`TmcMessagesConfirm`] and to recognise a second delivery.
    pub id: MessageId,
    /// The topic, `taobao_trade_TradeLogisticsAddressChanged`.
    #[serde(default, deserialize_with = "lenient::or_empty")]
    pub topic: String,
    /// The content, mostly a JSON text. [`event`](Self::event) reads it.
    #[serde(default, deserialize_with = "lenient::or_empty")]
    pub content: Private,
    /// The id of the seller.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub user_id: Option<u64>,
    /// The account of the seller.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub user_nick: Option<Private>,
    /// When the message was published. It may arrive much later.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub pub_time: Option<DateTime<FixedOffset>>,
    /// The app key of the publisher.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub pub_app_key: Option<String>,
}

impl TmcMessage {
    /// The content as an event. Never fails: what cannot be read is kept as it is.
    #[must_use]
    pub fn event(&self) -> Event {
        Event::parse(&self.topic, self.content.expose())
    }
}

impl ListItem for TmcMessage {
    const WRAPPER: &'static str = "tmc_message";
}

/// Confirms messages, so that they are not delivered again: `taobao.tmc.messages.confirm`.
///
/// Idempotent (inferred): a lost confirmation only means a second delivery. No session is sent. What one unknown id does
/// to the others is not documented.
///
/// # Errors
/// `is_success: false` is an error without a code: confirm again later. Refused before sending: no id or more than 200;
/// [`batches`](Self::batches) makes calls of 200.
///
/// Source: the metadata of TOP's API 21985. Its table of errors is not known: codes are classified by their prefix.
#[doc(alias = "确认消息")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TmcMessagesConfirm {
    /// The message group that the messages came from; the default group if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// 1 to 200 ids of messages that are done.
    #[serde(serialize_with = "comma_separated")]
    pub s_message_ids: Vec<MessageId>,
}

impl TmcMessagesConfirm {
    /// The maximum number of ids of one call.
    pub const MAX_IDS: usize = 200;

    /// A call for messages of the default group.
    pub fn new(ids: impl IntoIterator<Item = MessageId>) -> Self {
        Self { group_name: None, s_message_ids: ids.into_iter().collect() }
    }

    /// As many calls as these messages of the default group need: at most 200 ids each.
    pub fn batches(ids: impl IntoIterator<Item = MessageId>) -> Vec<Self> {
        let ids: Vec<_> = ids.into_iter().collect();
        ids.chunks(Self::MAX_IDS).map(|ids| Self::new(ids.iter().copied())).collect()
    }

    /// The same messages, of another group.
    #[must_use]
    pub fn group_name(self, group_name: impl Into<String>) -> Self {
        Self { group_name: Some(group_name.into()), ..self }
    }
}

impl Operation for TmcMessagesConfirm {
    type Gateway = Top;
    type Output = TmcMessagesConfirmResponse;
    const NAME: &'static str = "taobao.tmc.messages.confirm";
    const SAFETY: Safety = Safety::Idempotent;
    const SESSION: SessionUse = SessionUse::Never;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        if !(1..=Self::MAX_IDS).contains(&self.s_message_ids.len()) {
            return Err(InvalidRequest::new("s_message_ids", "must hold 1 to 200 ids"));
        }
        Ok(())
    }
}

/// Confirms that messages are confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TmcMessagesConfirmResponse {
    /// Always `true`: a failure is an [`Error`](crate::Error).
    #[serde(deserialize_with = "lenient::boolean")]
    pub is_success: bool,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// Switches messages on for one shop, and sets their topics: `taobao.tmc.user.permit`.
///
/// Without this call no message of the shop arrives. It REPLACES the shop's topics: a call with one topic switches all
/// others off. Idempotent; needs the shop's session. Whether a new authorisation of the shop keeps the topics is not
/// documented.
///
/// # Errors
/// `is_success: false` is an error without a code. A topic that the application has not subscribed to is an error; its
/// code is not documented. Refused before sending: an empty list of topics, which TOP would take as all, or more than
/// 100.
///
/// Source: the metadata of TOP's API 21990. Its table of errors is not known: codes are classified by their prefix.
#[doc(alias = "开通消息服务")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TmcUserPermit {
    /// The shop's topics from now on; all that the application has subscribed to if absent.
    #[serde(serialize_with = "topics", skip_serializing_if = "Option::is_none")]
    pub topics: Option<Vec<String>>,
}

impl TmcUserPermit {
    /// The maximum number of topics of one call.
    pub const MAX_TOPICS: usize = 100;

    /// All topics that the application has subscribed to, as the page of the API advises.
    #[must_use]
    pub fn all_topics() -> Self {
        Self { topics: None }
    }

    /// These topics and no others.
    pub fn only(topics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { topics: Some(topics.into_iter().map(Into::into).collect()) }
    }
}

fn topics<S: Serializer>(topics: &Option<Vec<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    match topics {
        Some(topics) => comma_separated(topics, serializer),
        None => serializer.serialize_none(),
    }
}

impl Operation for TmcUserPermit {
    type Gateway = Top;
    type Output = TmcUserPermitResponse;
    const NAME: &'static str = "taobao.tmc.user.permit";
    const SAFETY: Safety = Safety::Idempotent;
    const SESSION: SessionUse = SessionUse::Required;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let Some(topics) = &self.topics else { return Ok(()) };
        if !(1..=Self::MAX_TOPICS).contains(&topics.len()) {
            return Err(InvalidRequest::new("topics", "must hold 1 to 100 topics, or be absent for all"));
        }
        let is_bad = |topic: &String| topic.trim().is_empty() || topic.contains(',');
        match topics.iter().position(is_bad) {
            Some(index) => Err(InvalidRequest::new(format!("topics[{index}]"), "must be the name of one topic")),
            None => Ok(()),
        }
    }
}

/// Confirms that the shop's topics are set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TmcUserPermitResponse {
    /// Always `true`: a failure is an [`Error`](crate::Error).
    #[serde(deserialize_with = "lenient::boolean")]
    pub is_success: bool,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}
