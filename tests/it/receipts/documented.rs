//! The stored messages of both ways.

use std::time::Duration;

use privacy_number::aliyun::Vendor;
use privacy_number::aliyun::receipt::*;
use privacy_number::{PhoneNumber, Private, VirtualNumber};

use super::{at, message, parsed, stored};

const POOL: &str = "FC100000000000001";
const CALL: &str = "43612633712c0001";
const SUBS: &str = "1000043068030001";

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn private(text: &str) -> Option<Private> {
    Some(text.into())
}

fn phone(text: &str) -> Option<PhoneNumber> {
    Some(text.into())
}

fn x() -> Option<VirtualNumber> {
    Some("17000000002".into())
}

/// The only message of a stored body, which is an array over HTTP and an object over MNS.
fn one(transport: &str, receipt_type: ReceiptType) -> Receipt {
    let body = crate::fixtures::read(&format!("receipts/{transport}_{receipt_type}.json"));
    assert_eq!(body.trim_start().starts_with('['), transport == "http");
    let mut receipts = stored(transport, &receipt_type);
    assert_eq!(receipts.len(), 1);
    let receipt = receipts.remove(0);
    assert_eq!(receipt.receipt_type(), receipt_type);
    receipt
}

#[test]
fn a_start_is_read() {
    for transport in ["http", "mns"] {
        let is_http = transport == "http";
        let start = message!(one(transport, ReceiptType::SecretStartReport), SecretStartReport);
        let mut expected = SecretStartReport::default();
        expected.pool_key = text(POOL);
        expected.sub_id = text(SUBS);
        expected.call_id = text(CALL);
        expected.phone_no = phone("13900000001");
        expected.secret_no = x();
        expected.peer_no = phone("13900000003");
        expected.called_display_no = x();
        expected.call_type = Some(CallType::Outgoing);
        expected.call_time = at("2021-08-25 20:11:29");
        expected.out_id = private("123456");
        if is_http {
            expected.id = text("1014075900001");
            expected.partner_key = text(POOL);
            expected.city = text("重庆");
            expected.unconnected_cause = Some(UnconnectedCause::None);
            expected.control_type = Some(ControlType::Continue);
        }
        assert_eq!(start, expected, "{transport}");
    }
}

#[test]
fn a_ring_is_read() {
    for transport in ["http", "mns"] {
        let ring = message!(one(transport, ReceiptType::SecretRingReport), SecretRingReport);
        let mut expected = SecretRingReport::default();
        expected.phone_no = phone("13900000001");
        expected.secret_no = x();
        expected.peer_no = phone("13900000003");
        // A quoted number over HTTP.
        expected.call_type = Some(CallType::Incoming);
        expected.call_id = text(CALL);
        expected.call_time = at("2021-08-25 20:11:29");
        expected.pool_key = text(POOL);
        expected.ring_time = at("2021-08-25 20:11:35");
        expected.sub_id = text(SUBS);
        expected.city = text("西安");
        expected.out_id = private("123456");
        expected.extension = private("8011").filter(|_| transport == "mns");
        assert_eq!(ring, expected, "{transport}");
    }
}

#[test]
fn an_answer_is_read() {
    for transport in ["http", "mns"] {
        let answer = message!(one(transport, ReceiptType::SecretPickUpReport), SecretPickUpReport);
        let mut expected = SecretPickUpReport::default();
        expected.phone_no = phone("13900000001");
        expected.secret_no = x();
        expected.peer_no = phone("13900000003");
        expected.call_type = Some(CallType::Incoming);
        expected.call_id = text(CALL);
        expected.call_time = at("2021-08-25 20:11:29");
        expected.pool_key = text(POOL);
        // `ring_Time` over MNS.
        expected.ring_time = at("2021-08-25 20:11:35");
        expected.start_time = at("2021-08-25 20:11:38");
        expected.sub_id = text(SUBS);
        expected.city = text("西安");
        expected.out_id = private("123456");
        assert_eq!(answer, expected, "{transport}");
    }
}

/// The call that both ways report.
fn ended_call() -> SecretReport {
    let mut report = SecretReport::default();
    report.pool_key = text(POOL);
    report.sub_id = text(SUBS);
    report.out_id = private("123456");
    report.call_id = text(CALL);
    report.phone_no = phone("13900000001");
    report.secret_no = x();
    report.peer_no = phone("13900000003");
    report.called_display_no = x();
    report.call_type = Some(CallType::Incoming);
    report.call_time = at("2021-08-25 20:11:29");
    report.call_out_time = at("2021-08-25 20:11:30");
    report.ring_time = at("2021-08-25 20:11:35");
    report.free_ring_time = at("2021-08-25 20:11:35");
    report.start_time = at("2021-08-25 20:11:38");
    report.release_time = at("2021-08-25 20:11:41");
    report.release_dir = Some(ReleaseDirection::Caller);
    report.release_cause = Some(ReleaseCause::new(31));
    report.unconnected_cause = Some(UnconnectedCause::None);
    report
}

#[test]
fn the_end_of_a_call_is_read() {
    let report = message!(one("mns", ReceiptType::SecretReport), SecretReport);
    assert_eq!(report, ended_call());
    assert_eq!(report.duration(), Some(Duration::from_secs(3)));
    assert_eq!((report.is_answered(), report.has_rung()), (Some(true), Some(true)));

    let receipts = stored("http", &ReceiptType::SecretReport);
    assert_eq!(receipts.len(), 2);
    let mut expected = ended_call();
    expected.id = text("1014568510001");
    expected.partner_key = text(POOL);
    expected.city = text("北京");
    expected.record_url = private("https://example.oss-cn-shanghai.aliyuncs.com/record");
    expected.ring_record_url = private("https://example.oss-cn-shanghai.aliyuncs.com/ring");
    expected.control_msg = Some(ControlMessage::Ok);
    expected.control_type = Some(ControlType::Continue);
    assert_eq!(message!(receipts[0].clone(), SecretReport), expected);
}

#[test]
fn an_intercepted_call_is_read() {
    let report = message!(stored("http", &ReceiptType::SecretReport).remove(1), SecretReport);
    let mut expected = SecretReport::default();
    let time = at("2021-08-25 20:15:00");
    expected.id = text("1014568510002");
    expected.partner_key = text(POOL);
    expected.pool_key = text(POOL);
    expected.city = text("北京");
    expected.call_id = text("43612633712c0002");
    expected.phone_no = phone("13900000001");
    expected.secret_no = x();
    expected.peer_no = phone("13900000003");
    expected.called_display_no = x();
    expected.call_type = Some(CallType::CallIntercepted);
    (expected.call_time, expected.call_out_time, expected.ring_time) = (time, time, time);
    (expected.free_ring_time, expected.start_time, expected.release_time) = (time, time, time);
    expected.release_dir = Some(ReleaseDirection::Platform);
    expected.release_cause = Some(ReleaseCause::new(31));
    expected.unconnected_cause = Some(UnconnectedCause::NoBinding);
    expected.control_type = Some(ControlType::Reject);
    expected.control_msg = Some(ControlMessage::NoSubsExist);
    assert_eq!(report, expected);
    assert_eq!(report.duration(), Some(Duration::ZERO));
    assert_eq!((report.is_answered(), report.has_rung()), (Some(false), Some(false)));
}

#[test]
fn a_recording_is_read() {
    for transport in ["http", "mns"] {
        let recording = message!(one(transport, ReceiptType::SecretRecording), SecretRecording);
        let mut expected = SecretRecording::default();
        expected.pool_key = text(POOL);
        // `sub_id` over HTTP, `subs_id` over MNS; milliseconds as a number over HTTP, as text over MNS.
        expected.sub_id = text(SUBS);
        expected.call_id = text(CALL);
        expected.call_time = at("2021-08-25 20:11:29");
        expected.out_id = private("123456");
        assert_eq!(recording, expected, "{transport}");
    }
    let body = crate::fixtures::read("receipts/mns_SecretRecording_2019_date_string.json");
    let recording = message!(parsed(&ReceiptType::SecretRecording, &body).remove(0), SecretRecording);
    assert_eq!(recording.sub_id, text("123456"));
    assert_eq!(recording.call_time, at("2018-01-01 11:00:00"));
    assert_eq!(recording.out_id, None);
}

#[test]
fn a_transcript_is_read() {
    for transport in ["http", "mns"] {
        let report = message!(one(transport, ReceiptType::SecretAsrReport), SecretAsrReport);
        assert_eq!((report.call_id.clone(), report.partner_key.clone()), (text(CALL), text(POOL)));
        assert_eq!((report.biz_duration, report.secret_no.clone()), (Some(9140), x()));
        assert_eq!(report.audio_duration(), Some(Duration::from_millis(9140)));
        assert_eq!((report.status_code.as_deref(), report.is_recognised()), (Some("21050000"), true));
        let sentences: Vec<_> = report
            .sentences
            .iter()
            .map(|it| {
                let said = it.text.as_ref().unwrap().expose();
                (it.begin_time, it.end_time, it.channel_id, said, it.silence_duration, it.speech_rate, it.emotion_value)
            })
            .collect();
        let first = (Some(640), Some(1850), Some(1), "喂,你好。", Some(0.0), Some(148.0), Some(5.5));
        let second = (Some(3160), Some(4120), Some(0), "哎。", Some(0.0), Some(62.0), Some(3.7));
        assert_eq!(sentences, [first, second], "{transport}");
    }
}

#[test]
fn events_of_numbers_are_read() {
    let report = message!(one("mns", ReceiptType::SecretExceptionPhoneReport), SecretExceptionPhoneReport);
    let mut expected = SecretExceptionPhoneReport::default();
    expected.secret_no = x();
    expected.partner_key = text(POOL);
    expected.no_status = Some(NumberHealth::Abnormal);
    expected.timestamp = at("2021-11-02 14:54:59.080");
    assert_eq!(report, expected);

    for transport in ["http", "mns"] {
        let report = message!(one(transport, ReceiptType::NumberManagementReport), NumberManagementReport);
        let mut expected = NumberManagementReport::default();
        expected.secret_no = x();
        expected.city = text("杭州");
        expected.partner_key = text(POOL);
        expected.operating_time = at("2019-01-01 00:00:00");
        expected.status = Some(NumberChange::Created);
        expected.vendor = Some(Vendor::ChinaMobile).filter(|_| transport == "mns");
        assert_eq!(report, expected, "{transport}");
    }
}

#[test]
fn a_failed_review_is_read() {
    let body = r#"{"uid":1000000000000001,"custId":7,"aNoWhiteGroupId":100000001,"organizationCode":"91330000",
        "companyName":"某公司","numberType":"Mobile","phoneNumber":"13900000001","failMessage":"资质不符"}"#;
    let receipt = parsed(&ReceiptType::SecretANumberAuditFailedReport, body).remove(0);
    let mut expected = SecretANumberAuditFailedReport::default();
    expected.uid = text("1000000000000001");
    expected.cust_id = text("7");
    expected.a_no_white_group_id = text("100000001");
    expected.organization_code = private("91330000");
    expected.company_name = private("某公司");
    expected.number_type = Some(AuditedNumberType::Mobile);
    expected.phone_number = phone("13900000001");
    expected.fail_message = private("资质不符");
    assert_eq!(message!(receipt, SecretANumberAuditFailedReport), expected);
}

#[test]
fn a_parcel_is_read() {
    for transport in ["http", "mns"] {
        let report = message!(one(transport, ReceiptType::SmartLogisticsReport), SmartLogisticsReport);
        let mut expected = SmartLogisticsReport::default();
        expected.cp_code = text("YTO");
        expected.mail_no = text("YTO0000000001");
        expected.logistics_gmt_modified = at("2021-12-10 10:00:00");
        expected.city = text("成都");
        expected.biz_key = text("0000000001");
        expected.logistics_status_desc = private("已签收");
        expected.last_logistic_detail = private("包裹已签收");
        expected.aliyunprice = text("6");
        expected.package_dyn = private("{\"weight\": 1223.3}");
        expected.logistics_status = Some(LogisticsStatus::Sign);
        expected.outer_order_code = text("LP0000000001");
        assert_eq!(report, expected, "{transport}");
    }
}

#[test]
fn an_intercepted_sms_is_read() {
    let body = r#"[{"id":1,"partner_key":"FC1","pool_key":"FC2","out_id":"o","sub_id":3,"sms_type":1,
        "send_no":"13900000001","secret_no":"17000000002","receive_no":"13900000003","sms_content":"您好","sms_sign":"店",
        "status":2,"sms_intercept_type":"SUBS_NOT_EXISTS","call_id":"c","code":"UNDELIV","start_time":"2021-08-25 20:11:29"}]"#;
    let receipt = parsed(&ReceiptType::SecretSmsIntercept, body).remove(0);
    assert_eq!((receipt.call_id(), receipt.pool_key()), (Some("c"), Some("FC2")));
    let mut expected = SecretSmsIntercept::default();
    expected.id = text("1");
    expected.partner_key = text("FC1");
    expected.pool_key = text("FC2");
    expected.out_id = private("o");
    expected.sub_id = text("3");
    expected.sms_type = Some(SmsType::Intercepted);
    expected.send_no = phone("13900000001");
    expected.secret_no = x();
    expected.receive_no = phone("13900000003");
    expected.sms_content = private("您好");
    expected.sms_sign = private("店");
    expected.status = Some(SmsStatus::Failed);
    expected.sms_intercept_type = Some(SmsInterceptType::SubsNotExists);
    expected.call_id = text("c");
    expected.code = Some(SmsDeliveryCode::Undeliverable);
    expected.start_time = at("2021-08-25 20:11:29");
    assert_eq!(message!(receipt, SecretSmsIntercept), expected);
}
