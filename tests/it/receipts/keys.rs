//! The key is the same each time a receipt comes, and another one for another receipt.

use std::collections::BTreeMap;

use privacy_number::aliyun::receipt::*;
use serde_json::{Value, json};

use super::{only, stored};

fn key(receipt_type: &ReceiptType, value: &Value) -> String {
    only(receipt_type, value).key().into()
}

#[test]
fn the_keys_of_the_stored_messages() {
    let keys = |transport: &str, receipt_type: &str| -> Vec<String> {
        stored(transport, &receipt_type.into()).iter().map(|receipt| receipt.key().to_string()).collect()
    };
    for (receipt_type, key) in [
        ("SecretStartReport", "SecretStartReport:43612633712c0001"),
        ("SecretRingReport", "SecretRingReport:43612633712c0001:1629893495000"),
        ("SecretPickUpReport", "SecretPickUpReport:43612633712c0001:1629893498000"),
        ("SecretReport", "SecretReport:43612633712c0001"),
        ("SecretRecording", "SecretRecording:43612633712c0001"),
        ("SecretAsrReport", "SecretAsrReport:43612633712c0001:"),
        ("SmartLogisticsReport", "SmartLogisticsReport:"),
        ("NumberManagementReport", "NumberManagementReport:"),
    ] {
        let (http, mns) = (keys("http", receipt_type).remove(0), keys("mns", receipt_type).remove(0));
        assert_eq!(http, mns, "the same event over both ways");
        match http.strip_prefix(key) {
            Some("") => {}
            Some(digest) => {
                assert!(key.ends_with(':') && digest.len() == 32, "{http}");
                assert!(digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{http}");
            }
            None => panic!("{http}"),
        }
    }
    assert_eq!(keys("http", "SecretReport")[1], "SecretReport:43612633712c0002");
    // SHA-256 of 11 and the number, 1 and the status, 13 and the milliseconds, each length in eight bytes.
    let exception = "SecretExceptionPhoneReport:880c7736c655d3769dcd0e498e1ccd02";
    assert_eq!(keys("mns", "SecretExceptionPhoneReport"), [exception]);
}

#[test]
fn the_form_of_a_message_does_not_change_its_key() {
    for (receipt_type, one, other) in [
        (
            ReceiptType::SecretRingReport,
            json!({"call_id": 7, "ring_time": "2021-08-25 20:11:29", "city": "a"}),
            json!({"ringTime": 1_629_893_489_000_i64, "callId": "7"}),
        ),
        (
            ReceiptType::SecretReport,
            json!({"call_id": "c1", "id": 1, "record_url": "https://a"}),
            json!({"call_id": "c1", "release_cause": 16}),
        ),
        (
            ReceiptType::NumberManagementReport,
            json!({"secret_no": "17000000002", "status": 1, "operating_time": "2019-01-01 00:00:00", "vendor": 1}),
            json!({"secretNo": 17_000_000_002_i64, "status": "1", "operatingTime": "2019-01-01 00:00:00"}),
        ),
        (ReceiptType::SecretReport, json!({"id": 1}), json!({"id": "1", "city": "a"})),
    ] {
        assert_eq!(key(&receipt_type, &one), key(&receipt_type, &other), "{receipt_type}");
    }
}

/// What makes each key, and that each part of it does.
#[test]
fn another_event_has_another_key() {
    let sentence = json!({"channelId": 0, "beginTime": 1, "endTime": 2, "text": "a"});
    for (receipt_type, whole) in [
        ("SecretStartReport", json!({"call_id": "c1"})),
        (
            "SecretStartReport",
            json!({"phone_no": "1", "secret_no": "2", "peer_no": "3", "call_time": "2021-08-25 20:11:29"}),
        ),
        ("SecretRingReport", json!({"call_id": "c1", "ring_time": "2021-08-25 20:11:29"})),
        ("SecretPickUpReport", json!({"call_id": "c1", "start_time": "2021-08-25 20:11:29"})),
        ("SecretReport", json!({"call_id": "c1"})),
        ("SecretReport", json!({"id": "c1"})),
        ("SecretRecording", json!({"call_id": "c1"})),
        ("SecretRecording", json!({"pool_key": "p", "sub_id": "1", "call_time": "2021-08-25 20:11:29"})),
        ("SecretAsrReport", json!({"call_id": "c1", "bizDuration": 1, "statusCode": "1"})),
        ("SecretSmsIntercept", json!({"call_id": "c1", "sms_type": 1, "status": 1, "code": "DELIVRD"})),
        ("SecretExceptionPhoneReport", json!({"secretNo": "1", "noStatus": 0, "timestamp": 1_635_836_099_080_i64})),
        ("NumberManagementReport", json!({"secret_no": "1", "status": 1, "operating_time": "2021-08-25 20:11:29"})),
        (
            "SmartLogisticsReport",
            json!({"cpCode": "a", "mailNo": "1", "logisticsStatus": "GOT", "logisticsGmtModified": "2021-08-25 20:11:29"}),
        ),
        (
            "SecretANumberAuditFailedReport",
            json!({"uid": 1, "aNoWhiteGroupId": 2, "phoneNumber": "3", "failMessage": "a"}),
        ),
        ("NewReport", json!({"a": 1})),
    ] {
        let receipt_type = ReceiptType::from(receipt_type);
        let mut keys = BTreeMap::from([(key(&receipt_type, &whole), whole.clone())]);
        for (name, value) in whole.as_object().unwrap() {
            let mut changed = whole.clone();
            changed[name] = match value {
                Value::String(text) if text.starts_with("20") => json!("2021-08-25 20:11:30"),
                Value::String(text) => json!(format!("{text}4")),
                number => json!(number.as_i64().unwrap() + 1),
            };
            let previous = keys.insert(key(&receipt_type, &changed), changed.clone());
            assert_eq!(previous, None, "{receipt_type} {changed}");
        }
    }
    let transcript =
        |sentence: &Value| key(&ReceiptType::SecretAsrReport, &json!({"callId": "c1", "sentences": [sentence]}));
    for name in ["channelId", "beginTime", "endTime", "text"] {
        let mut changed = sentence.clone();
        changed[name] = json!(7);
        assert_ne!(transcript(&sentence), transcript(&changed), "{name}");
    }
}

#[test]
fn types_do_not_share_keys() {
    let message = json!({"call_id": "c1", "secret_no": "1", "mail_no": "1", "phone_number": "1"});
    let keys: BTreeMap<_, _> =
        ReceiptType::KNOWN.iter().map(|receipt_type| (key(receipt_type, &message), receipt_type)).collect();
    assert_eq!(keys.len(), ReceiptType::KNOWN.len());
}

#[test]
fn no_number_is_in_a_key() {
    let number = "13900000001";
    for receipt_type in ReceiptType::KNOWN {
        let message = json!({"secret_no": number, "phone_no": number, "phone_number": number, "send_no": number,
            "peer_no": number, "receive_no": number, "city": number, "sms_content": number, "out_id": number});
        let key = key(receipt_type, &message);
        assert!(!key.contains(&number[3..]), "{key}");
    }
}
