//! The list of work numbers and the recordings of their calls: `ListXTelephones` and `QuerySoundRecord`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::checks::{answer, check_pool, req_id};
use crate::emulator::aliyun::call::{Call, Refusal};
use crate::emulator::aliyun::{recording, recording_file};
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::generated::digits;
use crate::emulator::store::call_record::Content;
use crate::emulator::store::work_number::WorkNumber;

const DEFAULT_PAGE_SIZE: usize = 10;
/// The documents name no maximum.
const LARGEST_PAGE: usize = 100;
const URL_LIFETIME: TimeDelta = TimeDelta::hours(1);

pub(super) fn list(call: &mut Call<'_>) -> Result<Members, Refusal> {
    req_id(call)?;
    let pool_key = call.optional("CustomerPoolKey");
    let page_no = from_one(call, "PageNo")?.unwrap_or(1);
    let page_size = from_one(call, "PageSize")?.unwrap_or(DEFAULT_PAGE_SIZE).min(LARGEST_PAGE);
    if let Some(pool_key) = pool_key {
        check_pool(call, pool_key)?;
    }
    let is_selected = |number: &&WorkNumber| pool_key.is_none_or(|pool_key| number.pool_key == pool_key);
    let selected = || call.state.work_numbers.iter().filter(is_selected);
    let before = page_no.saturating_sub(1).saturating_mul(page_size);
    let page = selected().skip(before).take(page_size).map(|number| Value::Object(listed(number)));
    Ok(answer([
        ("List", page.collect()),
        ("PageNo", Value::from(page_no)),
        ("PageSize", Value::from(page_size)),
        ("Total", Value::from(selected().count())),
    ]))
}

pub(super) fn find_recording(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("CallId")?;
    let pool_key = call.required("CustomerPoolKey")?;
    req_id(call)?;
    check_pool(call, pool_key)?;
    let record = call.state.call_records.get(Content::Call, Some(pool_key), id);
    let record = record.ok_or_else(|| Refusal::forbidden("there is no such call"))?;
    if !record.recorded {
        return Err(Refusal::forbidden("the call was not recorded"));
    }
    recording::check_ready(record, record.time, call.now)?;
    let url = recording_file::url(&digits(id, 16), record.duration, URL_LIFETIME, call.recording_host, call.now);
    Ok(answer([("FileUrl", Value::from(url))]))
}

/// A number that is at least 1.
fn from_one(call: &Call<'_>, name: &'static str) -> Result<Option<usize>, Refusal> {
    let number = call.integer(name)?.map(|number| usize::try_from(number).ok().filter(|number| *number > 0));
    number.map(|number| number.ok_or_else(|| Refusal::invalid(name))).transpose()
}

/// An absent time is an empty text.
fn listed(number: &WorkNumber) -> Members {
    let time = |time: Option<DateTime<Utc>>| Value::from(time.map(china_time::format).unwrap_or_default());
    // 4: the real-name check was passed. 2: bought, waits for the check.
    let status = if number.employee.is_some() { "4" } else { "2" };
    members([
        ("AuthMsg", Value::from("")),
        ("BindTime", time(number.bound)),
        ("BuyTime", time(Some(number.bought))),
        ("CustomerPoolKey", Value::from(number.pool_key.as_str())),
        ("CustomerPoolName", Value::from(format!("pool {}", number.pool_key))),
        ("ReleaseTime", time(None)),
        ("SmsStatus", Value::from(number.options.sms_ability.as_str())),
        ("Telephone", Value::from(number.number.as_str())),
        ("TelephoneStatus", Value::from(status)),
        ("UnbindTime", time(number.unbound)),
    ])
}
