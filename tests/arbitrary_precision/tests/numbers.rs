//! Responses are decoded alike whatever features `serde_json` has: here numbers beyond 64 bits reach every decoder
//! as objects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chrono::{DateTime, Utc};
use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType, ReleaseCause};
use privacy_number::aliyun::{
    self, BindBatchAxg, BindBatchAxgResponse, GetSecretAsrDetail, QuerySecretNoRemain, QuerySubsId, SpecId,
};
use privacy_number::top::{self, OaidDecrypt, ReceiverQuery, SecretGroupQuery};
use privacy_number::{Error, Operation};

fn pop<O: Operation<Gateway = aliyun::Dyplsapi>>(request: &O, body: &str) -> Result<O::Output, Error> {
    aliyun::Client::builder().access_key("id", "secret").build()?.read(request, 200, body.to_owned())
}

fn top<O: Operation<Gateway = top::Top>>(request: &O, body: &str) -> Result<O::Output, Error> {
    top::Client::builder().app("12345678", "secret").build()?.read(request, 200, body.to_owned())
}

#[test]
fn the_feature_is_on() {
    let digits = "1.00000000000000000000000000000000001";
    assert_eq!(serde_json::from_str::<serde_json::Value>(digits).unwrap().to_string(), digits);
}

fn time() -> DateTime<Utc> {
    "2026-01-06T02:00:00Z".parse().unwrap()
}

fn asr() -> GetSecretAsrDetail {
    GetSecretAsrDetail::builder().pool_key("FC1").call_id("1").call_time(time()).build()
}

#[test]
fn fractions_are_read_as_numbers_and_as_text() {
    let body = r#"{"Code":"OK","RequestId":1.5,"Message":-2.25e1,"Data":{"Code":21050000.0,"BusinessId":0.5,
        "BizDuration":1e3,"Sentences":[{"Text":5.7,"EmotionValue":5.7,"BeginTime":10.0,"ChannelId":-0.0}]}}"#;
    let answer = pop(&asr(), body).unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("1.5"));
    assert_eq!(answer.message.unwrap().expose(), "-22.5");
    let detail = answer.data;
    assert!(detail.is_recognised());
    assert_eq!((detail.business_id.as_deref(), detail.biz_duration), (Some("0.5"), Some(1000)));
    let sentence = &detail.sentences[0];
    assert_eq!((sentence.text.expose(), sentence.emotion_value, sentence.begin_time), ("5.7", Some(5.7), Some(10)));
}

#[test]
fn a_list_may_be_a_number_or_hold_numbers() {
    let query = QuerySubsId::builder().pool_key("FC1").phone_no_x("17000000000").build();
    for (ids, read) in [
        ("1.5", &["1.5"] as &[_]),
        ("[1.5, 2, 1e3]", &["1.5", "2", "1000"]),
        (r#"{"string":[1.5]}"#, &["1.5"]),
        (r#"{"total":1.5,"string":1.5}"#, &["1.5"]),
        (r#"{"item":[1.5,"2"],"total":2.5}"#, &["1.5", "2"]),
        ("100000000000000000000000000000001", &["100000000000000000000000000000001"]),
        ("-100000000000000000000000000000001", &["-100000000000000000000000000000001"]),
    ] {
        let answer = pop(&query, &format!(r#"{{"Code":"OK","SubsId":{ids}}}"#)).unwrap();
        assert_eq!(answer.subs_ids, read, "{ids}");
    }
}

#[test]
fn a_neighbour_or_an_unknown_member_may_be_a_fraction() {
    let list = r#"{"top_oaid_decrypt_response":{"x":1.5,"receiver_list":{"y":1.5,"receiver":[{"z":1.5,"tid":2001.0,
        "mobile":13100000000.0}]},"request_id":15.25,"w":{"v":[1.5]}}}"#;
    let single = r#"{"top_oaid_decrypt_response":{"receiver_list":{"z":1.5,"tid":2001.0,"mobile":1.31e10},
        "request_id":15.25}}"#;
    let decrypt = OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()]);
    for body in [list, single] {
        let answer = top(&decrypt, body).unwrap();
        assert_eq!(answer.request_id.as_deref(), Some("15.25"));
        let receiver = &answer.receivers[0];
        assert_eq!(receiver.tid.as_deref(), Some("2001"), "{body}");
        assert_eq!(receiver.mobile.as_ref().unwrap().expose(), "13100000000", "{body}");
    }
    let query = SecretGroupQuery::builder().oaid("oaid-a").build();
    let body = r#"{"top_secret_group_query_response":{"x":1.5,"success":true,"call_mobile":[1.0]}}"#;
    assert_eq!(top(&query, body).unwrap().call_mobile[0].expose(), "1");
}

#[test]
fn a_code_may_be_a_fraction() {
    let decrypt = OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()]);
    for body in [r#"{"error_response":{"code":27.0}}"#, r#"{"code":27.0,"msg":"m"}"#] {
        assert_eq!(top(&decrypt, body).unwrap_err().code(), Some("27"), "{body}");
    }
    let body = r#"{"top_oaid_decrypt_response":{"code":0.0,"receiver_list":[]}}"#;
    assert!(top(&decrypt, body).is_ok());
}

#[test]
fn a_number_that_no_field_holds_is_an_error() {
    let query = QuerySecretNoRemain::builder().spec_id(SpecId::VirtualOperator).city("杭州").build();
    for amount in ["1.5", "-1", "18446744073709551616", "1e999", r#"{"$serde_json::private::Number":"x"}"#] {
        let body = format!(r#"{{"Code":"OK","SecretRemainDTO":{{"Amount":{amount},"City":"杭州"}}}}"#);
        assert!(matches!(pop(&query, &body), Err(Error::Decode(_))), "{amount}");
    }
    let body = r#"{"Code":"OK","SecretRemainDTO":{"Amount":18446744073709551615}}"#;
    assert_eq!(pop(&query, body).unwrap().secret_remain.amount, Some(u64::MAX));
}

#[test]
fn xml_is_read_as_ever() {
    let body = "<BindBatchAxgResponse><SecretBindList><zz>1.5</zz><SecretBind><Code>OK</Code><SecretNo>170</SecretNo>\
                <SubsId>1</SubsId></SecretBind><A0/></SecretBindList><Code>OK</Code></BindBatchAxgResponse>";
    let bind = aliyun::AxgBind::builder().phone_no_a("15000000000").group_id("1").expiration(time());
    let batch = BindBatchAxg::builder().pool_key("FC1").axg_bind_list([bind.build()]).build();
    let answer: BindBatchAxgResponse = pop(&batch, body).unwrap();
    assert_eq!(answer.rows[0].result().unwrap().subs_id, "1");
}

#[test]
fn depth_is_bounded() {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        format!(r#"{{"top_oaid_decrypt_response":{{"receiver_list":{{"x":{nested}}}}}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{"code":{nested}}}}}"#),
    ] {
        let decrypt = OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()]);
        assert!(matches!(top(&decrypt, &body), Err(Error::Decode(_))));
    }
}

#[tokio::test]
async fn the_emulator_answers_as_ever() {
    let emulator = privacy_number::emulator::Emulator::start().await.unwrap();
    let query = SecretGroupQuery::builder().oaid("oaid-2001").build();
    assert!(emulator.shop().unwrap().send(&query).await.unwrap().call_mobile.is_empty());
}

#[test]
fn numbers_of_receipts_are_read() {
    let body =
        br#"[{"call_id":100000000000000000000000000000001,"call_time":1629893489000,"sub_id":1.5,"release_cause":31.0,
        "sms_number":7e1,"new":1e999},1.50]"#;
    let receipts = receipt::parse(&ReceiptType::SecretReport, body).unwrap();
    let Receipt::SecretReport(report) = &receipts[0] else { unreachable!() };
    assert_eq!(report.call_id.as_deref(), Some("100000000000000000000000000000001"));
    assert_eq!(report.call_time_text().as_deref(), Some("2021-08-25 20:11:29"));
    assert_eq!((report.sub_id.as_deref(), report.sms_number), (Some("1.5"), Some(70)));
    assert_eq!(report.release_cause.map(ReleaseCause::code), Some(31));
    let Receipt::Other(other) = &receipts[1] else { unreachable!() };
    assert_eq!(other.raw.expose(), "1.50");
}
