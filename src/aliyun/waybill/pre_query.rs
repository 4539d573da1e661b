//! Queries pick-up slots and a price.

use bon::Builder;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::address::ContactInfo;
use super::create::PickUp;
use super::response::{ResultMembers, boolean_or_false, response_without_code, text_unless_none};
use crate::aliyun::check::check_not_empty;
use crate::aliyun::product::Dyplsapi;
use crate::answer::lenient;
use crate::error::Refusal;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::china;

/// Queries the pick-up slots, and the price if the weight is given: `CreatePickUpWaybillPreQuery`.
///
/// Safe: it only queries, although its name begins with `Create`. Documented limit: 100 calls per second. Not charged.
///
/// # Errors
/// The response has no code of its own: it is a success only if `HttpStatusCode` is 200 and `Data.Success` is true. An
/// error has the code of `Data.ErrorCode` or `Data.Code`; if the response has none, the code is
/// `HttpStatusCode:500` or `Data.Success:false`. Refused before sending: an underscore in `order_channels`, a number
/// that is not a valid [`PhoneNumber`](crate::PhoneNumber).
///
/// Source: Dyplsapi reference, chapter 9.4.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{AddressInfo, ContactInfo, CreatePickUpWaybillPreQuery};
///
/// # let address = privacy_number::aliyun::Address::builder().province_name("浙江省").city_name("杭州市");
/// # let address = address.area_name("西湖区").address_detail("XX小区XX号").build();
/// # let _ = pool_key;
/// let contact = |name: &str, mobile: &str| {
///     ContactInfo::builder().name(name).mobile(mobile).address_info(AddressInfo::from(address.clone())).build()
/// };
/// let query = CreatePickUpWaybillPreQuery::builder()
///     .sender_info(contact("王XX", "15900000000"))
///     .consignee_info(contact("张XX", "15800000000"))
///     .order_channels("YUNDIANSHANG")
///     .build();
/// let offers = client.send(&query).await?.data.cp_time_select_list;
/// assert!(offers.iter().flat_map(|offer| &offer.appoint_times).any(|day| day.pick_ups().count() > 0));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "寄件下单预查询")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct CreatePickUpWaybillPreQuery {
    /// The sender.
    pub sender_info: ContactInfo,
    /// The consignee.
    pub consignee_info: ContactInfo,
    /// The courier company's code, `YTO`; if absent, the platform chooses one.
    #[doc(alias = "快递公司编码")]
    pub cp_code: Option<String>,
    /// The weight, in grams; without it the response has no price.
    pub pre_weight: Option<u32>,
    /// Your order number.
    #[doc(alias = "外部订单号")]
    pub outer_order_code: Option<String>,
    /// The channel that you agreed on with the platform, without underscore.
    #[doc(alias = "外部渠道来源")]
    pub order_channels: String,
}

impl Operation for CreatePickUpWaybillPreQuery {
    type Gateway = Dyplsapi;
    type Output = CreatePickUpWaybillPreQueryResponse;
    const NAME: &'static str = "CreatePickUpWaybillPreQuery";
    const SAFETY: Safety = Safety::Safe;
    const QPS: Option<u32> = Some(100);
    const SUCCESS_CODES: &'static [&'static str] = &[];
    const POST_ONLY: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        self.sender_info.check("sender_info")?;
        self.consignee_info.check("consignee_info")?;
        check_not_empty("order_channels", &self.order_channels)?;
        if self.order_channels.contains('_') {
            return Err(InvalidRequest::new("order_channels", "must not hold an underscore"));
        }
        Ok(())
    }

    fn refusal(answer: &CreatePickUpWaybillPreQueryResponse) -> Option<Refusal> {
        let data = &answer.data;
        let members = ResultMembers {
            http_status_code: Some(answer.http_status_code),
            success: data.success,
            codes: [data.error_code.as_ref(), data.code.as_ref().filter(|code| *code != "0")],
            messages: [data.error_msg.as_ref(), data.message.as_ref(), answer.message.as_ref()],
            request_id: answer.request_id.as_ref(),
        };
        members.refusal()
    }
}

response_without_code! {
    /// Slots and prices. This response has no code.
    CreatePickUpWaybillPreQueryResponse {
        /// The courier's answer.
        data: PickUpPreQuery,
    }
}

/// The courier's answer about a pick-up that is not ordered yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PickUpPreQuery {
    /// Always true: anything else is an [`Error`](crate::Error).
    #[serde(default, deserialize_with = "boolean_or_false")]
    pub success: bool,
    /// No code as a rule: the platform writes 无, which is read as `None`.
    #[serde(default, deserialize_with = "text_unless_none")]
    pub error_code: Option<String>,
    /// No message as a rule: the platform writes 无, which is read as `None`.
    #[serde(default, deserialize_with = "text_unless_none")]
    pub error_msg: Option<Private>,
    /// `0` as a rule.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub code: Option<String>,
    /// `Success` as a rule.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub message: Option<Private>,
    /// The offer of each courier company.
    #[serde(default, deserialize_with = "lenient::list")]
    pub cp_time_select_list: Vec<CpTimeSelect>,
}

/// The offer of a courier company.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CpTimeSelect {
    /// Pick-up at once.
    #[serde(default, deserialize_with = "lenient::optional_object")]
    pub real_time: Option<RealTime>,
    /// Pick-up by appointment, by day; empty if the company takes no appointments.
    #[serde(default, deserialize_with = "lenient::list")]
    pub appoint_times: Vec<AppointTime>,
    /// The price in CNY with two decimals (`12.50`), if the weight was given.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub pre_price: Option<String>,
}

impl lenient::ListItem for CpTimeSelect {
    const WRAPPER: &'static str = "TdTimeSelect";
}

/// Whether a courier can pick up at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RealTime {
    /// The service's name, `2小时上门`.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub name: Option<String>,
    /// Whether it can be ordered now.
    #[serde(default, deserialize_with = "boolean_or_false")]
    pub selectable: bool,
    /// The reason why not.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub select_disable_tip: Option<String>,
}

/// The slots of a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AppointTime {
    /// The day, in China; `None` if it is written in another way than `2022-04-28`.
    #[serde(default, deserialize_with = "day")]
    pub date: Option<NaiveDate>,
    /// Whether the day can be chosen.
    #[serde(default, deserialize_with = "boolean_or_false")]
    pub date_selectable: bool,
    /// The slots.
    #[serde(default, deserialize_with = "lenient::list")]
    pub time_list: Vec<AppointSlot>,
}

impl AppointTime {
    /// The slots that can be chosen, ready for [`CreatePickUpWaybill`](super::CreatePickUpWaybill).
    pub fn pick_ups(&self) -> impl Iterator<Item = PickUp> {
        let date = self.date.filter(|_| self.date_selectable);
        let slots = self.time_list.iter().filter(|slot| slot.selectable);
        slots.filter_map(move |slot| {
            let moment = |time: Option<NaiveTime>| -> Option<DateTime<FixedOffset>> {
                date?.and_time(time?).and_local_timezone(china()).single()
            };
            Some(PickUp::Appointment { start: moment(slot.start_time)?, end: moment(slot.end_time)? })
        })
    }
}

impl lenient::ListItem for AppointTime {
    const WRAPPER: &'static str = "TdAppointTimeDTO";
}

/// A slot of a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AppointSlot {
    /// When it begins, in China time; `None` if it is written in another way than `10:00:00`.
    #[serde(default, deserialize_with = "lenient::optional_time_of_day")]
    pub start_time: Option<NaiveTime>,
    /// When it ends, in China time; `None` if it is written in another way than `12:00:00`.
    #[serde(default, deserialize_with = "lenient::optional_time_of_day")]
    pub end_time: Option<NaiveTime>,
    /// Whether it can be chosen.
    #[serde(default, deserialize_with = "boolean_or_false")]
    pub selectable: bool,
    /// The reason why not.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub select_disable_tip: Option<String>,
}

impl lenient::ListItem for AppointSlot {
    const WRAPPER: &'static str = "TdAppointTimeSlotDTO";
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text: Option<String> = lenient::optional(deserializer)?;
    Ok(text.and_then(|text| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, param, read, refused_field};
    use crate::aliyun::waybill::{Address, AddressInfo};

    fn contact(mobile: &str) -> ContactInfo {
        ContactInfo::builder().name("王XX").mobile(mobile).build()
    }

    fn query(channels: &str, mobile: &str) -> CreatePickUpWaybillPreQuery {
        CreatePickUpWaybillPreQuery::builder()
            .sender_info(contact("13900000000"))
            .consignee_info(contact(mobile))
            .order_channels(channels)
            .pre_weight(2000)
            .build()
    }

    #[test]
    fn the_documented_response_is_read() {
        let data = answer_of::<CreatePickUpWaybillPreQuery>().data;
        assert_eq!((data.code.as_deref(), data.error_code.as_deref()), (Some("0"), None));
        assert_eq!(data.message.unwrap().expose(), "Success");
        let offer = &data.cp_time_select_list[0];
        assert_eq!(offer.pre_price.as_deref(), Some("12.50"));
        let real_time = offer.real_time.as_ref().unwrap();
        assert_eq!((real_time.name.as_deref(), real_time.selectable), (Some("2小时上门"), false));
        assert_eq!(real_time.select_disable_tip.as_deref(), Some("超过实时单下单时间范围"));
        let day = &offer.appoint_times[0];
        assert_eq!(day.date, NaiveDate::from_ymd_opt(2022, 4, 28));
        assert_eq!(day.time_list[0].select_disable_tip.as_deref(), Some("约满"));
        let slot = PickUp::Appointment { start: at("2022-04-28 10:00:00"), end: at("2022-04-28 12:00:00") };
        assert_eq!(day.pick_ups().collect::<Vec<_>>(), [slot]);
    }

    #[test]
    fn a_slot_or_a_day_that_cannot_be_chosen_is_no_pick_up() {
        let day = |json: &str| read::<AppointTime>(json).unwrap().pick_ups().count();
        let slots = r#"[{"StartTime":"10:00:00","EndTime":"12:00:00","Selectable":"true"},
                        {"StartTime":"12:00:00","EndTime":"14:00:00","Selectable":false},
                        {"StartTime":"soon","EndTime":"16:00:00","Selectable":true}]"#;
        assert_eq!(day(&format!(r#"{{"Date":"2022-04-28","DateSelectable":true,"TimeList":{slots}}}"#)), 1);
        assert_eq!(day(&format!(r#"{{"Date":"2022-04-28","DateSelectable":false,"TimeList":{slots}}}"#)), 0);
        assert_eq!(day(r#"{"Date":"2022-04-28","DateSelectable":true,"TimeList":""}"#), 0);
        let offer: CpTimeSelect = read(r#"{"RealTime":"","AppointTimes":""}"#).unwrap();
        assert_eq!((offer.real_time, offer.appoint_times.len()), (None, 0));
    }

    #[test]
    fn a_failure_has_the_inner_code() {
        let refused = |answer: &str| {
            let refusal = CreatePickUpWaybillPreQuery::refusal(&read(answer).unwrap());
            refusal.map(|refusal| refusal.code.as_str().to_owned())
        };
        assert_eq!(refused(r#"{"HttpStatusCode":200,"Data":{"Success":true,"Code":"0"}}"#), None);
        for (answer, code) in [
            (r#"{"HttpStatusCode":200,"Data":{"Success":false,"ErrorCode":"无","Code":"4001"}}"#, "4001"),
            (r#"{"HttpStatusCode":200,"Data":{"Success":false,"Code":"0"}}"#, "Data.Success:false"),
            (r#"{"HttpStatusCode":"403"}"#, "HttpStatusCode:403"),
        ] {
            assert_eq!(refused(answer).as_deref(), Some(code), "{answer}");
        }
    }

    #[test]
    fn contacts_are_json_texts() {
        let address = Address::builder()
            .province_name("浙江省")
            .city_name("杭州市")
            .area_name("西湖区")
            .address_detail("XX小区XX号")
            .build();
        let mut query = query("Test", "13900000001");
        query.sender_info.address_info = Some(AddressInfo { address_detail: None, ..address.into() });
        assert_eq!(
            param(&query, "SenderInfo").unwrap(),
            r#"{"Name":"王XX","Mobile":"13900000000","AddressInfo":{"ProvinceName":"浙江省","CityName":"杭州市","AreaName":"西湖区"}}"#
        );
        assert_eq!(param(&query, "ConsigneeInfo").unwrap(), r#"{"Name":"王XX","Mobile":"13900000001"}"#);
        assert_eq!(param(&query, "PreWeight").unwrap(), "2000");
    }

    #[test]
    fn a_channel_has_no_underscore_and_a_contact_a_mobile() {
        let now = Utc::now();
        assert_eq!(query("Test", "13900000001").validate(now), Ok(()));
        assert_eq!(refused_field(&query("YUN_DIAN_SHANG", "13900000001"), now), "order_channels");
        assert_eq!(refused_field(&query("Test", ""), now), "consignee_info.mobile");
    }
}
