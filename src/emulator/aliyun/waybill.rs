//! Orders of couriers: `CreatePickUpWaybill` and `CancelPickUpWaybill`.

use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::json_parameter::{check_texts, objects, required_object};
use super::pick_up_slot;
use crate::emulator::answer::{Members, members};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("CreatePickUpWaybill", create).post_only().without_code(),
    Action::new("CancelPickUpWaybill", cancel).post_only(),
];

/// What `ErrorCode` and `ErrorMsg` say where nothing is wrong.
pub(super) const NO_ERROR: &str = "无";
/// The courier of orders that name none.
const USUAL_COURIER: &str = "YTO";

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

    let courier = call.optional("CpCode").unwrap_or(USUAL_COURIER);
    check_conditions(call, biz_type, courier)
        .map_err(|message| refused_in_data("isv.ILLEGAL_ARGUMENT", message, "false"))?;
    let (mail_no, pick_up_code) = call.state.waybills.place(order_code);
    let data = members([
        // Text here, a truth value in the other two operations.
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
        if let Refusal::InData { data, .. } = &mut refusal {
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

/// A refusal where success is told inside `Data`.
pub(super) fn refused_in_data(code: &'static str, message: &'static str, success: impl Into<Value>) -> Refusal {
    let data =
        members([("Success", success.into()), ("ErrorCode", Value::from(code)), ("ErrorMsg", Value::from(message))]);
    Refusal::InData { code, data }
}

/// What the schema cannot ask for.
fn check_conditions(call: &Call<'_>, biz_type: i64, courier: &str) -> Result<(), &'static str> {
    let has_none = |names: [&'static str; 2]| names.into_iter().all(|name| call.optional(name).is_none());
    if has_none(["SendMobile", "SendPhone"]) {
        return Err("SendMobile or SendPhone must be there");
    }
    if has_none(["ConsigneeMobile", "ConsigneePhone"]) {
        return Err("ConsigneeMobile or ConsigneePhone must be there");
    }
    match biz_type {
        0 => Ok(()),
        1 => {
            let (Some(start), Some(end)) = (call.optional("AppointGotStartTime"), call.optional("AppointGotEndTime"))
            else {
                return Err("an appointment needs AppointGotStartTime and AppointGotEndTime");
            };
            if pick_up_slot::can_be_ordered(start, end, courier, call.now) {
                Ok(())
            } else {
                Err("no courier can be ordered for this time")
            }
        }
        _ => Err("BizType is unknown"),
    }
}
