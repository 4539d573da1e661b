//! Recordings and recognised speech of calls: `QueryRecordFileDownloadUrl`, `GetTotalPublicUrl` and
//! `GetSecretAsrDetail`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::action::Action;
use super::call::{Call, Refusal};
use super::recording_file;
use crate::emulator::answer::{Members, members};
use crate::emulator::china_time;
use crate::emulator::generated::{digits, hash};
use crate::emulator::store::call_record::{CallRecord, Content, READY_AFTER, Sentence, TRANSCRIPT};

pub(super) const ACTIONS: &[Action] = &[
    Action::new("QueryRecordFileDownloadUrl", query_download_url),
    Action::new("GetTotalPublicUrl", get_public_urls),
    Action::new("GetSecretAsrDetail", get_asr_detail),
];

/// The time after a call in which they can be queried.
const RETENTION: TimeDelta = TimeDelta::days(14);
/// The time in which a URL is valid.
const URL_LIFETIME: TimeDelta = TimeDelta::hours(2);
/// The duration of the announcement before a call.
const RING_DURATION: TimeDelta = TimeDelta::seconds(2);

/// A recording that is ready.
struct Recording {
    /// The same name in all answers about one call.
    name: String,
    duration: TimeDelta,
}

fn query_download_url(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    let pool_key = call.pool_or_product()?.pool_key;
    let recording = find(call, pool_key, id, time, |record| record.recorded)?;
    let url = recording_file::url(&recording.name, recording.duration, URL_LIFETIME, call.recording_host, call.now);
    Ok(members([("DownloadUrl", Value::from(url))]))
}

/// `CheckSubs` has no effect: the emulator does not know the binding of a call.
fn get_public_urls(call: &mut Call<'_>) -> Result<Members, Refusal> {
    call.required("CheckSubs")?;
    call.boolean("CheckSubs")?;
    let pool_key = call.required("PartnerKey")?;
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    call.check_pool(pool_key)?;
    let recording = find(call, Some(pool_key), id, time, |record| record.recorded)?;
    let url = |name: &str, duration| {
        Value::from(recording_file::url(name, duration, URL_LIFETIME, call.recording_host, call.now))
    };
    let ring = digits(&format!("{}/ring", recording.name), 16);
    let urls = members([
        ("RingPublicUrl", url(&ring, RING_DURATION)),
        ("PhonePublicUrl", url(&recording.name, recording.duration)),
    ]);
    Ok(members([("Data", Value::Object(urls))]))
}

fn get_asr_detail(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let id = call.required("CallId")?;
    let time = call.required("CallTime")?;
    let pool_key = call.pool_key()?;
    let recording = find(call, Some(pool_key), id, time, |record| record.transcribed)?;
    let hex = format!("{:016x}", hash(&recording.name));
    let detail = members([
        ("RequestId", Value::from(format!("{hex}{hex}nE"))),
        ("BusinessId", Value::from(format!("{hex}@!{pool_key}@!{}", recording.name))),
        ("BusinessKey", Value::from(format!("JCG{}", digits(&hex, 12)))),
        ("Code", Value::from("21050000")),
        ("Msg", Value::from("SUCCESS")),
        ("BizDuration", Value::from(recording.duration.num_milliseconds())),
        ("Type", Value::from("asrResult")),
        ("Sentences", TRANSCRIPT.iter().map(sentence).collect()),
    ]);
    Ok(members([("Data", Value::Object(detail))]))
}

fn sentence(sentence: &Sentence) -> Value {
    Value::Object(members([
        ("BeginTime", Value::from(sentence.begin)),
        ("EndTime", Value::from(sentence.end)),
        ("SilenceDuration", Value::from(0)),
        ("Text", Value::from(sentence.text)),
        ("ChannelId", Value::from(sentence.channel)),
        ("SpeechRate", Value::from(sentence.speech_rate)),
        ("EmotionValue", Value::from(sentence.emotion)),
    ]))
}

/// Finds a call that has what the request asks for.
fn find(
    call: &Call<'_>,
    pool_key: Option<&str>,
    id: &str,
    time: &str,
    has: impl FnOnce(&CallRecord) -> bool,
) -> Result<Recording, Refusal> {
    let started = china_time::parse(time)
        .ok_or_else(|| Refusal::business("isv.INVALID_PARAMETERS", "CallTime is not yyyy-MM-dd HH:mm:ss"))?;
    let record = call.state.call_records.get(Content::Call, pool_key, id);
    let record = record
        .filter(|record| record.time.is_none_or(|start| china_time::format(start) == time))
        .ok_or_else(|| Refusal::forbidden("there is no such call"))?;
    if !has(record) {
        return Err(Refusal::forbidden("the call was not recorded or transcribed"));
    }
    check_ready(record, Some(started), call.now)?;
    Ok(Recording { name: digits(&format!("{id}/{time}"), 16), duration: record.duration })
}

/// Checks that the recording of a call can be downloaded. Without a start time it can at any time.
pub(super) fn check_ready(
    record: &CallRecord,
    started: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some(started) = started else { return Ok(()) };
    let age = now.signed_duration_since(started);
    if age > RETENTION {
        return Err(Refusal::forbidden("recordings are deleted after 14 days"));
    }
    let duration = record.before_answer.checked_add(&record.duration);
    if duration.and_then(|duration| duration.checked_add(&READY_AFTER)).is_none_or(|ready_after| age < ready_after) {
        return Err(Refusal::forbidden("the recording is not ready"));
    }
    Ok(())
}
