//! The content of a message as a typed event.

use serde::de::DeserializeOwned;

use super::event_content::{
    AddressChangeResult, AddressChanged, AuthCancelled, OrderConsistency, SmsDelivery, TradeEvent,
};
use crate::redact::Private;

/// What a message of the message service says. The same for messages that are taken
/// ([`TmcMessagesConsume`](super::TmcMessagesConsume)) and messages that are pushed over a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The delivery address of an order was changed.
    AddressChanged(AddressChanged),
    /// The result of a buyer's own change of the address.
    AddressChangeResult(AddressChangeResult),
    /// The platform compared what was shipped with the changed order.
    OrderConsistency(OrderConsistency),
    /// An order was paid.
    OrderPaid(TradeEvent),
    /// Something of an order was changed; the message does not tell what.
    OrderChanged(TradeEvent),
    /// An order was completed: its virtual number ends 7 days later.
    OrderSucceeded(TradeEvent),
    /// An order was closed: it cannot be decrypted any more. Delete what was decrypted.
    OrderClosed(TradeEvent),
    /// A shop took its authorisation back.
    AuthCancelled(AuthCancelled),
    /// The delivery report of a text message.
    SmsDelivery(SmsDelivery),
    /// A topic that this crate does not read. Confirm the message nevertheless.
    Unknown {
        /// The topic.
        topic: String,
        /// The content as it came.
        raw: Private,
    },
    /// A topic that this crate reads, with a content that it cannot read. Do not confirm the message unless the
    /// content is stored: TOP delivers it again.
    Unreadable {
        /// The topic.
        topic: String,
        /// The content as it came.
        raw: Private,
    },
}

/// The longest content that is parsed. The messages of these topics have some hundred bytes.
const MAX_CONTENT: usize = 1 << 20;

impl Event {
    /// Reads the content of a message. Never fails: an unknown topic and a content that cannot be read are kept.
    ///
    /// The topic may lack its beginning, as in the sample of a page of the API: `TradeChanged` is
    /// `taobao_trade_TradeChanged`. Members that are not known are ignored.
    ///
    /// ```
    /// use privacy_number::top::Event;
    ///
    /// let text = r#"{"tid":3796207345637527441,"buyer_nick":"t**"}"#;
    /// let Event::AddressChanged(changed) = Event::parse("taobao_trade_TradeLogisticsAddressChanged", text) else {
    ///     panic!("another event");
    /// };
    /// assert_eq!(changed.tid.as_str(), "3796207345637527441");
    /// assert!(matches!(Event::parse("taobao_item_ItemStockChanged", "{}"), Event::Unknown { .. }));
    /// assert!(matches!(Event::parse("TradeChanged", "{"), Event::Unreadable { .. }));
    /// ```
    #[must_use]
    pub fn parse(topic: &str, text: &str) -> Self {
        let topic = topic.trim();
        match topic.rsplit('_').next().unwrap_or(topic) {
            _ if !is_of_known_origin(topic) => Self::unknown(topic, text),
            "TradeLogisticsAddressChanged" => Self::read(topic, text, Self::AddressChanged),
            "ResultNotify" if topic.contains("modifyaddress") => Self::read(topic, text, Self::AddressChangeResult),
            "ConsistencyResult" => Self::read(topic, text, Self::OrderConsistency),
            "TradeBuyerPay" => Self::read(topic, text, Self::OrderPaid),
            "TradeChanged" => Self::read(topic, text, Self::OrderChanged),
            "TradeSuccess" => Self::read(topic, text, Self::OrderSucceeded),
            "TradeClose" => Self::read(topic, text, Self::OrderClosed),
            "AuthCancel" => Self::read(topic, text, Self::AuthCancelled),
            "TaFcSmsDR" => Self::read(topic, text, Self::SmsDelivery),
            _ => Self::unknown(topic, text),
        }
    }

    fn unknown(topic: &str, text: &str) -> Self {
        Self::Unknown { topic: topic.to_owned(), raw: text.into() }
    }

    fn read<T: DeserializeOwned>(topic: &str, text: &str, event: fn(T) -> Self) -> Self {
        // A struct would also be read from an array, whose elements have no names.
        let is_object = text.trim_start().starts_with('{') && text.len() <= MAX_CONTENT;
        match is_object.then(|| serde_json::from_str(text)) {
            Some(Ok(content)) => event(content),
            _ => Self::Unreadable { topic: topic.to_owned(), raw: text.into() },
        }
    }
}

/// Whether a topic is one of the platform's own, or a bare name: another publisher's topic of the same name has another
/// content.
fn is_of_known_origin(topic: &str) -> bool {
    const ORIGINS: [&str; 5] =
        ["taobao_trade_", "taobao_modifyaddress_", "taobao_modifyorder_", "taobao_top_", "alibaba_aliqin_"];
    !topic.contains('_') || ORIGINS.iter().any(|origin| topic.starts_with(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_of_another_publisher_is_not_taken_for_the_platforms() {
        let content = r#"{"tid":1}"#;
        assert!(matches!(Event::parse("taobao_trade_TradeClose", content), Event::OrderClosed(_)));
        assert!(matches!(Event::parse("TradeClose", content), Event::OrderClosed(_)));
        assert!(matches!(Event::parse("taobao_fuwu_TradeClose", content), Event::Unknown { .. }));
        // Other services have a result too.
        assert!(matches!(Event::parse("ResultNotify", content), Event::Unknown { .. }));
    }

    #[test]
    fn a_content_that_lacks_what_decides_is_kept_unread() {
        for (topic, content) in [
            ("TradeLogisticsAddressChanged", "{}"),
            ("TradeLogisticsAddressChanged", r#"{"tid":""}"#),
            ("taobao_modifyaddress_ResultNotify", r#"{"biz_order_id":1}"#),
            ("taobao_modifyorder_ConsistencyResult", r#"{"biz_order_id":"1","address_same":true}"#),
            ("TradeChanged", "[1]"),
            ("TradeChanged", ""),
        ] {
            let event = Event::parse(topic, content);
            let Event::Unreadable { raw, .. } = event else { panic!("{content} was read as {event:?}") };
            assert_eq!(raw.expose(), content);
        }
    }

    #[test]
    fn a_huge_content_is_not_parsed() {
        let content = format!(r#"{{"tid":1,"x":"{}"}}"#, "x".repeat(MAX_CONTENT));
        assert!(matches!(Event::parse("TradeChanged", &content), Event::Unreadable { .. }));
    }
}
