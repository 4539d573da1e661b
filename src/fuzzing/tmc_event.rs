use crate::top::Event;

/// The topics that this crate reads, one that it does not read, and a bare name.
const TOPICS: [&str; 11] = [
    "taobao_trade_TradeLogisticsAddressChanged",
    "taobao_modifyaddress_ResultNotify",
    "taobao_modifyorder_ConsistencyResult",
    "taobao_trade_TradeBuyerPay",
    "taobao_trade_TradeChanged",
    "taobao_trade_TradeSuccess",
    "taobao_trade_TradeClose",
    "taobao_top_AuthCancel",
    "alibaba_aliqin_TaFcSmsDR",
    "taobao_item_ItemStockChanged",
    "TradeChanged",
];

/// Reads any text as the content of a message of every topic, and as a topic.
pub fn tmc_event(text: &str) {
    for topic in TOPICS.into_iter().chain([text]) {
        match Event::parse(topic, text) {
            Event::Unknown { topic: kept, raw } | Event::Unreadable { topic: kept, raw } => {
                assert_eq!((kept.as_str(), raw.expose()), (topic.trim(), text), "what is not read is kept");
            }
            event => {
                assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(), "{event:?} is read from JSON")
            }
        }
    }
}
