//! What a call receipt shows: the ids of the platform and its enumerations, and nothing that is private.

use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType};
use serde_json::{Map, Value, json};

use super::call::shown;
use super::for_sentinels;
use crate::receipts::documented;

/// The members whose text `Debug` shows.
const SHOWN: &[&str] = &[
    "aNoWhiteGroupId",
    "aliyunprice",
    "bizKey",
    "callId",
    "call_id",
    "city",
    "code",
    "cpCode",
    "custId",
    "id",
    "mailNo",
    "numberType",
    "outerOrderCode",
    "partnerKey",
    "partner_key",
    "pool_key",
    "sms_intercept_type",
    "sms_type",
    "status",
    "statusCode",
    "sub_id",
    "subs_id",
    "uid",
];

/// The members that the key shows.
const IN_KEYS: &[&str] = &["callId", "call_id", "id"];

/// The members that are numbers: a sentinel of digits is a value of theirs.
const NUMBERS: &[&str] = &["bizDuration", "release_cause", "sms_number"];

/// The members of a sentence.
const SENTENCE: [&str; 7] =
    ["beginTime", "endTime", "channelId", "text", "silenceDuration", "speechRate", "emotionValue"];

/// The only message of a body.
fn read(receipt_type: &ReceiptType, body: &Value) -> Receipt {
    receipt::parse(receipt_type, body.to_string().as_bytes()).unwrap().remove(0)
}

#[test]
fn a_receipt_shows_nothing_private() {
    for_sentinels(async |run| {
        for (name, fields) in documented() {
            let receipt_type = ReceiptType::from(&*name);
            let mut all = Map::new();
            for (field, (_, values)) in &fields {
                let is_shown =
                    values.as_deref().is_some_and(|values| values != "release_cause") || SHOWN.contains(&&**field);
                for sentinel in run.s.all() {
                    let is_number = sentinel.parse::<f64>().is_ok();
                    if is_number && NUMBERS.contains(&&**field) {
                        continue;
                    }
                    let names = SENTENCE.iter().filter(|name| !is_number || **name == "text");
                    let sentence = Map::from_iter(names.map(|name| ((*name).to_owned(), json!(sentinel))));
                    let value = if field == "sentences" { json!([sentence]) } else { json!(sentinel) };
                    let receipt = read(&receipt_type, &json!({ field: value, "new": {sentinel: sentinel} }));
                    let what = format!("{field} of {name}");
                    let key = receipt.key();
                    let found = run.search.found_in(&shown(&receipt));
                    assert_eq!(found.contains(&sentinel), is_shown, "{what}: {receipt:?}");
                    let found = run.search.found_in(&format!("{key} {key:?}"));
                    // A key holds an id only if it is plain.
                    assert!(found.is_empty() || IN_KEYS.contains(&&**field), "{what}: {key}");
                    if !is_shown {
                        all.insert(field.clone(), value);
                    }
                }
            }
            let whole = read(&receipt_type, &Value::Object(all));
            assert!(!matches!(whole, Receipt::Other(_)), "{name}: {whole:?}");
            run.assert_shows_nothing(&whole, &name);
            run.search.assert_clean(&whole.key().to_string(), &name);
        }
    });
}

#[test]
fn a_receipt_that_cannot_be_read_and_the_error_of_a_body_show_nothing() {
    for_sentinels(async |run| {
        let everything = run.s.all().join(" ");
        let kept = [json!(everything), json!([everything]), json!({"call_id": [everything]}), json!({&everything: 1})];
        for receipt_type in ReceiptType::KNOWN.iter().chain([&ReceiptType::from("NewReport")]) {
            for element in &kept {
                let receipt = read(receipt_type, &json!([element]));
                assert!(matches!(receipt, Receipt::Other(_)) || element["call_id"].is_array(), "{receipt:?}");
                run.assert_shows_nothing(&receipt, "another receipt");
                run.search.assert_clean(&format!("{} {:?}", receipt.key(), receipt.key()), "its key");
            }
            let torn = format!("[{}", kept[0]);
            for body in [everything.as_bytes(), torn.as_bytes(), &[everything.as_bytes(), b"\xFF"].concat()] {
                let error = receipt::parse(receipt_type, body).unwrap_err();
                run.search.assert_clean(&format!("{error} {error:?} {}", shown(&error)), "error");
            }
        }
    });
}
