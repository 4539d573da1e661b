//! Orders a pick-up.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::address::{Address, GoodsInfo};
use super::response::{ResultMembers, boolean_or_false, response_without_code, text_unless_none};
use crate::aliyun::check::{check_not_empty, check_optional_phone};
use crate::aliyun::product::Dyplsapi;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::china_text;

/// Orders a courier who picks up a parcel: `CreatePickUpWaybill`.
///
/// Query slots and a price with [`CreatePickUpWaybillPreQuery`](super::CreatePickUpWaybillPreQuery) first. Once: a
/// second run may place a second order; no document says that the same `outer_order_code` prevents it. Documented
/// limit: 200 calls per second (official metadata; the reference of 2022 says 100). Charged: a courier order.
///
/// # Errors
/// The response has no code of its own: it is a success only if `HttpStatusCode` is 200 and `Data.Success` is true. An
/// error has the code of `Data.ErrorCode`; if the response has none, the code is `HttpStatusCode:500` or
/// `Data.Success:false`. Refused before sending: neither mobile nor phone of the sender or of the consignee, a number
/// that is not a valid [`PhoneNumber`], an incomplete address, an appointment that does not end after its start.
///
/// Source: Dyplsapi reference, chapter 9.2.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::CreatePickUpWaybill;
///
/// # let address = privacy_number::aliyun::Address::builder().province_name("浙江省").city_name("杭州市");
/// # let address = address.area_name("西湖区").address_detail("XX小区XX号").build();
/// # let _ = pool_key;
/// let order = CreatePickUpWaybill::builder()
///     .outer_order_code("return-1")
///     .order_channels("YUNDIANSHANG")
///     .send_name("王XX")
///     .send_mobile("15900000000")
///     .send_address(address.clone())
///     .consignee_name("张XX")
///     .consignee_mobile("15800000000")
///     .consignee_address(address)
///     .build();
/// assert!(!client.send(&order).await?.data.mail_no.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "创建上门寄件订单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct CreatePickUpWaybill {
    /// Your order number.
    #[doc(alias = "外部订单号")]
    pub outer_order_code: String,
    /// The channel that you agreed on with the platform.
    #[doc(alias = "外部渠道来源")]
    pub order_channels: String,
    /// The courier company's code, `YTO`.
    #[doc(alias = "快递公司编码")]
    pub cp_code: Option<String>,
    /// The sender's name.
    pub send_name: Private,
    /// The sender's mobile number. This or `send_phone` is required.
    pub send_mobile: Option<PhoneNumber>,
    /// The sender's landline.
    pub send_phone: Option<PhoneNumber>,
    /// The sender's address.
    pub send_address: Address,
    /// The consignee's name.
    pub consignee_name: Private,
    /// The consignee's mobile number. This or `consignee_phone` is required.
    pub consignee_mobile: Option<PhoneNumber>,
    /// The consignee's landline.
    pub consignee_phone: Option<PhoneNumber>,
    /// The consignee's address.
    pub consignee_address: Address,
    /// A remark, printed on the waybill.
    pub remark: Option<Private>,
    /// The goods in the parcel.
    #[builder(default, with = |goods: impl IntoIterator<Item = GoodsInfo>| goods.into_iter().collect())]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods_infos: Vec<GoodsInfo>,
    /// When the parcel is picked up; at once by default.
    #[serde(flatten)]
    pub pick_up: Option<PickUp>,
}

/// When a parcel is picked up: `BizType` and the slot that belongs to it.
#[doc(alias = "BizType")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PickUp {
    /// `0`: at once (实时订单).
    RealTime,
    /// `1`: in a slot of the pre-query (预约订单): [`AppointTime::pick_ups`](super::AppointTime::pick_ups).
    Appointment {
        /// `AppointGotStartTime`: the start of the slot. Sent as China time.
        start: DateTime<FixedOffset>,
        /// `AppointGotEndTime`: the end of the slot. Sent as China time.
        end: DateTime<FixedOffset>,
    },
    /// A `BizType` that this crate does not know. It has no slot.
    Other(u32),
}

impl Serialize for PickUp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::RealTime => map.serialize_entry("BizType", &0)?,
            Self::Other(biz_type) => map.serialize_entry("BizType", biz_type)?,
            Self::Appointment { start, end } => {
                map.serialize_entry("AppointGotStartTime", &china_text(start))?;
                map.serialize_entry("AppointGotEndTime", &china_text(end))?;
                map.serialize_entry("BizType", &1)?;
            }
        }
        map.end()
    }
}

impl Operation for CreatePickUpWaybill {
    type Gateway = Dyplsapi;
    type Output = CreatePickUpWaybillResponse;
    const NAME: &'static str = "CreatePickUpWaybill";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(200);
    const CHARGED: bool = true;
    const SUCCESS_CODES: &'static [&'static str] = &[];
    const POST_ONLY: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("outer_order_code", &self.outer_order_code)?;
        check_not_empty("order_channels", &self.order_channels)?;
        check_not_empty("send_name", self.send_name.expose())?;
        check_optional_phone("send_mobile", self.send_mobile.as_ref())?;
        check_optional_phone("send_phone", self.send_phone.as_ref())?;
        if self.send_mobile.is_none() && self.send_phone.is_none() {
            return Err(InvalidRequest::new("send_mobile", "is required unless `send_phone` is given"));
        }
        self.send_address.check("send_address")?;
        check_not_empty("consignee_name", self.consignee_name.expose())?;
        check_optional_phone("consignee_mobile", self.consignee_mobile.as_ref())?;
        check_optional_phone("consignee_phone", self.consignee_phone.as_ref())?;
        if self.consignee_mobile.is_none() && self.consignee_phone.is_none() {
            return Err(InvalidRequest::new("consignee_mobile", "is required unless `consignee_phone` is given"));
        }
        self.consignee_address.check("consignee_address")?;
        match self.pick_up {
            Some(PickUp::Appointment { start, end }) if end <= start => {
                Err(InvalidRequest::new("pick_up.end", "must be after `pick_up.start`"))
            }
            _ => Ok(()),
        }
    }

    fn refusal(answer: &CreatePickUpWaybillResponse) -> Option<Refusal> {
        let data = &answer.data;
        let members = ResultMembers {
            http_status_code: Some(answer.http_status_code),
            success: data.success,
            codes: [data.error_code.as_ref(), None],
            messages: [data.error_msg.as_ref(), answer.message.as_ref(), None],
            request_id: answer.request_id.as_ref(),
        };
        members.refusal()
    }
}

response_without_code! {
    /// The new order. This response has no code.
    CreatePickUpWaybillResponse {
        /// The order.
        data: PickUpWaybill,
    }
}

/// A courier order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "WireWaybill")]
#[non_exhaustive]
pub struct PickUpWaybill {
    /// Always true: anything else is an [`Error`](crate::Error).
    pub success: bool,
    /// The courier company's code, `YTO`.
    pub cp_code: Option<String>,
    /// The courier's waybill number.
    #[doc(alias = "订单号")]
    pub mail_no: String,
    /// No code as a rule: the platform writes 无, which is read as `None`.
    pub error_code: Option<String>,
    /// No message as a rule: the platform writes 无, which is read as `None`.
    pub error_msg: Option<Private>,
    /// The code that the courier asks for.
    #[doc(alias = "取件码")]
    pub got_code: Option<Private>,
}

/// The wire form of an order. The required members depend on whether it was placed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireWaybill {
    #[serde(default, deserialize_with = "boolean_or_false")]
    success: bool,
    #[serde(default, deserialize_with = "lenient::optional")]
    cp_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    mail_no: Option<String>,
    #[serde(default, deserialize_with = "text_unless_none")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "text_unless_none")]
    error_msg: Option<Private>,
    #[serde(default, deserialize_with = "lenient::optional")]
    got_code: Option<Private>,
}

/// Worded like serde's own error, so that the path names the field.
#[derive(Debug, thiserror::Error)]
#[error("missing field `MailNo`")]
struct MissingMailNo;

impl TryFrom<WireWaybill> for PickUpWaybill {
    type Error = MissingMailNo;

    fn try_from(order: WireWaybill) -> Result<Self, MissingMailNo> {
        if order.success && order.mail_no.is_none() {
            return Err(MissingMailNo);
        }
        Ok(Self {
            success: order.success,
            cp_code: order.cp_code,
            mail_no: order.mail_no.unwrap_or_default(),
            error_code: order.error_code,
            error_msg: order.error_msg,
            got_code: order.got_code,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, param, read, refused_field};

    fn address(detail: &str) -> Address {
        Address::builder().province_name("陕西省").city_name("西安").area_name("未央区").address_detail(detail).build()
    }

    fn order() -> CreatePickUpWaybill {
        CreatePickUpWaybill::builder()
            .outer_order_code("1432342342660000")
            .order_channels("YUN_DIAN_SHANG")
            .send_name("王XX")
            .send_mobile("15967140000")
            .send_address(address("XX小区XX号"))
            .consignee_name("张XX")
            .consignee_phone("05700000000")
            .consignee_address(address("XX小区XX号"))
            .build()
    }

    #[test]
    fn the_documented_response_is_read() {
        let answer = answer_of::<CreatePickUpWaybill>();
        assert_eq!(answer.http_status_code, Some(200));
        let order = answer.data;
        assert_eq!((order.mail_no.as_str(), order.cp_code.as_deref()), ("77312345629****", Some("YTO")));
        assert_eq!((order.error_code, order.error_msg), (None, None));
        assert_eq!(order.got_code.unwrap().expose(), "3524");
    }

    #[test]
    fn only_a_response_that_says_so_twice_is_a_success() {
        let code = |answer: &str| CreatePickUpWaybill::refusal(&read(answer).unwrap()).map(|refusal| refusal.code);
        let refused = |answer: &str| code(answer).map(|code| code.as_str().to_owned());
        assert_eq!(refused(r#"{"HttpStatusCode":"200","Data":{"Success":true,"MailNo":1}}"#), None);
        for (answer, code) in [
            (r#"{"HttpStatusCode":200,"Data":{"Success":"false","ErrorCode":"E1"}}"#, "E1"),
            (r#"{"HttpStatusCode":200,"Data":{"Success":"false","ErrorCode":"无"}}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":200,"Data":{}}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":200}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":200,"Data":null}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":200,"Data":""}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":500,"Message":"busy"}"#, "HttpStatusCode:500"),
            (r#"{"HttpStatusCode":500,"Data":{"Success":true,"MailNo":"1"}}"#, "HttpStatusCode:500"),
            (r#"{"Data":{"Success":true,"MailNo":"1"}}"#, "Data.Success:false"),
        ] {
            assert_eq!(refused(answer).as_deref(), Some(code), "{answer}");
        }
    }

    #[test]
    fn an_order_without_a_waybill_number_is_no_response() {
        let path =
            read::<CreatePickUpWaybillResponse>(r#"{"HttpStatusCode":200,"Data":{"Success":true}}"#).unwrap_err();
        assert_eq!(path, "Data.MailNo");
    }

    #[test]
    fn both_sides_need_a_mobile_or_a_phone() {
        let now = at("2026-01-06 10:00:00");
        assert_eq!(order().validate(now.into()), Ok(()));
        assert_eq!(refused_field(&CreatePickUpWaybill { send_mobile: None, ..order() }, now), "send_mobile");
        assert_eq!(refused_field(&CreatePickUpWaybill { consignee_phone: None, ..order() }, now), "consignee_mobile");
        let hyphen = CreatePickUpWaybill { send_phone: Some("0571-8845000".into()), ..order() };
        assert_eq!(refused_field(&hyphen, now), "send_phone");
    }

    #[test]
    fn an_address_is_whole() {
        let order = CreatePickUpWaybill { consignee_address: address(""), ..order() };
        assert_eq!(refused_field(&order, at("2026-01-06 10:00:00")), "consignee_address.address_detail");
    }

    #[test]
    fn an_appointment_carries_its_slot_and_nothing_else_does() {
        let now = at("2026-01-06 10:00:00");
        let (start, end) = (at("2021-01-01 10:00:00"), at("2021-01-01 12:00:00"));
        let with = |pick_up| CreatePickUpWaybill { pick_up, ..order() };
        let appointed = with(Some(PickUp::Appointment { start, end }));
        assert_eq!(param(&appointed, "BizType").unwrap(), "1");
        assert_eq!(param(&appointed, "AppointGotStartTime").unwrap(), "2021-01-01 10:00:00");
        assert_eq!(param(&appointed, "AppointGotEndTime").unwrap(), "2021-01-01 12:00:00");
        let at_once = with(Some(PickUp::RealTime));
        assert_eq!(param(&at_once, "BizType").unwrap(), "0");
        assert_eq!(param(&at_once, "AppointGotStartTime"), None);
        assert_eq!(param(&with(Some(PickUp::Other(2))), "BizType").unwrap(), "2");
        assert_eq!(param(&with(None), "BizType"), None);
        let backwards = with(Some(PickUp::Appointment { start: end, end: start }));
        assert_eq!(refused_field(&backwards, now), "pick_up.end");
    }

    #[test]
    fn addresses_and_goods_are_json_texts() {
        let goods = vec![GoodsInfo::builder().name("鞋子").weight(1000).quantity(1).build()];
        let order = CreatePickUpWaybill { goods_infos: goods, ..order() };
        assert_eq!(param(&order, "GoodsInfos").unwrap(), r#"[{"Name":"鞋子","Weight":"1000","Quantity":"1"}]"#);
        assert_eq!(
            param(&order, "SendAddress").unwrap(),
            r#"{"ProvinceName":"陕西省","CityName":"西安","AreaName":"未央区","AddressDetail":"XX小区XX号"}"#
        );
    }
}
