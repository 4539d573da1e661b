use chrono::SubsecRound;
use serde_json::Value;

use crate::aliyun::receipt::{OtherReason, ParseReceiptError, Receipt, ReceiptType, parse};
use crate::time::parse_china_text;

/// Reads a body as call receipts; the first byte selects the type.
pub fn call_receipts(input: &[u8]) {
    let Some((selector, body)) = input.split_first() else { return };
    let known = ReceiptType::KNOWN.get(usize::from(*selector) % ReceiptType::KNOWN.len().saturating_add(1));
    read_as(known.unwrap_or(&ReceiptType::Other("NewReport".to_owned())), body);
}

/// Reads a body as the response of a queue: messages, or the handles that were not deleted.
pub fn queue_response(body: &[u8]) {
    if let Some(count) = crate::aliyun::receipt::read_queue_response(body) {
        assert!(count <= body.len(), "each message has a text");
    }
}

/// Reads a body as receipts of every type.
#[cfg(test)]
pub(super) fn read_as_every_type(body: &[u8]) {
    ReceiptType::KNOWN.iter().for_each(|receipt_type| read_as(receipt_type, body));
}

fn read_as(receipt_type: &ReceiptType, body: &[u8]) {
    // The same text by another parser, which refuses more: deep nesting and lone surrogates.
    let stricter = serde_json::from_slice::<Value>(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body));
    let receipts = match parse(receipt_type, body) {
        Ok(receipts) => receipts,
        Err(error) => {
            let line = format!("{error} {error:?}");
            assert!(line.is_ascii() && line.len() < 200, "an error quotes nothing: {line}");
            assert!(stricter.is_err() || error == ParseReceiptError::TooMany, "valid JSON is refused: {error}");
            return;
        }
    };
    if let Ok(value) = &stricter {
        let elements = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        assert_eq!(receipts.len(), elements.len(), "each element is a receipt");
        for (receipt, element) in receipts.iter().zip(&elements) {
            assert_kept(receipt, element);
        }
    }
    for receipt in &receipts {
        assert_holds(receipt_type, receipt);
    }
    let again: Vec<_> = parse(receipt_type, body).unwrap().iter().map(Receipt::key).collect();
    assert_eq!(again, receipts.iter().map(Receipt::key).collect::<Vec<_>>(), "a key is stable");
}

/// A message that was not read as its type is kept whole, and one without any value is never read.
fn assert_kept(receipt: &Receipt, element: &Value) {
    match receipt {
        Receipt::Other(other) => {
            let raw: Value = serde_json::from_str(other.raw.expose()).unwrap();
            assert_eq!(raw, *element, "the raw text is the element");
        }
        _ => assert!(element.as_object().is_some_and(|members| members.values().any(|value| !value.is_null()))),
    }
}

fn assert_holds(receipt_type: &ReceiptType, receipt: &Receipt) {
    assert_eq!(receipt.receipt_type(), *receipt_type);
    let key = receipt.key();
    assert!(key.as_str().len() <= 200 && key.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
    assert!(key.as_str().starts_with(&format!("{receipt_type}:")), "{key}");
    let time = receipt.call_time_text().map(|text| parse_china_text(&text).unwrap());
    assert_eq!(time, receipt.call_time().map(|time| time.trunc_subsecs(0)), "the text is the time");
    let is_whole = receipt.pool_key().is_some() && receipt.call_id().is_some() && time.is_some();
    assert_eq!(receipt.recording_query().is_some(), is_whole);
    assert_eq!(receipt.asr_query().is_some(), is_whole);
    let shown = format!("{receipt:?}");
    match receipt {
        Receipt::SecretReport(report) => {
            let is_answered = report.duration().map(|duration| !duration.is_zero());
            assert_eq!(report.is_answered(), is_answered);
            assert!(report.record_url.is_none() || shown.contains("record_url: Some(***)"));
            assert!(report.phone_no.is_none() || shown.contains("phone_no: Some(***)"));
        }
        Receipt::Other(other) => {
            assert!(shown.contains("raw: ***"));
            assert_eq!(other.reason == OtherReason::UnknownType, matches!(receipt_type, ReceiptType::Other(_)));
        }
        _ => {}
    }
}
