//! Calls through X numbers, and their receipts.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{POOL, aliyun, business_error, gateways, start_time};
use crate::emulator::{CallRefusal, Gateways, PlacedCall, Side, SmsMessage};

const A: &str = "13900000001";
const B: &str = "13900000003";
const OTHER: &str = "13900000009";

/// Binds at 17000000001. Returns the X number, the extension and the id.
fn bind(gateways: &Gateways, action: &str, parameters: &[(&str, &str)]) -> (String, String, String) {
    let call = aliyun(action).with("PoolKey", POOL).with("PhoneNoA", A).with("Expiration", "2026-01-07 10:00:00");
    let call = parameters.iter().fold(call, |call, (name, value)| call.with(name, value));
    let bound = call.ok(gateways)["SecretBindDTO"].clone();
    let text = |name: &str| bound[name].as_str().unwrap().to_owned();
    (text("SecretNo"), text("Extension"), text("SubsId"))
}

fn bind_axb(gateways: &Gateways, parameters: &[(&str, &str)]) -> (String, String) {
    let (x, _, id) = bind(gateways, "BindAxb", &[&[("PhoneNoB", B)], parameters].concat());
    (x, id)
}

fn rung(gateways: &Gateways, caller: &str, x: &str) -> Result<String, CallRefusal> {
    gateways.place_call(&PlacedCall::new(caller, x)).result.map(|rung| rung.number)
}

fn types(gateways: &Gateways) -> Vec<String> {
    let receipts = gateways.receipts();
    receipts.as_array().unwrap().iter().map(|receipt| receipt["type"].as_str().unwrap().to_owned()).collect()
}

fn receipt(gateways: &Gateways, message_type: &str) -> Value {
    let receipts = gateways.receipts();
    receipts.as_array().unwrap().iter().rfind(|receipt| receipt["type"] == message_type).unwrap().clone()
}

#[test]
fn axb_connects_both_ways_and_shows_the_x_number() {
    let gateways = gateways();
    let (x, _) = bind_axb(&gateways, &[]);
    for (caller, called) in [(A, B), (B, A)] {
        let rung = gateways.place_call(&PlacedCall::new(caller, &x)).result.unwrap();
        assert_eq!((rung.number.as_str(), &rung.shown), (called, &x));
    }
    assert_eq!(rung(&gateways, OTHER, &x), Err(CallRefusal::NoBinding));
}

#[test]
fn axn_rings_a_for_everybody_and_b_for_a() {
    let gateways = gateways();
    let (x, _, id) = bind(&gateways, "BindAxn", &[]);
    assert_eq!(rung(&gateways, OTHER, &x), Ok(A.to_owned()));
    assert_eq!(rung(&gateways, A, &x), Err(CallRefusal::NoCalledNumber));
    let update = aliyun("UpdateSubscription").with("PoolKey", POOL).with("SubsId", id).with("PhoneNoX", &x);
    update.with("OperateType", "updateNoB").with("PhoneNoB", B).ok(&gateways);
    assert_eq!(rung(&gateways, A, &x), Ok(B.to_owned()));
}

#[test]
fn an_extension_selects_the_binding() {
    let gateways = gateways();
    let (x, extension, _) = bind(&gateways, "BindAxnExtension", &[]);
    assert_eq!(rung(&gateways, OTHER, &format!("{x}-{extension}")), Ok(A.to_owned()));
    let with = |extension: &str| gateways.place_call(&PlacedCall::new(OTHER, &x).extension(extension)).result;
    assert_eq!(with(&extension).unwrap().number, A);
    assert_eq!(with("9"), Err(CallRefusal::WrongExtension));
    assert_eq!(rung(&gateways, OTHER, &x), Err(CallRefusal::WrongExtension));
}

#[test]
fn axg_connects_the_numbers_of_the_group_only() {
    let gateways = gateways();
    let group = aliyun("CreateAxgGroup").with("PoolKey", POOL).with("Numbers", OTHER).ok(&gateways);
    let group = group["GroupId"].as_str().unwrap().to_owned();
    let (x, ..) = bind(&gateways, "BindAxg", &[("GroupId", &group), ("PhoneNoB", OTHER)]);
    assert_eq!(rung(&gateways, OTHER, &x), Ok(A.to_owned()));
    assert_eq!(rung(&gateways, A, &x), Ok(OTHER.to_owned()));
    assert_eq!(rung(&gateways, B, &x), Err(CallRefusal::NoBinding));
}

#[test]
fn expired_unbound_locked_and_unknown_numbers_ring_nobody() {
    let gateways = gateways();
    let (x, id) = bind_axb(&gateways, &[]);
    let number = aliyun("LockSecretNo").with("PoolKey", POOL).with("SecretNo", &x);
    number.ok(&gateways);
    assert_eq!(rung(&gateways, B, &x), Err(CallRefusal::NumberLocked));
    assert_eq!(receipt(&gateways, "SecretReport")["pushed"]["unconnected_cause"], 4);
    number.again().with("Action", "UnlockSecretNo").ok(&gateways);
    assert_eq!(rung(&gateways, B, &x), Ok(A.to_owned()));

    let before = types(&gateways).len();
    assert_eq!(rung(&gateways, B, "17099999999"), Err(CallRefusal::UnknownNumber));
    assert_eq!(types(&gateways).len(), before, "no pool, no receipts");

    gateways.clock().set(start_time() + chrono::TimeDelta::days(1));
    assert_eq!(rung(&gateways, B, &x), Err(CallRefusal::NoBinding));
    gateways.clock().set(start_time());
    aliyun("UnbindSubscription").with("PoolKey", POOL).with("SubsId", id).with("SecretNo", &x).ok(&gateways);
    assert_eq!(rung(&gateways, B, &x), Err(CallRefusal::NoBinding));
}

#[test]
fn a_call_restriction_stops_one_direction() {
    for (restriction, stopped, open) in [("CONTROL_AX_DISABLE", A, B), ("CONTROL_BX_DISABLE", B, A)] {
        let gateways = gateways();
        let (x, _) = bind_axb(&gateways, &[("CallRestrict", restriction)]);
        assert_eq!(rung(&gateways, stopped, &x), Err(CallRefusal::Restricted));
        assert_eq!(receipt(&gateways, "SecretReport")["pushed"]["unconnected_cause"], 3);
        assert!(rung(&gateways, open, &x).is_ok());
    }
}

#[test]
fn all_three_kinds_of_blacklists_stop_calls() {
    let entry = |action, black_no: &str| aliyun(action).with("PoolKey", POOL).with("BlackNo", black_no);
    for add in [
        entry("OperateBlackNo", B).with("OperateType", "AddBlack"),
        entry("AddSecretBlacklist", B).with("BlackType", "PARTNER_GLOBAL_NUMBER_BLACK"),
        entry("AddSecretBlacklist", &format!("{A}:{B}"))
            .with("BlackType", "POINT_TO_POINT_BLACK")
            .with("WayControl", "PHONEA_REJECT"),
    ] {
        let gateways = gateways();
        let (x, _) = bind_axb(&gateways, &[]);
        add.ok(&gateways);
        assert_eq!(rung(&gateways, B, &x), Err(CallRefusal::Blacklisted));
        assert_eq!(receipt(&gateways, "SecretReport")["pushed"]["unconnected_cause"], 1);
        assert_eq!(rung(&gateways, A, &x), Ok(B.to_owned()));
    }
}

#[test]
fn the_700_number_of_an_order_rings_for_reported_callers_only() {
    let gateways = gateways();
    let query = json!([{"oaid": "oaid-2001", "tid": "2001", "scene": "1001"}]);
    let decrypted = super::top("taobao.top.oaid.decrypt").with("query_list", query).answer(&gateways);
    let mobile = decrypted["receiver_list"]["receiver"][0]["mobile"].as_str().unwrap().to_owned();
    assert!(mobile.starts_with("700"), "{mobile}");
    assert_eq!(rung(&gateways, A, &mobile), Err(CallRefusal::CallerNotReported));
    gateways.lock_state().caller_groups.add("oaid-2001", &[A.to_owned()]).unwrap();
    assert!(rung(&gateways, A, &mobile).unwrap().starts_with("130"));
    assert_eq!(rung(&gateways, B, &mobile), Err(CallRefusal::CallerNotReported));
    assert!(types(&gateways).is_empty(), "the number belongs to no pool of this account");
}

#[test]
fn receipts_come_when_the_clock_passes_their_times() {
    let gateways = gateways();
    let (x, id) = bind_axb(&gateways, &[("IsRecordingEnabled", "true"), ("ASRStatus", "true"), ("OutId", "parcel-1")]);
    let call = PlacedCall::new(B, &x).answered_after(Duration::from_secs(3)).talks_for(Duration::from_secs(20));
    let call_id = gateways.place_call(&call.hung_up_by(Side::Callee)).id;

    let mut seen = vec![(0, "SecretStartReport".to_owned())];
    assert_eq!(types(&gateways), ["SecretStartReport"]);
    for second in 1..=120 {
        gateways.clock().advance(Duration::from_secs(1));
        let all = types(&gateways);
        seen.extend(all[seen.len()..].iter().map(|name| (second, name.clone())));
    }
    let expected = [
        (0, "SecretStartReport"),
        (2, "SecretRingReport"),
        (5, "SecretPickUpReport"),
        (25, "SecretReport"),
        (85, "SecretRecording"),
        (85, "SecretAsrReport"),
    ];
    assert_eq!(seen, expected.map(|(second, name)| (second, name.to_owned())));

    let subs: u64 = id.parse().unwrap();
    let report = receipt(&gateways, "SecretReport");
    let common = json!({
        "phone_no": A, "peer_no": B, "secret_no": x, "called_display_no": x, "pool_key": POOL, "sub_id": subs,
        "out_id": "parcel-1", "call_id": call_id, "call_type": 1, "call_time": "2026-01-06 10:00:00",
        "call_out_time": "2026-01-06 10:00:01", "ring_time": "2026-01-06 10:00:02",
        "free_ring_time": "2026-01-06 10:00:02", "start_time": "2026-01-06 10:00:05",
        "release_time": "2026-01-06 10:00:25", "release_dir": 2, "release_cause": 16, "unconnected_cause": 0,
    });
    let with = |more: Value| {
        let mut all = common.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Value::Object(all)
    };
    assert_eq!(report["queued"], with(json!({"sms_number": null})));
    let mut pushed = report["pushed"].clone();
    assert!(pushed["id"].is_u64());
    pushed.as_object_mut().unwrap().remove("id");
    let more = json!({"city": "北京", "partner_key": POOL, "control_type": "CONTINUE", "control_msg": "OK"});
    assert_eq!(pushed, with(more));

    let recording = receipt(&gateways, "SecretRecording");
    let milliseconds = start_time().timestamp_millis();
    assert_eq!(
        (&recording["pushed"]["call_time"], &recording["pushed"]["sub_id"]),
        (&json!(milliseconds), &json!(subs))
    );
    let queued = &recording["queued"];
    assert_eq!((&queued["call_time"], &queued["subs_id"]), (&json!(milliseconds.to_string()), &json!(subs)));
    let asr = receipt(&gateways, "SecretAsrReport");
    assert_eq!((&asr["pushed"]["callId"], &asr["pushed"]["bizDuration"]), (&json!(call_id), &json!(20_000)));
    let pick_up = receipt(&gateways, "SecretPickUpReport");
    assert_eq!((&pick_up["pushed"]["call_type"], &pick_up["queued"]["call_type"]), (&json!("1"), &json!(1)));
    assert_eq!(pick_up["queued"]["ring_Time"], "2026-01-06 10:00:02");
}

/// The members of the receipts that the documents' examples have too, with the same JSON types.
#[test]
fn receipts_have_the_types_of_the_documents_examples() {
    let gateways = gateways();
    let (x, _) = bind_axb(&gateways, &[("IsRecordingEnabled", "true"), ("ASRStatus", "true"), ("OutId", "parcel-1")]);
    gateways.place_call(&PlacedCall::new(B, &x));
    gateways.clock().advance(Duration::from_secs(600));
    // URLs are optional, and the text of the file is that of another call.
    let optional = ["record_url", "ring_record_url", "extension"];
    for message_type in types(&gateways) {
        let receipt = receipt(&gateways, &message_type);
        for (form, file) in [("pushed", "http"), ("queued", "mns")] {
            let example = super::json_fixture(&format!("receipts/{file}_{message_type}.json"));
            let example = example.get(0).unwrap_or(&example).as_object().unwrap();
            for (name, value) in example.iter().filter(|(name, _)| !optional.contains(&name.as_str())) {
                let ours = &receipt[form][name];
                assert_eq!(
                    std::mem::discriminant(ours),
                    std::mem::discriminant(value),
                    "{message_type} {form} {name}: {ours}"
                );
            }
        }
    }
}

#[test]
fn the_recording_and_the_text_of_a_call_can_be_queried() {
    let gateways = gateways();
    let (x, _) = bind_axb(&gateways, &[("IsRecordingEnabled", "true"), ("ASRStatus", "true")]);
    let (silent_x, ..) = bind(&gateways, "BindAxn", &[]);
    let id = gateways.place_call(&PlacedCall::new(B, &x).talks_for(Duration::from_secs(20))).id;
    let silent = gateways.place_call(&PlacedCall::new(B, silent_x)).id;
    let query = |action, id: &str| {
        let call = aliyun(action).with("PoolKey", POOL).with("CallTime", "2026-01-06 10:00:00").with("CallId", id);
        call.with("Timestamp", gateways.clock().now().format("%Y-%m-%dT%H:%M:%SZ"))
    };
    // The call ends after 27 seconds, and the file is ready a minute later.
    gateways.clock().advance(Duration::from_secs(86));
    let not_ready = query("QueryRecordFileDownloadUrl", &id);
    assert_eq!(not_ready.code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    gateways.clock().advance(Duration::from_secs(1));
    let url = query("QueryRecordFileDownloadUrl", &id).ok(&gateways)["DownloadUrl"].as_str().unwrap().to_owned();
    let file = gateways.respond(Request::get(url).body(Bytes::new()).unwrap());
    assert_eq!(file.body().len(), 44 + 20 * 8000);
    let detail = query("GetSecretAsrDetail", &id).ok(&gateways);
    assert_eq!(detail["Data"]["BizDuration"], 20_000);
    let sentence = &receipt(&gateways, "SecretAsrReport")["pushed"]["sentences"][1];
    assert_eq!(sentence["beginTime"], detail["Data"]["Sentences"][1]["BeginTime"]);
    for action in ["QueryRecordFileDownloadUrl", "GetSecretAsrDetail"] {
        assert_eq!(query(action, &silent).code(&gateways), business_error("isv.FORBIDDEN_ACTION"));
    }
}

#[test]
fn calls_that_are_not_answered_have_their_release_cause() {
    let call = |call: fn(PlacedCall) -> PlacedCall| {
        let gateways = gateways();
        let (x, _) = bind_axb(&gateways, &[("IsRecordingEnabled", "true")]);
        gateways.place_call(&call(PlacedCall::new(A, x)));
        gateways.clock().advance(Duration::from_secs(600));
        let report = receipt(&gateways, "SecretReport")["pushed"].clone();
        assert_eq!(report["start_time"], report["release_time"]);
        assert_eq!(report["call_type"], 0);
        let rang = report["free_ring_time"].as_str() > report["call_out_time"].as_str();
        assert_eq!(types(&gateways).contains(&"SecretRingReport".to_owned()), rang);
        assert!(!types(&gateways).contains(&"SecretRecording".to_owned()));
        (report["release_cause"].as_u64().unwrap(), report["release_dir"].as_u64().unwrap(), rang)
    };
    assert_eq!(call(PlacedCall::busy), (17, 0, false));
    assert_eq!(call(PlacedCall::no_answer), (19, 0, true));
    assert_eq!(call(PlacedCall::rejected), (21, 2, true));
    assert_eq!(call(|call| call.no_answer().hung_up_by(Side::Caller)), (16, 1, true));
}

#[test]
fn a_call_without_a_binding_has_receipts_of_an_intercepted_call() {
    let gateways = gateways();
    gateways.place_call(&PlacedCall::new(B, "17000000001"));
    assert_eq!(types(&gateways), ["SecretStartReport", "SecretReport"]);
    for receipt in gateways.receipts().as_array().unwrap() {
        assert_eq!((&receipt["pushed"]["call_type"], &receipt["pushed"]["unconnected_cause"]), (&json!(4), &json!(2)));
        assert_eq!(receipt["pushed"]["control_type"], "REJECT");
        assert_eq!(receipt["queued"]["control_msg"], "NO_SUBS_EXIST");
        assert!(receipt["queued"].get("sub_id").is_none());
    }
    let report = receipt(&gateways, "SecretReport")["pushed"].clone();
    assert_eq!((&report["release_dir"], &report["release_cause"]), (&json!(0), &json!(31)));
    assert_eq!(report["release_time"], report["call_time"]);
}

#[test]
fn a_message_is_intercepted_and_can_be_confirmed() {
    let gateways = gateways();
    let (x, ..) = bind(&gateways, "BindAxn", &[]);
    let sent = gateways.send_message(&SmsMessage::new(OTHER, &x, "明天到吗"));
    assert_eq!(sent.receiver.as_deref(), Ok(A));
    let body = receipt(&gateways, "SecretSmsIntercept")["pushed"].clone();
    assert_eq!((&body["send_no"], &body["receive_no"]), (&json!(OTHER), &json!(A)));
    assert_eq!((&body["sms_content"], &body["sms_intercept_type"]), (&json!("明天到吗"), &json!("NORMAL")));
    let confirm = aliyun("ConfirmSendSms").with("PoolKey", POOL).with("SecretNo", &x);
    confirm.with("CallId", &sent.id).ok(&gateways);
    let unbound = gateways.send_message(&SmsMessage::new(OTHER, "17000000006", "?"));
    assert_eq!(unbound.receiver, Err(CallRefusal::NoBinding));
    assert_eq!(receipt(&gateways, "SecretSmsIntercept")["queued"]["sms_intercept_type"], "SUBS_NOT_EXISTS");
}

#[test]
fn buying_and_releasing_a_number_is_reported() {
    let gateways = gateways();
    let buy = aliyun("BuySecretNo").with("PoolKey", POOL).with("SpecId", 2).with("City", "西安");
    let number = buy.ok(&gateways)["SecretBuyInfoDTO"]["SecretNo"].as_str().unwrap().to_owned();
    aliyun("ReleaseSecretNo").with("PoolKey", POOL).with("SecretNo", &number).ok(&gateways);
    let receipts = gateways.receipts();
    for (receipt, status) in receipts.as_array().unwrap().iter().zip([1, 2]) {
        assert_eq!(receipt["type"], "NumberManagementReport");
        let time = "2026-01-06 10:00:00";
        let pushed = json!({"secret_no": number, "city": "西安", "partner_key": POOL, "operating_time": time,
            "status": status});
        assert_eq!(receipt["pushed"], pushed);
        let queued = json!({"secretNo": number, "city": "西安", "partnerKey": POOL, "operatingTime": time,
            "status": status, "vendor": 1});
        assert_eq!(receipt["queued"], queued);
    }
    assert_eq!(receipts.as_array().unwrap().len(), 2);
}

#[test]
fn the_state_lists_calls_and_a_reset_forgets_them() {
    let gateways = gateways();
    let (x, id) = bind_axb(&gateways, &[]);
    let call = gateways.place_call(&PlacedCall::new(B, &x)).id;
    let calls = gateways.phone_number_protection()["calls"].clone();
    assert_eq!((&calls[0]["id"], &calls[0]["subs_id"], &calls[0]["called"]), (&json!(call), &json!(id), &json!(A)));
    assert_eq!(calls[0]["ended"], false);
    assert!(!format!("{:?}", gateways.place_call(&PlacedCall::new(B, &x))).contains(A));
    gateways.reset();
    assert_eq!((gateways.phone_number_protection()["calls"].clone(), gateways.receipts()), (json!([]), json!([])));
}
