//! What is left of calls: `QueryRecordFileDownloadUrl`, `GetTotalPublicUrl` and `GetSecretAsrDetail`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::recording_file;
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::store::call_record::Content;
use crate::emulator::store::{digits_of, spread};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("QueryRecordFileDownloadUrl", query_download_url),
    Action::new("GetTotalPublicUrl", get_public_urls),
    Action::new("GetSecretAsrDetail", get_asr_detail),
];

/// How long after the end of a call its recording and its text are ready.
const MADE_IN: TimeDelta = TimeDelta::minutes(1);
/// How long after a call they can be asked for.
const KEPT: TimeDelta = TimeDelta::days(14);
/// How long the announcement before a call is.
const RING_LENGTH: TimeDelta = TimeDelta::seconds(2);

/// A recorded call, ready to be read.
struct Recorded {
    /// The same for all that is asked about one call.
    name: String,
    length: TimeDelta,
}

fn query_download_url(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    let pool_key = call.pool_or_product()?.pool_key;
    let recorded = find(call, pool_key, id, time)?;
    let url = recording_file::url(&recorded.name, recorded.length, call.site, call.now);
    Ok(members([("DownloadUrl", Value::from(url))]))
}

/// The binding of a call is not kept with it, so `CheckSubs` checks nothing.
fn get_public_urls(call: &mut Call<'_>) -> Result<Members, Refusal> {
    call.required("CheckSubs")?;
    call.boolean("CheckSubs")?;
    let pool_key = call.required("PartnerKey")?;
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    call.check_pool(pool_key)?;
    let recorded = find(call, Some(pool_key), id, time)?;
    let url = |name: &str, length| Value::from(recording_file::url(name, length, call.site, call.now));
    let ring = digits_of(&format!("{}/ring", recorded.name), 16);
    let urls =
        members([("RingPublicUrl", url(&ring, RING_LENGTH)), ("PhonePublicUrl", url(&recorded.name, recorded.length))]);
    Ok(members([("Data", Value::Object(urls))]))
}

fn get_asr_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    let pool_key = call.pool_key()?;
    let recorded = find(call, Some(pool_key), id, time)?;
    let hex = format!("{:016x}", spread(&recorded.name));
    let detail = members([
        ("RequestId", Value::from(format!("{hex}{hex}nE"))),
        ("BusinessId", Value::from(format!("{hex}@!{pool_key}@!{}", recorded.name))),
        ("BusinessKey", Value::from(format!("JCG{}", digits_of(&hex, 12)))),
        ("Code", Value::from("21050000")),
        ("Msg", Value::from("SUCCESS")),
        ("BizDuration", Value::from(recorded.length.num_milliseconds())),
        ("Type", Value::from("asrResult")),
        ("Sentences", [sentence(0, 1020), sentence(1, 2040)].into_iter().collect()),
    ]);
    Ok(members([("Data", Value::Object(detail))]))
}

/// Both sides say the same: what the documents' example says.
fn sentence(channel: u8, begins: u64) -> Value {
    Value::Object(members([
        ("BeginTime", Value::from(begins)),
        ("EndTime", Value::from(begins.saturating_add(750))),
        ("SilenceDuration", Value::from(0)),
        ("Text", Value::from("您好")),
        ("ChannelId", Value::from(channel)),
        ("SpeechRate", Value::from(80)),
        ("EmotionValue", Value::from("5.7")),
    ]))
}

fn find(call: &Call<'_>, pool_key: Option<&str>, id: &str, time: &str) -> Result<Recorded, Refusal> {
    let asked = china_time::parse(time)
        .ok_or_else(|| Refusal::business("isv.INVALID_PARAMETERS", "CallTime is not yyyy-MM-dd HH:mm:ss"))?;
    let record = call.state.call_records.get(Content::Call, pool_key, id);
    let record = record
        .filter(|record| record.time.is_none_or(|own| china_time::format(own) == time))
        .ok_or_else(|| Refusal::forbidden("there is no such call"))?;
    if !record.recorded {
        return Err(Refusal::forbidden("the call was not recorded"));
    }
    check_age(asked, record.length, call.now)?;
    Ok(Recorded { name: digits_of(&format!("{id}/{time}"), 16), length: record.length })
}

fn check_age(began: DateTime<Utc>, length: TimeDelta, now: DateTime<Utc>) -> Result<(), Refusal> {
    let age = now.signed_duration_since(began);
    if age > KEPT {
        return Err(Refusal::forbidden("recordings are kept for 14 days"));
    }
    if length.checked_add(&MADE_IN).is_none_or(|ready_after| age < ready_after) {
        return Err(Refusal::forbidden("the recording is not ready"));
    }
    Ok(())
}
