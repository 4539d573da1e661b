//! The contents of the messages that this crate reads.

use serde::Deserialize;

use crate::answer::lenient;
use crate::redact::Private;
use crate::top::order::TradeStatus;
use crate::top::order_id::OrderId;
use crate::wire_enum::wire_enum;

/// The delivery address of an order was changed, before or after payment: `taobao_trade_TradeLogisticsAddressChanged`.
///
/// The message has no OAID. Read the order again ([`TradeFullinfoGet`](crate::top::TradeFullinfoGet)), forget the stored
/// receiver and number, decrypt the new OAID, and report the callers of a 700 number again:
/// [`Shop::refresh_order`](crate::top::Shop::refresh_order).
#[doc(alias = "修改收货地址")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AddressChanged {
    /// The order number.
    pub tid: OrderId,
    /// The buyer's account, masked.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub buyer_nick: Option<Private>,
    /// The buyer's id, stable for this application.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub buyer_open_uid: Option<Private>,
}

/// The result of a buyer's own change of the address that asked the merchant's system first:
/// `taobao_modifyaddress_ResultNotify`.
#[doc(alias = "自助改地址")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AddressChangeResult {
    /// The order number.
    pub biz_order_id: OrderId,
    /// Whether the platform changed the address. If so, do as for [`AddressChanged`]; if not, the OAID stays.
    #[serde(deserialize_with = "lenient::boolean")]
    pub result: bool,
    /// What the merchant's system answered. It does not tell whether the address was changed: `result` does.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub api_result: Option<ApiResult>,
    /// The shop's account.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub seller_nick: Option<Private>,
}

wire_enum! {
    /// What the merchant's system answered to a change of an address.
    ApiResult {
        /// `true`: it agreed.
        Agreed = "true",
        /// `false`: it refused.
        Refused = "false",
        /// `timeout`: it did not answer in time.
        TimedOut = "timeout",
    }
}

/// The platform compared what was shipped with the changed order: `taobao_modifyorder_ConsistencyResult`.
#[doc(alias = "订单一致性校验")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrderConsistency {
    /// The order number.
    pub biz_order_id: OrderId,
    /// The number of the part of the order.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sub_order_id: Option<OrderId>,
    /// The order's OAID. No other message has one.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oaid: Option<Private>,
    /// Whether the address on the parcel is that of the order. If not, the parcel goes to an old address.
    #[serde(deserialize_with = "lenient::boolean")]
    pub address_same: bool,
    /// Whether the articles are those of the order.
    #[serde(deserialize_with = "lenient::boolean")]
    pub sku_same: bool,
    /// The article.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub sku_id: Option<String>,
    /// The merchant's own number of the article.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub outer_id: Option<String>,
    /// The shop's account.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub seller_nick: Option<Private>,
}

/// An order was paid, changed, completed or closed: `taobao_trade_TradeBuyerPay`, `taobao_trade_TradeChanged`,
/// `taobao_trade_TradeSuccess`, `taobao_trade_TradeClose`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeEvent {
    /// The order number.
    pub tid: OrderId,
    /// The number of the part of the order. A part may be closed alone: read the order to learn the state of the whole.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oid: Option<OrderId>,
    /// The state after the event. Messages may come late: the order itself tells the present state.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub status: Option<TradeStatus>,
    /// The shop's account.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub seller_nick: Option<Private>,
    /// The buyer's account, masked.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub buyer_nick: Option<Private>,
    /// The buyer's id, stable for this application.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub buyer_open_uid: Option<Private>,
    /// The price, a decimal number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub payment: Option<String>,
    /// The type of the order, `guarantee_trade`.
    #[serde(default, rename = "type", deserialize_with = "lenient::optional")]
    pub trade_type: Option<String>,
}

/// A shop took its authorisation back: `taobao_top_AuthCancel`. Its session is not valid any more.
#[doc(alias = "取消授权")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AuthCancelled {
    /// The seller's id for this application.
    #[serde(deserialize_with = "lenient::required")]
    pub open_id: Private,
    /// The seller's id.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub user_id: Option<String>,
}

/// The delivery report of a text message: `alibaba_aliqin_TaFcSmsDR`.
///
/// Documented for an older method; whether the messages by OAID are reported here too is inferred.
#[doc(alias = "短信回执")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SmsDelivery {
    /// The id of the message, presumably the `module` of the sending.
    #[serde(deserialize_with = "lenient::required")]
    pub biz_id: String,
    /// Whether it was delivered.
    #[serde(deserialize_with = "lenient::required")]
    pub state: SmsDeliveryState,
    /// The carrier's code.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub err_code: Option<String>,
    /// The text of your own that the sending had.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub extend: Option<Private>,
    /// The number of the receiver, if there is one.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver: Option<Private>,
    /// When the message was sent; the format is not documented.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub send_time: Option<String>,
    /// When the carrier reported; the format is not documented.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub rept_time: Option<String>,
}

wire_enum! {
    /// Whether a text message was delivered.
    SmsDeliveryState {
        /// `1`: delivered.
        Delivered = "1",
        /// `2`: not delivered.
        Failed = "2",
    }
}
