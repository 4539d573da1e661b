//! An order as TOP returns it, as far as a user of OAIDs needs it.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use crate::answer::lenient::{self, ListItem};
use crate::number::VirtualNumber;
use crate::redact::Private;
use crate::top::order_id::OrderId;
use crate::wire_enum::wire_enum;

/// An order. All fields may be absent: only those that the request names are returned.
///
/// TOP masks or encrypts the receiver: show these texts, never dial or print them. Decrypt the OAID instead.
#[doc(alias = "订单")]
#[doc(alias = "交易")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Trade {
    /// The order number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub tid: Option<OrderId>,
    /// The order number again, as text.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub tid_str: Option<OrderId>,
    /// The state of the order.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub status: Option<TradeStatus>,
    /// When the order was created.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub created: Option<DateTime<FixedOffset>>,
    /// When the order was last changed; a change of the address counts.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub modified: Option<DateTime<FixedOffset>>,
    /// When the order was paid.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub pay_time: Option<DateTime<FixedOffset>>,
    /// When the order was completed or closed. A virtual number stays valid for 7 days after completion.
    #[serde(default, deserialize_with = "lenient::optional_china_time")]
    pub end_time: Option<DateTime<FixedOffset>>,
    /// The shop's account.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub seller_nick: Option<Private>,
    /// The buyer's id, stable for this application.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub buyer_open_uid: Option<Private>,
    /// The current OAID, at most 128 characters; `None` if the order has no complete receiver.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oaid: Option<Private>,
    /// The receiver's name, masked or encrypted.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_name: Option<Private>,
    /// The receiver's mobile number, masked or encrypted.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_mobile: Option<Private>,
    /// The receiver's landline, masked or encrypted. An order without one still has an OAID.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_phone: Option<Private>,
    /// Street and house, masked or encrypted.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_address: Option<Private>,
    /// Country.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_country: Option<Private>,
    /// Province.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_state: Option<Private>,
    /// City; absent where a province runs the district directly.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_city: Option<Private>,
    /// District or county.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_district: Option<Private>,
    /// Town or street district.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receiver_town: Option<Private>,
    /// `1` if the delivery address was changed; only in the answer for one order.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub lm: Option<String>,
    /// Whether it is a periodic purchase: then each instalment has its own receiver and OAID.
    #[serde(default, deserialize_with = "lenient::optional_boolean")]
    pub is_cycle_buy: Option<bool>,
    /// The instalments of a periodic purchase; only in the answer for one order.
    #[serde(default, deserialize_with = "lenient::list")]
    pub delivery_plan: Vec<DeliveryPlan>,
    /// The parts of the order; only in the answer for one order.
    #[serde(default, deserialize_with = "lenient::list")]
    pub orders: Vec<TradeOrder>,
}

impl Trade {
    /// The order number: `tid_str`, or `tid` if that is absent.
    #[must_use]
    pub fn order_id(&self) -> Option<&OrderId> {
        self.tid_str.as_ref().or(self.tid.as_ref())
    }

    /// Whether the buyer changed the address, before or after payment. Only an answer for one order can tell.
    #[must_use]
    pub fn address_was_changed(&self) -> bool {
        self.lm.as_deref() == Some("1") || self.orders.iter().any(|order| order.modify_address.is_some())
    }
}

impl ListItem for Trade {
    const WRAPPER: &'static str = "trade";
}

wire_enum! {
    /// The state of an order or of a part of it.
    #[doc(alias = "交易状态")]
    TradeStatus {
        /// `TRADE_NO_CREATE_PAY`: no payment was created.
        NoCreatePay = "TRADE_NO_CREATE_PAY",
        /// `WAIT_BUYER_PAY`: waits for the payment.
        WaitBuyerPay = "WAIT_BUYER_PAY",
        /// `PAY_PENDING`: the payment is being confirmed.
        PayPending = "PAY_PENDING",
        /// `WAIT_PRE_AUTH_CONFIRM`: a credit order that is being confirmed.
        WaitPreAuthConfirm = "WAIT_PRE_AUTH_CONFIRM",
        /// `PAID_FORBID_CONSIGN`: paid, but may not be shipped.
        PaidForbidConsign = "PAID_FORBID_CONSIGN",
        /// `WAIT_SELLER_SEND_GOODS`: paid, waits for shipping.
        WaitSellerSendGoods = "WAIT_SELLER_SEND_GOODS",
        /// `SELLER_CONSIGNED_PART`: shipped in part.
        SellerConsignedPart = "SELLER_CONSIGNED_PART",
        /// `WAIT_BUYER_CONFIRM_GOODS`: shipped, waits for the buyer's confirmation.
        WaitBuyerConfirmGoods = "WAIT_BUYER_CONFIRM_GOODS",
        /// `TRADE_BUYER_SIGNED`: the buyer signed for the parcel.
        BuyerSigned = "TRADE_BUYER_SIGNED",
        /// `TRADE_FINISHED`: completed. A virtual number ends 7 days later.
        Finished = "TRADE_FINISHED",
        /// `TRADE_CLOSED`: closed after payment, by a refund.
        Closed = "TRADE_CLOSED",
        /// `TRADE_CLOSED_BY_TAOBAO`: closed before payment. Never ship it.
        ClosedByTaobao = "TRADE_CLOSED_BY_TAOBAO",
    }
}

wire_enum! {
    /// When the buyer changed the address of a part of an order.
    AddressChange {
        /// `1`: after the payment.
        AfterPayment = "1",
        /// `2`: before the payment.
        BeforePayment = "2",
    }
}

/// A part of an order, such as one of its articles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TradeOrder {
    /// The number of the part.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oid: Option<OrderId>,
    /// The number of the part again, as text.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub oid_str: Option<OrderId>,
    /// Its state. A part may be closed alone: never ship one in [`TradeStatus::ClosedByTaobao`].
    #[serde(default, deserialize_with = "lenient::optional")]
    pub status: Option<TradeStatus>,
    /// Present if the buyer changed the address.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub modify_address: Option<AddressChange>,
    /// When the address was changed. Its format is not documented.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub ti_modify_address_time: Option<String>,
}

impl ListItem for TradeOrder {
    const WRAPPER: &'static str = "order";
}

/// Builds [`DeliveryPlan`] from a struct that also reads the second name of some members.
macro_rules! delivery_plan {
    ($($field:ident: $type:ty, $read:literal $(, $second:ident)?;)*) => {
        #[derive(Deserialize)]
        struct LooseDeliveryPlan {
            $(
                #[serde(default, deserialize_with = $read)]
                $field: Option<$type>,
                $(#[serde(default, deserialize_with = $read)]
                $second: Option<$type>,)?
            )*
        }

        impl From<LooseDeliveryPlan> for DeliveryPlan {
            fn from(loose: LooseDeliveryPlan) -> Self {
                Self { $($field: loose.$field $(.or(loose.$second))?,)* }
            }
        }
    };
}

delivery_plan! {
    plan_id: OrderId, "lenient::optional";
    order_id: OrderId, "lenient::optional";
    curr_phase: u64, "lenient::optional_number";
    oaid: Private, "lenient::optional", aid;
    privacy_num: VirtualNumber, "lenient::optional";
    privacy_expire_time: DateTime<FixedOffset>, "lenient::optional_china_time";
    receiver_name: Private, "lenient::optional", name;
    receiver_mobile: Private, "lenient::optional", mobile;
    receiver_phone: Private, "lenient::optional", phone;
    receiver_address: Private, "lenient::optional", address;
    receiver_country: Private, "lenient::optional", country;
    receiver_state: Private, "lenient::optional", province;
    receiver_city: Private, "lenient::optional", city;
    receiver_district: Private, "lenient::optional", area;
    receiver_town: Private, "lenient::optional", town;
}

/// An instalment of a periodic purchase, with its own receiver, OAID and virtual number.
///
/// An official SDK has a second name for some members (`aid`, `name`, `province` and others); both are read.
#[doc(alias = "周期购")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "LooseDeliveryPlan")]
#[non_exhaustive]
pub struct DeliveryPlan {
    /// The number of the plan.
    pub plan_id: Option<OrderId>,
    /// The order of this instalment.
    pub order_id: Option<OrderId>,
    /// Which instalment it is.
    pub curr_phase: Option<u64>,
    /// The OAID of its receiver.
    pub oaid: Option<Private>,
    /// Its virtual number.
    pub privacy_num: Option<VirtualNumber>,
    /// When the virtual number ends.
    pub privacy_expire_time: Option<DateTime<FixedOffset>>,
    /// The receiver's name, masked or encrypted.
    pub receiver_name: Option<Private>,
    /// The receiver's mobile number, masked or encrypted.
    pub receiver_mobile: Option<Private>,
    /// The receiver's landline, masked or encrypted.
    pub receiver_phone: Option<Private>,
    /// Street and house, masked or encrypted.
    pub receiver_address: Option<Private>,
    /// Country.
    pub receiver_country: Option<Private>,
    /// Province.
    pub receiver_state: Option<Private>,
    /// City.
    pub receiver_city: Option<Private>,
    /// District or county.
    pub receiver_district: Option<Private>,
    /// Town or street district.
    pub receiver_town: Option<Private>,
}

impl ListItem for DeliveryPlan {
    const WRAPPER: &'static str = "delivery_plan";
}
