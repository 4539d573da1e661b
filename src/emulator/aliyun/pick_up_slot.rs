//! When couriers come: `CreatePickUpWaybillPreQuery`, and the windows of time that can be ordered.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::json_parameter::{check_texts, required_object};
use super::waybill::{NO_ERROR, refused_in_data};
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;

pub(super) const ACTIONS: &[Action] =
    &[Action::new("CreatePickUpWaybillPreQuery", pre_query).post_only().without_code()];

/// A courier with this code takes no appointments.
const COURIER_WITHOUT_APPOINTMENTS: &str = "NO_APPOINTMENTS";
const DAYS: u64 = 3;
/// The hours at which windows begin, on every day.
const WINDOWS: [u32; 6] = [8, 10, 12, 14, 16, 18];
const WINDOW_LENGTH: TimeDelta = TimeDelta::hours(2);
/// The window of tomorrow that is always sold out.
const SOLD_OUT_HOUR: u32 = 10;
/// When couriers set out at once, as the hours of the day.
const REAL_TIME_HOURS: std::ops::Range<u32> = 8..20;

/// A window of time in China.
struct Slot {
    start: NaiveDateTime,
    end: NaiveDateTime,
    /// Why it cannot be ordered; empty if it can.
    disable_tip: &'static str,
}

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
        if let Refusal::InData { data, .. } = &mut refusal {
            data.extend(members([("Code", Value::from("1")), ("Message", Value::from("Failed"))]));
        }
        return Err(refusal);
    };

    let takes_appointments = call.optional("CpCode") != Some(COURIER_WITHOUT_APPOINTMENTS);
    let days = if takes_appointments { days(call.now) } else { Vec::new() };
    let mut courier = members([
        ("RealTime", real_time(call.now)),
        ("AppointTimes", days.into_iter().map(|(date, slots)| day(date, &slots)).collect()),
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

/// Whether a courier can be ordered for exactly this window.
pub(super) fn can_be_ordered(start: &str, end: &str, courier: &str, now: DateTime<Utc>) -> bool {
    let text = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M:%S").to_string();
    let is_open = |slot: &Slot| slot.disable_tip.is_empty() && text(slot.start) == start && text(slot.end) == end;
    courier != COURIER_WITHOUT_APPOINTMENTS && days(now).iter().any(|(_, slots)| slots.iter().any(is_open))
}

/// Today's windows and those of the next days.
fn days(now: DateTime<Utc>) -> Vec<(NaiveDate, Vec<Slot>)> {
    let now = china_time::local(now);
    let dates = (0..DAYS).filter_map(|days| now.date().checked_add_days(Days::new(days)));
    let slots = |date: NaiveDate| WINDOWS.iter().filter_map(move |hour| slot(date, *hour, now)).collect();
    dates.map(|date| (date, slots(date))).collect()
}

fn slot(date: NaiveDate, hour: u32, now: NaiveDateTime) -> Option<Slot> {
    let start = date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
    let is_tomorrow = now.date().succ_opt() == Some(date);
    let disable_tip = if start <= now {
        "已过预约时间"
    } else if is_tomorrow && hour == SOLD_OUT_HOUR {
        "约满"
    } else {
        ""
    };
    Some(Slot { start, end: start.checked_add_signed(WINDOW_LENGTH)?, disable_tip })
}

fn day(date: NaiveDate, slots: &[Slot]) -> Value {
    let windows = slots.iter().map(|slot| {
        Value::Object(members([
            ("StartTime", Value::from(slot.start.format("%H:%M:%S").to_string())),
            ("EndTime", Value::from(slot.end.format("%H:%M:%S").to_string())),
            ("Selectable", Value::from(slot.disable_tip.is_empty())),
            ("SelectDisableTip", Value::from(slot.disable_tip)),
        ]))
    });
    Value::Object(members([
        ("Date", Value::from(date.format("%Y-%m-%d").to_string())),
        ("DateSelectable", Value::from(slots.iter().any(|slot| slot.disable_tip.is_empty()))),
        ("TimeList", windows.collect()),
    ]))
}

fn real_time(now: DateTime<Utc>) -> Value {
    let selectable = REAL_TIME_HOURS.contains(&chrono::Timelike::hour(&china_time::local(now)));
    Value::Object(members([
        ("Name", Value::from("2小时上门")),
        ("Selectable", Value::from(selectable)),
        ("SelectDisableTip", Value::from(if selectable { "" } else { "超过实时单下单时间范围" })),
    ]))
}

/// 12.50 for up to two kilograms, 2.00 for each further one begun.
fn price(grams: u32) -> String {
    let further = grams.saturating_sub(2000).div_ceil(1000);
    let yuan = further.saturating_mul(2).saturating_add(12);
    format!("{yuan}.50")
}
