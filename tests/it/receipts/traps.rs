//! What differs between pages, samples and years.

use std::time::Duration;

use privacy_number::aliyun::receipt::*;
use privacy_number::aliyun::{GetSecretAsrDetail, QueryRecordFileDownloadUrl};
use privacy_number::sign::Stamp;
use serde_json::{Value, json};

use super::{at, message, only, parsed, stored};
use crate::clients::instant;

fn report(value: &Value) -> SecretReport {
    message!(only(&ReceiptType::SecretReport, value), SecretReport)
}

#[test]
fn a_type_without_a_struct_is_kept_whole() {
    let body = r#"[{"call_id": "c1",  "小费": [1, 2.50]}, 7]"#;
    for name in ["SecretRingRecording", "SecretBillingCallReport", "SecretBillingSmsReport", "NewReport"] {
        let receipt_type: ReceiptType = name.parse().unwrap();
        let receipts = parsed(&receipt_type, body);
        let raw: Vec<_> = receipts
            .iter()
            .map(|receipt| {
                let other = message!(receipt.clone(), Other);
                assert_eq!((other.receipt_type.as_str(), other.reason), (name, OtherReason::UnknownType));
                assert_eq!(receipt.receipt_type(), receipt_type);
                other.raw.into_exposed()
            })
            .collect();
        assert_eq!(raw, [r#"{"call_id": "c1",  "小费": [1, 2.50]}"#, "7"]);
    }
}

#[test]
fn an_array_and_a_single_object_are_the_same() {
    for receipt_type in ReceiptType::KNOWN {
        let object = json!({"call_id": "c1", "secret_no": "17000000002", "mail_no": "m", "phone_number": "1"});
        let single = parsed(receipt_type, &object.to_string());
        assert!(!matches!(single[0], Receipt::Other(_)), "{receipt_type}");
        assert_eq!(parsed(receipt_type, &json!([object]).to_string()), single);
        assert_eq!(parsed(receipt_type, &format!("\u{FEFF} \r\n[{object}, {object}]\n")).len(), 2);
        assert_eq!(parsed(receipt_type, "[]"), []);
    }
}

#[test]
fn both_spellings_are_read_in_every_type() {
    for (receipt_type, pairs) in [
        (ReceiptType::SecretReport, [("call_id", "callId"), ("sub_id", "subs_id"), ("ring_time", "ring_Time")]),
        (ReceiptType::SecretRecording, [("sub_id", "subs_id"), ("call_time", "callTime"), ("pool_key", "PoolKey")]),
        (
            ReceiptType::SecretAsrReport,
            [("callId", "call_id"), ("bizDuration", "biz_duration"), ("secretNo", "secret_no")],
        ),
        (ReceiptType::NumberManagementReport, [("vendor", "Vendor"), ("secretNo", "secret_no"), ("status", "Status")]),
        (ReceiptType::SmartLogisticsReport, [("mailNo", "mail_no"), ("aliyunprice", "aliyunPrice"), ("city", "City")]),
    ] {
        for (name, other) in pairs {
            let value = if name.ends_with("ime") { json!("2021-08-25 20:11:29") } else { json!(1) };
            let receipt = only(&receipt_type, &json!({ name: value }));
            assert!(!matches!(receipt, Receipt::Other(_)), "{receipt_type} {name}");
            assert_eq!(only(&receipt_type, &json!({ other: value })), receipt, "{receipt_type} {other}");
            // Both at once, equal or one of them empty.
            assert_eq!(only(&receipt_type, &json!({ name: value, other: value })), receipt);
            assert_eq!(only(&receipt_type, &json!({ name: null, other: value })), receipt);
            assert_eq!(only(&receipt_type, &json!({ name: value, other: "" })), receipt);
        }
    }
}

#[test]
fn two_values_for_one_member_are_no_message() {
    let bodies = [
        r#"{"call_id":"c1","sub_id":1,"subs_id":2}"#,
        r#"{"sub_id":1,"call_id":"c1","sub_id":2}"#,
        r#"{"sub_id":1,"subsId":"01","call_id":"c1"}"#,
    ];
    for body in bodies {
        let other = message!(parsed(&ReceiptType::SecretRecording, body).remove(0), Other);
        assert_eq!((other.reason, other.raw.expose()), (OtherReason::Field("sub_id"), body));
    }
}

#[test]
fn numbers_may_be_text_and_ids_may_be_numbers() {
    for (text, number) in [("1", json!(1)), ("1000043068030001", json!(1_000_043_068_030_001_i64))] {
        assert_eq!(report(&json!({"sub_id": text})), report(&json!({"sub_id": number})));
        assert_eq!(report(&json!({"id": text})).id.as_deref(), Some(text));
    }
    let (quoted, bare) = (
        json!({"call_type": "1", "release_cause": "31", "sms_number": "70"}),
        json!({"call_type": 1, "release_cause": 31, "sms_number": 70}),
    );
    assert_eq!(report(&quoted), report(&bare));
    assert_eq!(report(&bare).release_cause, Some(ReleaseCause::new(31)));
    let ids = r#"{"id": 18446744073709551615, "sub_id": 9223372036854775807}"#;
    let read = message!(parsed(&ReceiptType::SecretReport, ids).remove(0), SecretReport);
    assert_eq!(read.id.as_deref(), Some("18446744073709551615"));
    assert_eq!(read.sub_id.as_deref(), Some("9223372036854775807"));
}

#[test]
fn null_and_empty_text_are_absent_and_unknown_members_are_ignored() {
    let expected = report(&json!({"call_id": "c1"}));
    for nothing in [json!(null), json!("")] {
        let mut message = json!({"call_id": "c1", "new_member": {"phone_no": 1}, "service_type": "x"});
        for name in ["sms_number", "phone_no", "call_time", "release_cause", "call_type", "record_url", "sub_id"] {
            message[name] = nothing.clone();
        }
        assert_eq!(report(&message), expected);
    }
}

#[test]
fn unknown_values_are_kept() {
    let report = report(&json!({"call_type": 9, "release_dir": 3, "control_type": "WAIT", "release_cause": 9998}));
    assert_eq!(report.call_type, Some(CallType::Other("9".into())));
    assert_eq!(report.release_dir, Some(ReleaseDirection::Other("3".into())));
    assert_eq!(report.control_type, Some(ControlType::Other("WAIT".into())));
    let cause = report.release_cause.unwrap();
    assert_eq!((cause.code(), cause.meaning(), cause.to_string().as_str()), (9998, None, "9998"));
}

#[test]
fn a_time_is_china_time_in_every_form() {
    let forms =
        [json!(1_629_893_489_000_i64), json!("1629893489000"), json!("2021-08-25 20:11:29"), json!(1.629_893_489e12)];
    for form in forms {
        let receipt = only(&ReceiptType::SecretRecording, &json!({"call_id": "c1", "call_time": form}));
        assert_eq!(receipt.call_time(), at("2021-08-25 20:11:29"), "{form}");
        assert_eq!(receipt.call_time().unwrap().to_string(), "2021-08-25 20:11:29 +08:00", "{form}");
        assert_eq!(receipt.call_time_text().as_deref(), Some("2021-08-25 20:11:29"), "{form}");
    }
    // The text that operations ask for has no fraction.
    let receipt = only(&ReceiptType::SecretRecording, &json!({"call_time": 1_629_893_489_999_i64}));
    assert_eq!(receipt.call_time_text().as_deref(), Some("2021-08-25 20:11:29"));
}

#[test]
fn a_field_that_makes_no_sense_does_not_cost_the_call() {
    let report = report(&json!({
        "call_id": "c1", "ring_time": "0000-00-00 00:00:00", "start_time": 0, "release_cause": "-", "sms_number": "none",
        "phone_no": "anonymous", "secret_no": " 17000000002 ", "peer_no": "+86 139-0000-0003", "called_display_no": "***",
    }));
    assert_eq!(report.call_id.as_deref(), Some("c1"));
    assert_eq!(
        (report.ring_time, report.start_time, report.release_cause, report.sms_number),
        (None, None, None, None)
    );
    // A number that is none is kept as it came, and can be told by its check.
    assert_eq!(report.phone_no.as_ref().unwrap().expose(), "anonymous");
    assert!(report.phone_no.unwrap().check().is_err());
    assert_eq!(report.secret_no.unwrap().expose(), "17000000002");
    assert_eq!(report.peer_no.unwrap().expose(), "+86 139-0000-0003");
    assert_eq!(report.called_display_no.unwrap().kind(), privacy_number::NumberKind::Masked);
}

#[test]
fn a_message_of_another_kind_is_kept_and_the_others_are_read() {
    let elements = [
        (r#"{"call_id": {"a": 1}}"#, OtherReason::Field("call_id")),
        (r#"{"call_id": "c", "phone_no": [13900000001]}"#, OtherReason::Field("phone_no")),
        (r#"{"call_id": "\ud800"}"#, OtherReason::Field("call_id")),
        (r#"{"call_id": 1e30}"#, OtherReason::Field("call_id")),
        ("{}", OtherReason::NotThisType),
        (r#"{"hello": 1}"#, OtherReason::NotThisType),
        (r#"{"call_id": null}"#, OtherReason::NotThisType),
        ("null", OtherReason::NotThisType),
        ("[]", OtherReason::NotThisType),
        (r#"[{"call_id": "c"}]"#, OtherReason::NotThisType),
        (r#""{\"call_id\":\"c\"}""#, OtherReason::NotThisType),
        ("13900000001", OtherReason::NotThisType),
        ("-0.00", OtherReason::NotThisType),
    ];
    for (element, reason) in elements {
        let body = format!(r#"[{{"call_id": "before"}}, {element} ,{{"call_id": "after"}}]"#);
        let receipts = parsed(&ReceiptType::SecretReport, &body);
        let ids: Vec<_> = receipts.iter().map(Receipt::call_id).collect();
        assert_eq!(ids, [Some("before"), None, Some("after")], "{element}");
        let other = message!(receipts[1].clone(), Other);
        assert_eq!((other.reason, other.raw.expose()), (reason, element));
        assert_eq!(other.receipt_type, ReceiptType::SecretReport);
    }
}

#[tokio::test]
async fn a_receipt_asks_for_the_recording_and_the_transcript_of_its_call() {
    let client = crate::clients::aliyun("http://127.0.0.1:1/", crate::clients::once());
    let prepared = async |query: &QueryRecordFileDownloadUrl| {
        let prepared = client.prepare(query, &Stamp::new(instant(), "nonce")).await.unwrap();
        prepared.form.expose().to_owned()
    };
    for receipt_type in
        ["SecretStartReport", "SecretRingReport", "SecretPickUpReport", "SecretReport", "SecretRecording"]
    {
        for transport in ["http", "mns"] {
            let receipt = stored(transport, &receipt_type.into()).remove(0);
            let form = prepared(&receipt.recording_query().unwrap()).await;
            let sent: Vec<_> = crate::form::decode(&form)
                .into_iter()
                .filter(|(name, _)| ["PoolKey", "CallId", "CallTime"].contains(&name.as_str()))
                .collect();
            let expected =
                [("CallId", "43612633712c0001"), ("CallTime", "2021-08-25 20:11:29"), ("PoolKey", "FC100000000000001")];
            assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())), "{receipt_type}");
            let query = receipt.asr_query().unwrap();
            assert_eq!((&*query.call_id, &*query.pool_key), ("43612633712c0001", "FC100000000000001"));
            assert_eq!(Some(query.call_time), at("2021-08-25 20:11:29"));
        }
    }
}

#[test]
fn a_transcript_needs_the_time_of_another_receipt() {
    let receipt = stored("http", &ReceiptType::SecretAsrReport).remove(0);
    assert_eq!((receipt.call_time(), receipt.asr_query(), receipt.recording_query()), (None, None, None));
    let report = message!(receipt, SecretAsrReport);
    let time = stored("mns", &ReceiptType::SecretReport)[0].call_time().unwrap();
    let expected =
        GetSecretAsrDetail::builder().pool_key("FC100000000000001").call_id("43612633712c0001").call_time(time).build();
    assert_eq!(report.asr_query(time), Some(expected));
}

#[test]
fn a_query_needs_the_pool_the_id_and_the_time() {
    let whole = json!({"pool_key": "FC1", "call_id": "c1", "call_time": 1_629_893_489_000_i64});
    assert!(only(&ReceiptType::SecretRecording, &whole).recording_query().is_some());
    for name in ["pool_key", "call_id", "call_time"] {
        let mut part = whole.clone();
        part[name] = json!(null);
        let receipt = only(&ReceiptType::SecretRecording, &part);
        assert_eq!((receipt.recording_query(), receipt.asr_query()), (None, None), "without {name}");
    }
    let partner = json!({"partner_key": "FC2", "call_id": "c1", "call_time": "2021-08-25 20:11:29"});
    let query = only(&ReceiptType::SecretReport, &partner).recording_query().unwrap();
    assert_eq!(query.pool_key.as_deref(), Some("FC2"));
}

#[test]
fn the_times_tell_what_happened() {
    let call = |free_ring: &str, start: &str| {
        report(&json!({
            "call_out_time": "2021-08-25 20:11:30", "ring_time": "2021-08-25 20:11:30",
            "free_ring_time": free_ring, "start_time": start, "release_time": "2021-08-25 20:12:00",
        }))
    };
    let facts = |report: SecretReport| (report.has_rung(), report.is_answered(), report.duration());
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let rung_answered = call("2021-08-25 20:11:31", "2021-08-25 20:11:50");
    assert_eq!(facts(rung_answered), (Some(true), Some(true), seconds(10)));
    let rung_only = call("2021-08-25 20:11:31", "2021-08-25 20:12:00");
    assert_eq!(facts(rung_only), (Some(true), Some(false), seconds(0)));
    let silent = call("2021-08-25 20:11:30", "2021-08-25 20:12:00");
    assert_eq!(facts(silent), (Some(false), Some(false), seconds(0)));
    let contradictory = call("", "2021-08-25 20:12:01");
    assert_eq!(facts(contradictory), (None, None, None));
}

#[test]
fn a_record_may_be_about_an_sms() {
    for (call_type, is_sms) in [(0, false), (1, false), (2, true), (3, true), (4, false), (5, true), (6, false)] {
        assert_eq!(report(&json!({"call_type": call_type})).call_type.unwrap().is_sms(), is_sms, "{call_type}");
    }
}

#[test]
fn sentences_come_in_every_form() {
    let sentence = json!({"beginTime": "640", "text": "您好", "emotionValue": 5.5, "speechRate": "fast", "silenceDuration": "0.5"});
    let sentences = |value: &Value| {
        message!(only(&ReceiptType::SecretAsrReport, &json!({"callId": "c1", "sentences": value})), SecretAsrReport)
            .sentences
    };
    let read = sentences(&json!([sentence]));
    assert_eq!((read[0].begin_time, read[0].emotion_value), (Some(640), Some(5.5)));
    assert_eq!((read[0].speech_rate, read[0].silence_duration), (None, Some(0.5)));
    assert_eq!(sentences(&sentence), read);
    for nothing in [json!(null), json!(""), json!([])] {
        assert_eq!(sentences(&nothing), []);
    }
    let other = only(&ReceiptType::SecretAsrReport, &json!({"callId": "c1", "sentences": [sentence, 7]}));
    assert_eq!(message!(other, Other).reason, OtherReason::Field("sentences"));
}

#[test]
fn more_facts_of_a_parcel_may_be_an_object() {
    let body = r#"{"mailNo":"m","packageDyn":{"weight": 1223.30},"outerOrderCode":123456789012345678}"#;
    let report = message!(parsed(&ReceiptType::SmartLogisticsReport, body).remove(0), SmartLogisticsReport);
    assert_eq!(report.package_dyn.unwrap().expose(), r#"{"weight": 1223.30}"#);
    assert_eq!(report.outer_order_code.as_deref(), Some("123456789012345678"));
}

#[test]
fn an_invalid_sample_is_an_error_that_shows_nothing() {
    // The page of NumberManagementReport has a sample without this comma.
    let body = b"[{\"secretNo\":\"17000000002\"\n\"city\":\"c\"}]";
    let error = privacy_number::aliyun::receipt::parse(&ReceiptType::NumberManagementReport, body).unwrap_err();
    assert!(matches!(error, ParseReceiptError::NotJson { line: 2, .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("1700"));
}
