//! Bodies that nobody should send.

use privacy_number::aliyun::receipt::*;

use super::{message, parsed};

fn error(body: impl AsRef<[u8]>) -> ParseReceiptError {
    let errors = ReceiptType::KNOWN.iter().map(|receipt_type| parse(receipt_type, body.as_ref()).unwrap_err());
    let errors: Vec<_> = errors.collect();
    assert!(errors.iter().all(|error| *error == errors[0]));
    errors[0]
}

#[test]
fn what_is_not_json_is_an_error() {
    for body in
        ["", " ", "<html>", "[", "[1,]", "[{}", "{}{}", "[]x", r#"{"call_id":"c1"#, r#"{"call_id":}"#, "nul", "[1] [2]"]
    {
        assert!(matches!(error(body), ParseReceiptError::NotJson { .. }), "{body}");
    }
    // 张三 in GBK.
    assert_eq!(error(b"[{\"city\":\"\xD5\xC5\xC8\xFD\"}]"), ParseReceiptError::NotUtf8);
    let utf16: Vec<u8> = "[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(error(utf16), ParseReceiptError::NotJson { .. }));
}

#[test]
fn a_truncated_body_is_an_error_and_never_a_part_of_its_messages() {
    let body = crate::fixtures::read("receipts/http_SecretReport.json");
    let body = body.trim_end();
    for end in (0..body.len()).filter(|end| body.is_char_boundary(*end)) {
        assert!(parse(&ReceiptType::SecretReport, &body.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn deep_nesting_neither_overflows_nor_costs_the_message() {
    for levels in [200, 20_000] {
        let deep = format!("{}1{}", r#"{"a":["#.repeat(levels), "]}".repeat(levels));
        let body =
            format!(r#"[{{"call_id":"c1","new":{deep}}}, {deep}, {{"call_id":{deep}}}, {{"sentences":{deep}}}]"#);
        for receipt_type in ReceiptType::KNOWN {
            let receipts = parsed(receipt_type, &body);
            assert_eq!(receipts.len(), 4);
            assert_eq!(message!(receipts[1].clone(), Other).raw.expose(), deep);
        }
        let receipts = parsed(&ReceiptType::SecretReport, &body);
        assert_eq!(receipts[0].call_id(), Some("c1"));
        assert_eq!(message!(receipts[2].clone(), Other).reason, OtherReason::Field("call_id"));
        assert!(matches!(parsed(&ReceiptType::SecretAsrReport, &body)[3], Receipt::Other(_)));
        let arrays = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(matches!(parsed(&ReceiptType::SecretReport, &arrays)[..], [Receipt::Other(_)]));
        assert!(matches!(error("[".repeat(levels)), ParseReceiptError::NotJson { .. }));
    }
}

#[test]
fn an_array_is_bounded() {
    let array = |elements: usize| format!("[{}]", vec!["0"; elements].join(","));
    assert_eq!(parsed(&ReceiptType::SecretReport, &array(10_000)).len(), 10_000);
    assert_eq!(error(array(10_001)), ParseReceiptError::TooMany);
    assert_eq!(error(array(10_001)).to_string(), "the body has more than 10000 messages");
    let sentences = format!(r#"{{"callId":"c1","sentences":{}}}"#, array(1_000_000));
    let other = message!(parsed(&ReceiptType::SecretAsrReport, &sentences).remove(0), Other);
    assert_eq!(other.reason, OtherReason::Field("sentences"));
}

#[test]
fn many_members_and_long_texts_are_read() {
    let members: Vec<_> = (0..100_000).map(|index| format!(r#""m{index}":{index}"#)).collect();
    let long = "长".repeat(100_000);
    let body = format!(r#"{{{},"call_id":"{long}"}}"#, members.join(","));
    let receipts = parsed(&ReceiptType::SecretReport, &body);
    assert_eq!(receipts[0].call_id(), Some(&*long));
    assert!(receipts[0].key().as_str().len() <= 200);
}

#[test]
fn duplicate_members_are_read_only_if_they_agree() {
    let agreeing = r#"{"call_id":"c1","call_id":"c1","city":"a","new":1,"new":2}"#;
    assert_eq!(parsed(&ReceiptType::SecretReport, agreeing)[0].call_id(), Some("c1"));
    let contradictory = r#"{"call_id":"c1","call_id":"c2","city":"a"}"#;
    let other = message!(parsed(&ReceiptType::SecretReport, contradictory).remove(0), Other);
    assert_eq!((other.reason, other.raw.expose()), (OtherReason::Field("call_id"), contradictory));
}
