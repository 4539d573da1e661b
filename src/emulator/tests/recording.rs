use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Request, Response};

use super::{Call, POOL, aliyun, bad_request, business_error, gateways, seeded, start_time};
use crate::emulator::{CallRecord, Gateways};

fn of_call(action: &str, id: &str, time: &str) -> Call {
    aliyun(action).with("PoolKey", POOL).with("CallId", id).with("CallTime", time)
}

fn query(id: &str, time: &str) -> Call {
    of_call("QueryRecordFileDownloadUrl", id, time)
}

fn url(gateways: &Gateways) -> String {
    let answer = query("call-1", "2026-01-06 09:00:00").ok(gateways);
    answer["DownloadUrl"].as_str().unwrap().to_owned()
}

fn download(gateways: &Gateways, url: &str) -> Response<Bytes> {
    gateways.respond(Request::get(url).body(Bytes::new()).unwrap())
}

fn refused(response: Response<Bytes>) -> (u16, String) {
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    let code = text.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (response.status().as_u16(), code.unwrap_or(&text).to_owned())
}

#[test]
fn a_recording_is_a_wav_file_as_long_as_the_call() {
    let gateways = gateways();
    let response = download(&gateways, &url(&gateways));
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"audio/wav".parse().unwrap()));
    let file = response.body();
    assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    assert_eq!(file.len(), 44 + 10 * 8000);
    let size = |range: std::ops::Range<usize>| u32::from_le_bytes(file[range].try_into().unwrap());
    assert_eq!((size(4..8), size(40..44)), (80_036, 80_000));
    assert_eq!(gateways.ledger().executed("recording"), 1);
}

#[test]
fn a_url_has_the_host_of_the_request() {
    let gateways = gateways();
    assert!(url(&gateways).starts_with("http://localhost/_emulator/recordings/"));
    let mut request = query("call-1", "2026-01-06 09:00:00").request();
    request.headers_mut().insert("host", "emulator.example:8700".parse().unwrap());
    let text = super::Reply::from(gateways.respond(request)).text;
    assert!(text.contains(r#""http://emulator.example:8700/_emulator/recordings/"#), "{text}");
}

#[test]
fn a_url_is_valid_for_two_hours_and_can_be_queried_again() {
    let gateways = gateways();
    let old = url(&gateways);
    let later = start_time() + TimeDelta::hours(2);
    gateways.clock().set(later);
    assert_eq!(download(&gateways, &old).status().as_u16(), 200);
    let later = later + TimeDelta::seconds(1);
    gateways.clock().set(later);
    assert_eq!(refused(download(&gateways, &old)), (403, "AccessDenied".into()));
    let call = query("call-1", "2026-01-06 09:00:00").with("Timestamp", later.format("%Y-%m-%dT%H:%M:%SZ"));
    let new = call.ok(&gateways)["DownloadUrl"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert_eq!(download(&gateways, &new).status().as_u16(), 200);
}

#[test]
fn a_modified_url_is_refused() {
    let gateways = gateways();
    let url = url(&gateways);
    let denied = (403, "SignatureDoesNotMatch".to_owned());
    for changed in [
        url.replace("_10.wav", "_20.wav"),
        url.replace("Expires=1", "Expires=2"),
        url.replace("Signature=", "Signature=A"),
        url.split('?').next().unwrap().to_owned(),
        url.replace('%', "%25"),
    ] {
        assert_ne!(changed, url);
        assert_eq!(refused(download(&gateways, &changed)), denied, "{changed}");
    }
    let request = Request::post(url).body(Bytes::new()).unwrap();
    assert_eq!(refused(gateways.respond(request)), (405, "MethodNotAllowed".into()));
}

#[test]
fn a_recording_is_ready_a_minute_after_the_call() {
    let call = CallRecord::call("abcdef1234").at(start_time()).duration(Duration::from_secs(30));
    let gateways = seeded(|builder| builder.call_record(call));
    let ask = |action: &str| of_call(action, "abcdef1234", "2026-01-06 10:00:00").code(&gateways);
    for action in ["QueryRecordFileDownloadUrl", "GetSecretAsrDetail"] {
        gateways.clock().set(start_time() + TimeDelta::seconds(89));
        assert_eq!(ask(action), business_error("isv.FORBIDDEN_ACTION"));
        gateways.clock().set(start_time() + TimeDelta::seconds(90));
        assert_eq!(ask(action), business_error("OK"));
    }
}

#[test]
fn recordings_are_kept_for_fourteen_days() {
    let gateways = gateways();
    query("call-1", "2025-12-23 10:00:00").ok(&gateways);
    let older = query("call-1", "2025-12-23 09:59:59");
    assert_eq!(older.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
}

#[test]
fn a_call_is_found_by_its_id_time_and_pool() {
    let gateways = gateways();
    let time = start_time() - TimeDelta::hours(1);
    gateways.add_call_record(CallRecord::call("abcdef1234").at(time + TimeDelta::milliseconds(900)));
    query("abcdef1234", "2026-01-06 09:00:00").ok(&gateways);
    let refused = business_error("isv.FORBIDDEN_ACTION");
    assert_eq!(query("abcdef1234", "2026-01-06 09:00:01").code(&gateways), refused);
    assert_eq!(query("abcdef1235", "2026-01-06 09:00:00").code(&gateways), refused);
    assert_eq!(query("sms-1", "2026-01-06 09:00:00").code(&gateways), refused);
    gateways.add_call_record(CallRecord::call("unrecorded").without_recording());
    assert_eq!(query("unrecorded", "2026-01-06 09:00:00").code(&gateways), refused);
    gateways.add_call_record(CallRecord::call("elsewhere").in_pool("FC2"));
    assert_eq!(query("elsewhere", "2026-01-06 09:00:00").code(&gateways), refused);
    let by_product = query("elsewhere", "2026-01-06 09:00:00").without("PoolKey");
    assert_eq!(by_product.clone().code(&gateways), bad_request("MissingPoolKey"));
    by_product.again().with("ProductType", "AXB_170").ok(&gateways);
    for time in ["2026-1-6 09:00:00", "1767661200000", "2026-01-06T09:00:00Z"] {
        assert_eq!(query("call-1", time).code(&gateways), business_error("isv.INVALID_PARAMETERS"));
    }
}

#[test]
fn the_announcement_and_the_call_have_separate_files() {
    let gateways = gateways();
    let call = || {
        let call = of_call("GetTotalPublicUrl", "call-1", "2026-01-06 09:00:00").without("PoolKey");
        call.with("PartnerKey", POOL).with("CheckSubs", "true")
    };
    let data = call().ok(&gateways)["Data"].clone();
    let length = |name: &str| download(&gateways, data[name].as_str().unwrap()).body().len() - 44;
    assert_eq!((length("RingPublicUrl"), length("PhonePublicUrl")), (16_000, 80_000));
    assert_eq!(call().with("CheckSubs", "maybe").code(&gateways), bad_request("InvalidCheckSubs"));
    let xml = call().with("Format", "XML").send(&gateways).text;
    assert!(xml.contains("&amp;OSSAccessKeyId=emulator-access-key-id&amp;Signature="), "{xml}");
}

#[test]
fn recognised_speech_has_its_own_codes() {
    let gateways = gateways();
    let answer = of_call("GetSecretAsrDetail", "call-1", "2026-01-06 09:00:00").ok(&gateways);
    let data = &answer["Data"];
    assert_eq!((data["Code"].as_str(), data["BizDuration"].as_u64()), (Some("21050000"), Some(10_000)));
    assert_ne!(data["RequestId"], answer["RequestId"]);
    let channels: Vec<_> = data["Sentences"].as_array().unwrap().iter().map(|one| one["ChannelId"].as_u64()).collect();
    assert_eq!(channels, [Some(0), Some(1)]);
}

#[test]
fn a_very_long_call_has_a_file_of_ten_minutes() {
    let gateways = seeded(|builder| builder.call_record(CallRecord::call("long").duration(Duration::from_secs(3600))));
    let answer = query("long", "2026-01-06 08:00:00").ok(&gateways);
    let file = download(&gateways, answer["DownloadUrl"].as_str().unwrap());
    assert_eq!(file.body().len(), 44 + 600 * 8000);
    let endless = CallRecord::call("endless").duration(Duration::MAX);
    gateways.add_call_record(endless);
    let code = query("endless", "2026-01-06 08:00:00").code(&gateways);
    assert_eq!(code, business_error("isv.FORBIDDEN_ACTION"));
}
