//! The time slots at which a courier can pick up a parcel.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use serde_json::Value;

use crate::emulator::answer::members;
use crate::emulator::china_time;

/// The code of a courier without appointments.
const COURIER_WITHOUT_APPOINTMENTS: &str = "NO_APPOINTMENTS";
const DAYS: u64 = 3;
/// The hours at which the slots of every day start.
const START_HOURS: [u32; 6] = [8, 10, 12, 14, 16, 18];
const SLOT_LENGTH: TimeDelta = TimeDelta::hours(2);
/// The slot of tomorrow that is always sold out.
const SOLD_OUT_HOUR: u32 = 10;
/// The hours of the day in which couriers set out at once.
const REAL_TIME_HOURS: Range<u32> = 8..20;

/// A time slot, in China time.
struct Slot {
    start: NaiveDateTime,
    end: NaiveDateTime,
    /// The reason why it cannot be ordered; empty if it can.
    disable_tip: &'static str,
}

/// Whether this courier can be ordered for exactly this slot.
pub(super) fn can_be_ordered(start: &str, end: &str, courier: &str, now: DateTime<Utc>) -> bool {
    let text = china_time::format_local;
    let is_open = |slot: &Slot| slot.disable_tip.is_empty() && text(slot.start) == start && text(slot.end) == end;
    takes_appointments(Some(courier)) && days(now).iter().any(|(_, slots)| slots.iter().any(is_open))
}

/// The slots of a courier as the pre-query shows them, day by day.
pub(super) fn appointments(courier: Option<&str>, now: DateTime<Utc>) -> Value {
    let days = if takes_appointments(courier) { days(now) } else { Vec::new() };
    days.into_iter().map(|(date, slots)| day_to_json(date, &slots)).collect()
}

/// Whether a courier can set out at once, as the pre-query shows it.
pub(super) fn real_time(now: DateTime<Utc>) -> Value {
    let selectable = REAL_TIME_HOURS.contains(&china_time::local(now).hour());
    Value::Object(members([
        ("Name", Value::from("2小时上门")),
        ("Selectable", Value::from(selectable)),
        ("SelectDisableTip", Value::from(if selectable { "" } else { "超过实时单下单时间范围" })),
    ]))
}

fn takes_appointments(courier: Option<&str>) -> bool {
    courier != Some(COURIER_WITHOUT_APPOINTMENTS)
}

/// The slots of today and of the next days.
fn days(now: DateTime<Utc>) -> Vec<(NaiveDate, Vec<Slot>)> {
    let now = china_time::local(now);
    let dates = (0..DAYS).filter_map(|days| now.date().checked_add_days(Days::new(days)));
    let slots = |date: NaiveDate| START_HOURS.iter().filter_map(move |hour| slot(date, *hour, now)).collect();
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
    Some(Slot { start, end: start.checked_add_signed(SLOT_LENGTH)?, disable_tip })
}

fn day_to_json(date: NaiveDate, slots: &[Slot]) -> Value {
    let slots_json = slots.iter().map(|slot| {
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
        ("TimeList", slots_json.collect()),
    ]))
}
