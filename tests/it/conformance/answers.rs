//! Every field of the catalogue is read from JSON and from XML, each into a public field of its own.

use privacy_number::aliyun::HttpMethod;
use privacy_number::{Error, Format};
use serde_json::{Value, json};

use super::Report;
use super::link::Link;
use crate::catalogue::{self, Document, Entry, Field, place, values_at};
use crate::fixtures::read;
use crate::samples::{AnswerField, FieldType, Sample};

/// Where the two formats of a stored response have different values: the document wraps its XML in the middle of a key
/// id, and omits a digit of a serial number.
const STORED_APART: [(&str, &str); 3] = [
    ("aliyun/GetTotalPublicUrl.json", "Data.RingPublicUrl"),
    ("aliyun/GetTotalPublicUrl.json", "Data.PhonePublicUrl"),
    ("aliyun/DescribePhoneNumberStatus.alt.json", "PhoneStatus.SerialId"),
];

/// The fields that make a response a failure when they hold the code of an error.
fn refuses(operation: &str, path: &str) -> bool {
    matches!(path, "Data.ErrorCode" | "errorCode") || path == "Data.Code" && operation == "CreatePickUpWaybillPreQuery"
}

pub(super) async fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    let json = Link::json().await;
    let xml = Link::start(HttpMethod::Post, Format::Xml).await;
    for file in &entry.fixtures {
        stored_values_are_read::<O>(entry, file, [&json, &xml], &mut report).await;
    }
    for field in &entry.fields {
        let problems = if field.is_container() {
            Vec::new()
        } else {
            let mut problems = changed_value_is_read::<O>(entry, field, [&json, &xml]).await;
            if field.is_sensitive && O::Output::field_type(&field.path) == Some(FieldType::Shown) {
                problems.push("its type shows it".to_owned());
            }
            problems
        };
        report.check(problems.is_empty(), || format!("{}: {}", field.path, problems.join("; ")));
    }
    for container in entry.fields.iter().filter(|field| field.is_container()) {
        let holds = |field: &Field| !field.is_container() && field.path.starts_with(&format!("{}.", container.path));
        let holds_in_list = |field: &Field| field.path.starts_with(&format!("{}[]", container.path));
        let is_reached = entry.fields.iter().any(|field| holds(field) || holds_in_list(field));
        let is_empty =
            values_at(&entry.first_response().content, &container.path).iter().all(|value| **value == json!({}));
        assert!(is_reached || is_empty, "{}: nothing is in {}", O::NAME, container.path);
    }
    report
}

/// Checks that a stored response decodes to its values, the same in both formats.
async fn stored_values_are_read<O: Sample>(entry: &Entry, file: &str, [json, xml]: [&Link; 2], report: &mut Report) {
    let request = &O::request();
    let document = Document::stored(entry, file);
    let answer = json.ask(request, 200, document.json()).await.unwrap_or_else(|error| panic!("{file}: {error}"));
    for field in entry.scalars() {
        let stored: Vec<_> =
            values_at(&document.content, &field.path).into_iter().flat_map(|value| field.texts_of(value)).collect();
        let read = answer.texts(&field.path);
        if read.as_ref() != Some(&stored) {
            report.problems.push(format!("{file}: {} holds {stored:?}, read was {read:?}", field.path));
        }
    }
    let stored_xml = file.replace(".json", ".xml");
    // Some loose responses are stored in JSON only.
    if !exists(&stored_xml) {
        return;
    }
    let twin = xml.ask(request, 200, read(&stored_xml)).await.unwrap_or_else(|error| panic!("{stored_xml}: {error}"));
    let apart: Vec<_> = STORED_APART.iter().filter(|(name, _)| *name == file).map(|(_, path)| *path).collect();
    for field in entry.fields.iter().filter(|field| !apart.contains(&field.path.as_str())) {
        if answer.texts(&field.path) != twin.texts(&field.path) {
            report.problems.push(format!("{stored_xml}: {} differs from JSON", field.path));
        }
    }
    if apart.is_empty() && answer != twin {
        report.problems.push(format!("{stored_xml} differs from JSON"));
    }
}

fn exists(file: &str) -> bool {
    std::path::Path::new(&format!("{}/tests/fixtures/{file}", env!("CARGO_MANIFEST_DIR"))).exists()
}

/// Checks that another value under one path appears in the field of that path, and in no other.
async fn changed_value_is_read<O: Sample>(entry: &Entry, field: &Field, links: [&Link; 2]) -> Vec<String> {
    let request = &O::request();
    let path = field.path.as_str();
    let files = entry.fixtures.iter();
    let file = files.clone().find(|file| !values_at(&Document::stored(entry, file).content, path).is_empty());
    let original = Document::stored(entry, file.unwrap_or(&entry.fixtures[0]));
    let mut changed = original.clone();
    let value = place(&mut changed.content, path);
    *value = changed_value(value, field, entry.success.depends_on(path));
    let sentinel = field.text(value).unwrap();
    let mut problems = Vec::new();
    for (link, format) in links.into_iter().zip(["JSON", "XML"]) {
        let written = |document: &Document| if format == "XML" { document.xml() } else { document.json() };
        let before = link.ask(request, 200, written(&original)).await;
        let after = link.ask(request, 200, written(&changed)).await;
        let Ok(before) = before else { return vec![format!("{format} was not read")] };
        if entry.success.depends_on(path) {
            if after.is_ok() {
                problems.push(format!("{format} with {sentinel} was taken for a success"));
            }
            if before.texts(path).is_none_or(|texts| texts.len() != 1) {
                problems.push("no public field holds it".to_owned());
            }
            continue;
        }
        if refuses(O::NAME, path) {
            match after {
                Err(Error::Service(error)) if error.code() == sentinel => {}
                after => problems.push(format!("{format} with an error's code {sentinel}: {:?}", after.err())),
            }
            if before.texts(path).is_none() {
                problems.push("no public field holds it".to_owned());
            }
            continue;
        }
        let after = match after {
            Ok(after) => after,
            Err(error) => return vec![format!("{format} with {sentinel}: {error}")],
        };
        match after.texts(path) {
            None => problems.push("no public field holds it".to_owned()),
            Some(texts) if !texts.contains(&sentinel) => problems.push(format!("{format}: {texts:?}, not {sentinel}")),
            Some(_) => {}
        }
        let others = entry.scalars().filter(|other| other.path != path);
        for other in others.filter(|other| before.texts(&other.path) != after.texts(&other.path)) {
            problems.push(format!("{} changed with it", other.path));
        }
    }
    problems
}

/// A value of the same type that no stored response has; for a field of the success rule, a value of failure.
fn changed_value(value: &Value, field: &Field, is_of_success_rule: bool) -> Value {
    let text = value.as_str().unwrap_or_default();
    let is_time = |format: &str| chrono::NaiveDateTime::parse_from_str(text, format).is_ok();
    match value {
        _ if is_of_success_rule && (value.is_boolean() || text == "true") => json!(false),
        Value::Bool(flag) => json!(!flag),
        Value::Number(_) => json!(97),
        Value::String(_) if is_time("%Y-%m-%d %H:%M:%S") => json!("2031-02-03 04:05:06"),
        Value::String(_) if chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() => json!("2031-02-03"),
        Value::String(_) if chrono::NaiveTime::parse_from_str(text, "%H:%M:%S").is_ok() => json!("04:05:06"),
        Value::String(_) if field.is_digit_time => json!("20310203040506"),
        Value::String(_) if text.parse::<f64>().is_ok() => json!("97"),
        Value::String(_) => json!("sentinel"),
        _ => match field.kind.as_str() {
            "String" => json!("sentinel"),
            "Boolean" => json!(true),
            "Long" | "Integer" | "Number" => json!(97),
            "Date" => json!("2031-02-03 04:05:06"),
            other => panic!("{other} is new"),
        },
    }
}
