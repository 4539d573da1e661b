//! The crate has every type, field and value of the catalogue, and no others.

use std::collections::{BTreeMap, BTreeSet};

use privacy_number::aliyun::receipt::*;
use serde_json::{Map, Value, json};

use super::{only, parsed};
use crate::fixtures::read_json;

/// The names of a type's members, each with its documented type and its enumeration.
type Fields = BTreeMap<String, (String, Option<String>)>;

/// The documented fields of every type, in every documented spelling.
pub(crate) fn documented() -> BTreeMap<String, Fields> {
    let catalogue = read_json("receipts.json");
    let mut types = BTreeMap::new();
    for entry in catalogue["message_types"].as_array().unwrap() {
        let mut fields = Fields::new();
        for transport in entry["transports"].as_object().unwrap().values() {
            add(&transport["fields"], &mut fields);
        }
        types.insert(entry["name"].as_str().unwrap().to_owned(), fields);
    }
    let audit = &read_json("aliyun-newer.json")["related_messages"][0];
    let mut fields = Fields::new();
    add(&audit["fields"], &mut fields);
    types.insert(audit["name"].as_str().unwrap().to_owned(), fields);
    let sms = &catalogue["legacy_message_types"][0];
    let names = sms["fields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap());
    let fields = names.map(|name| (name.split(' ').next().unwrap().to_owned(), ("string".to_owned(), None)));
    types.insert(sms["name"].as_str().unwrap().to_owned(), fields.collect());
    types
}

fn add(list: &Value, fields: &mut Fields) {
    for field in list.as_array().unwrap() {
        let text = |name: &str| field[name].as_str().map(ToOwned::to_owned);
        let aliases = field["aliases"].as_array().into_iter().flatten().map(|alias| alias.as_str().unwrap().to_owned());
        for name in aliases.chain(text("name")) {
            fields.insert(name, (text("type").unwrap(), text("enum")));
        }
    }
}

/// The name in snake case, without the aliases of other words.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in
        name.replace("subs_id", "sub_id").replace("ring_Time", "ring_time").replace("Vendor", "vendor").chars()
    {
        if character.is_uppercase() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

/// The names of the fields of a struct, from its `Debug`.
fn fields_of(debug: &str) -> BTreeSet<String> {
    let (_, inside) = debug.split_once(" { ").unwrap();
    let fields = inside.split(", ").filter_map(|field| field.split_once(": "));
    fields.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_type_is_known() {
    let known: BTreeSet<_> = ReceiptType::KNOWN.iter().map(|receipt_type| receipt_type.as_str().to_owned()).collect();
    assert_eq!(known, documented().into_keys().collect());
    for receipt_type in ReceiptType::KNOWN {
        assert!(!matches!(receipt_type, ReceiptType::Other(_)));
        assert_eq!(receipt_type.as_str().parse().as_ref(), Ok(receipt_type));
    }
}

#[test]
fn every_field_is_read_and_no_other_is_in_the_structs() {
    for (name, fields) in documented() {
        let receipt_type = ReceiptType::from(&*name);
        let mut shown = String::new();
        for (field, (kind, _)) in &fields {
            let value = if field == "sentences" {
                json!([{"text": "a"}])
            } else if field.to_lowercase().contains("time") || field == "logisticsGmtModified" {
                json!("2021-08-25 20:11:29")
            } else {
                assert!(["string", "String", "int", "int64", "Long"].contains(&&**kind), "{name} {field}: {kind}");
                json!(1)
            };
            let receipt = only(&receipt_type, &json!({ field: value }));
            assert!(!matches!(receipt, Receipt::Other(_)), "{name} does not read {field}");
            shown = format!("{receipt:?}");
            assert_eq!(
                shown.matches("Some(").count() + shown.matches("[Reported").count() - usize::from(field == "sentences"),
                1,
                "{shown}"
            );
        }
        let shown = shown.split_once('(').unwrap().1;
        let expected: BTreeSet<_> = fields.keys().map(|field| snake(field)).collect();
        let mut found = fields_of(shown);
        if name == "SecretAsrReport" {
            found = expected.clone().into_iter().filter(|field| shown.contains(&format!("{field}: "))).collect();
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_field_of_a_sentence_is_read() {
    let catalogue = read_json("receipts.json");
    let types = catalogue["message_types"].as_array().unwrap();
    let asr = types.iter().find(|entry| entry["name"] == "SecretAsrReport").unwrap();
    let fields = asr["transports"]["http"]["fields"].as_array().unwrap();
    let sentences = fields.iter().find(|field| field["name"] == "sentences").unwrap();
    let names: Vec<_> =
        sentences["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 7);
    for name in names {
        let receipt = only(&ReceiptType::SecretAsrReport, &json!({"sentences": [{ name: "1" }]}));
        let Receipt::SecretAsrReport(report) = receipt else { panic!("{name}: {receipt:?}") };
        let shown = format!("{:?}", report.sentences[0]);
        assert!(shown.contains(&format!("{}: Some(", snake(name))), "{name}: {shown}");
    }
}

#[test]
fn every_value_is_known() {
    let enums = read_json("receipts.json")["enums"].clone();
    let mut used = BTreeSet::new();
    for (name, fields) in documented() {
        for (field, (_, values)) in fields {
            let Some(values) = values else { continue };
            for value in values_of(&enums[&values]) {
                let receipt = only(&ReceiptType::from(&*name), &json!({ &field: value }));
                let shown = format!("{receipt:?}");
                assert!(!shown.contains("Other("), "{values} {value}: {shown}");
                assert!(shown.contains("Some("), "{values} {value}: {shown}");
                if let Receipt::SecretReport(report) = receipt
                    && let Some(cause) = report.release_cause
                {
                    // The text of 39 was cut off in the only copy of the page.
                    assert!(cause.meaning().is_some() || cause.code() == 39, "{cause}");
                }
            }
            used.insert(values);
        }
    }
    assert_eq!(used, enums.as_object().unwrap().keys().cloned().collect());
}

/// The documented values of an enumeration.
fn values_of(description: &Value) -> Vec<Value> {
    if let Some(values) = description["values"].as_array() {
        return values.iter().map(|value| value["v"].clone()).collect();
    }
    let tables = ["current_1_to_39", "table_2019", "special"].map(|table| description[table].as_object().unwrap());
    tables.into_iter().flat_map(Map::keys).map(|code| json!(code.parse::<i64>().unwrap())).collect()
}

#[test]
fn every_stored_message_is_read() {
    let mut count = 0;
    for file in std::fs::read_dir(format!("{}/tests/fixtures/receipts", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let Some((transport, rest)) = name.strip_suffix(".json").and_then(|name| name.split_once('_')) else {
            continue;
        };
        let receipt_type = ReceiptType::from(rest.split('_').next().unwrap());
        if !["http", "mns"].contains(&transport) || matches!(receipt_type, ReceiptType::Other(_)) {
            continue;
        }
        for receipt in parsed(&receipt_type, &crate::fixtures::read(&format!("receipts/{name}"))) {
            assert_eq!(receipt.receipt_type(), receipt_type);
            assert!(!matches!(receipt, Receipt::Other(_)), "{name}: {receipt:?}");
        }
        count += 1;
    }
    assert_eq!(count, 18);
}
