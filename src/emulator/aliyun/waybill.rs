//! Pick-up orders: `CreatePickUpWaybillPreQuery`, `CreatePickUpWaybill` and `CancelPickUpWaybill`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::json_parameter::{check_texts, objects, required_object};
use super::pick_up_time;
use crate::emulator::answer::{Members, members};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("CreatePickUpWaybillPreQuery", pre_query).post_only().without_code(),
    Action::new("CreatePickUpWaybill", create).post_only().without_code(),
    Action::new("CancelPickUpWaybill", cancel).post_only(),
];

/// The value of `ErrorCode` and `ErrorMsg` in a success.
const NO_ERROR: &str = "无";
/// The courier of orders that do not name one.
const DEFAULT_COURIER: &str = "YTO";

fn pre_query(call: &mut Call<'_>) -> Result<Members, Refusal> {
    for parameter in ["SenderInfo", "ConsigneeInfo"] {
        let person = required_object(call, parameter)?;
        check_texts(&person, parameter, &["Name", "Mobile"])?;
        if !matches!(person.get("AddressInfo"), None | Some(Value::Null | Value::Object(_))) {
            return Err(Refusal::invalid(format_args!("{parameter}.AddressInfo")));
        }
    }
    let channel = call.required("OrderChannels")?;
    let price = call.optional("PreWeight").map(|grams| grams.parse().map(price)).transpose();
    let (Ok(price), false) = (price, channel.contains('_')) else {
        let mut refusal = refused_in_data("isv.ILLEGAL_ARGUMENT", "OrderChannels or PreWeight is wrong", false);
        if let Refusal::InData { data: Value::Object(data), .. } = &mut refusal {
            data.extend(members([("Code", Value::from("1")), ("Message", Value::from("Failed"))]));
        }
        return Err(refusal);
    };

    let mut courier = members([
        ("RealTime", pick_up_time::real_time(call.now)),
        ("AppointTimes", pick_up_time::appointments(call.optional("CpCode"), call.now)),
    ]);
    if let Some(price) = price {
        courier.insert("PrePrice".to_owned(), Value::from(price));
    }
    let data = members([
        ("Success", Value::from(true)),
        ("ErrorCode", Value::from(NO_ERROR)),
        ("ErrorMsg", Value::from(NO_ERROR)),
        ("Code", Value::from("0")),
        ("Message", Value::from("Success")),
        ("CpTimeSelectList", Value::Array(vec![Value::Object(courier)])),
    ]);
    Ok(members([("Data", Value::Object(data))]))
}

fn create(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let order_code = call.required("OuterOrderCode")?;
    for name in ["OrderChannels", "SendName", "ConsigneeName"] {
        call.required(name)?;
    }
    for name in ["SendAddress", "ConsigneeAddress"] {
        let address = required_object(call, name)?;
        check_texts(&address, name, &["ProvinceName", "CityName", "AreaName", "AddressDetail"])?;
    }
    if call.optional("GoodsInfos").is_some_and(|text| objects(text).is_none()) {
        return Err(Refusal::invalid("GoodsInfos"));
    }
    let biz_type = call.integer("BizType")?.unwrap_or_default();

    let courier = call.optional("CpCode").unwrap_or(DEFAULT_COURIER);
    check_conditions(call, biz_type, courier)
        .map_err(|message| refused_in_data("isv.ILLEGAL_ARGUMENT", message, "false"))?;
    let (mail_no, pick_up_code) = call.state.waybills.add(order_code);
    let data = members([
        // A text here, a boolean in the other two operations.
        ("Success", Value::from("true")),
        ("CpCode", Value::from(courier)),
        ("MailNo", Value::from(mail_no)),
        ("GotCode", Value::from(pick_up_code)),
        ("ErrorCode", Value::from(NO_ERROR)),
        ("ErrorMsg", Value::from(NO_ERROR)),
    ]);
    Ok(members([("Data", Value::Object(data))]))
}

fn cancel(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let order_code = call.required("OuterOrderCode")?;
    call.required("CancelDesc")?;
    if !call.state.waybills.cancel(order_code) {
        let mut refusal = refused_in_data("isv.ILLEGAL_ARGUMENT", "there is no such order to cancel", false);
        if let Refusal::InData { data: Value::Object(data), .. } = &mut refusal {
            data.insert("Message".to_owned(), Value::from("取消失败"));
        }
        return Err(refusal);
    }
    let data = members([
        ("Success", Value::from(true)),
        ("ErrorCode", Value::from(NO_ERROR)),
        ("Message", Value::from("取消成功")),
        ("ErrorMsg", Value::from(NO_ERROR)),
    ]);
    Ok(members([("Data", Value::Object(data)), ("Message", Value::from("请求成功"))]))
}

/// A refusal whose `Success` is inside `Data`.
fn refused_in_data(code: &'static str, message: &'static str, success: impl Into<Value>) -> Refusal {
    let data =
        members([("Success", success.into()), ("ErrorCode", Value::from(code)), ("ErrorMsg", Value::from(message))]);
    Refusal::InData { code, data: Value::Object(data) }
}

/// Checks the conditions that the schema cannot express.
fn check_conditions(call: &Call<'_>, biz_type: i64, courier: &str) -> Result<(), &'static str> {
    let are_missing = |names: [&'static str; 2]| names.into_iter().all(|name| call.optional(name).is_none());
    if are_missing(["SendMobile", "SendPhone"]) {
        return Err("SendMobile or SendPhone is required");
    }
    if are_missing(["ConsigneeMobile", "ConsigneePhone"]) {
        return Err("ConsigneeMobile or ConsigneePhone is required");
    }
    match biz_type {
        0 => Ok(()),
        1 => {
            let (Some(start), Some(end)) = (call.optional("AppointGotStartTime"), call.optional("AppointGotEndTime"))
            else {
                return Err("an appointment needs AppointGotStartTime and AppointGotEndTime");
            };
            if pick_up_time::can_be_ordered(start, end, courier, call.now) {
                Ok(())
            } else {
                Err("no courier can be ordered for this time")
            }
        }
        _ => Err("BizType is unknown"),
    }
}

/// 12.50 yuan for up to two kilograms, and 2.00 for each further kilogram that is begun.
fn price(grams: u32) -> String {
    let further = grams.saturating_sub(2000).div_ceil(1000);
    let yuan = further.saturating_mul(2).saturating_add(12);
    format!("{yuan}.50")
}
