//! The message service: which topics the shops have permitted, and the messages that are not confirmed.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kept::{KEPT_LONG, push_bounded};
use super::shop::ShopId;

/// The id of the first message. Ids exceed 2^53.
const FIRST_ID: u64 = 7_104_300_007_405_429_232;
/// The time until a message that was taken and not confirmed can be taken again. A developer's note says about five
/// minutes; no document states it.
const REDELIVERY: TimeDelta = TimeDelta::minutes(5);
/// How long a message is kept.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// One queue for all shops.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct TmcMessages {
    /// The topics of each shop that has permitted any.
    permits: Vec<(ShopId, Permit)>,
    messages: VecDeque<TmcMessage>,
    published: u64,
}

/// The topics that a shop has permitted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Permit {
    /// All that the application has subscribed to.
    All,
    Topics(Vec<String>),
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TmcMessage {
    pub(crate) id: u64,
    pub(crate) shop: ShopId,
    pub(crate) topic: String,
    /// A JSON text.
    pub(crate) content: String,
    pub(crate) published: DateTime<Utc>,
    /// Until when it is not delivered again.
    pub(crate) hidden_until: Option<DateTime<Utc>>,
}

impl TmcMessages {
    /// Replaces the topics of a shop.
    pub(crate) fn permit(&mut self, shop: ShopId, permit: Permit) {
        self.permits.retain(|(known, _)| *known != shop);
        self.permits.push((shop, permit));
    }

    pub(crate) fn is_permitted(&self, shop: ShopId, topic: &str) -> bool {
        self.permits.iter().any(|(known, permit)| {
            *known == shop
                && match permit {
                    Permit::All => true,
                    Permit::Topics(topics) => topics.iter().any(|permitted| permitted == topic),
                }
        })
    }

    /// Adds a message. The caller has checked that the shop permits it.
    pub(crate) fn publish(&mut self, shop: ShopId, topic: &str, content: String, now: DateTime<Utc>) {
        let id = FIRST_ID.saturating_add(self.published);
        self.published = self.published.saturating_add(1);
        let topic = topic.to_owned();
        let message = TmcMessage { id, shop, topic, content, published: now, hidden_until: None };
        push_bounded(&mut self.messages, message, KEPT_LONG);
    }

    /// Takes messages and hides them for a while, oldest first.
    pub(crate) fn take(&mut self, quantity: usize, now: DateTime<Utc>) -> Vec<TmcMessage> {
        self.messages.retain(|message| now.signed_duration_since(message.published) < LIFETIME);
        let is_visible = |message: &&mut TmcMessage| message.hidden_until.is_none_or(|until| until <= now);
        let visible = self.messages.iter_mut().filter(is_visible).take(quantity);
        visible
            .map(|message| {
                message.hidden_until = now.checked_add_signed(REDELIVERY);
                message.clone()
            })
            .collect()
    }

    /// Removes messages. Unknown ids are ignored.
    pub(crate) fn confirm(&mut self, ids: &[u64]) {
        self.messages.retain(|message| !ids.contains(&message.id));
    }

    /// The messages that are not confirmed, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &TmcMessage> {
        self.messages.iter()
    }
}

/// The content of a message about an order.
pub(super) fn order_content(topic: &str, tid: &str, status: &str, seller: &str) -> String {
    let tid = order_number(tid);
    let content = if topic.ends_with("TradeLogisticsAddressChanged") {
        json!({"tid": tid, "buyer_nick": "t**", "buyer_open_uid": "AAHk5d-EAAeGwJedwSFu0XXX"})
    } else {
        let mut content = json!({
            "tid": tid,
            "oid": tid,
            "seller_nick": seller,
            "buyer_nick": "t**",
            "buyer_open_uid": "AAHk5d-EAAeGwJedwSFu0XXX",
            "payment": "200.07",
            "status": status,
            "type": "guarantee_trade",
        });
        let more = if topic.ends_with("TradeBuyerPay") {
            Some(("fenxiao_id", 0_u64))
        } else if topic.ends_with("TradeClose") {
            Some(("num_iid", 15_380_658_823))
        } else {
            None
        };
        if let (Some((name, value)), Some(members)) = (more, content.as_object_mut()) {
            members.insert(name.to_owned(), Value::from(value));
        }
        content
    };
    content.to_string()
}

/// A tid as a JSON number, if it is one.
pub(crate) fn order_number(tid: &str) -> Value {
    match tid.parse::<u64>() {
        Ok(number) if number.to_string() == tid => Value::from(number),
        _ => Value::from(tid),
    }
}
