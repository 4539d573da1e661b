//! The catalogues of Aliyun.

use serde_json::Value;

use super::success::SuccessRule;
use super::{Entry, Field, Kind, Parameter, array, safety, text};
use crate::fixtures::read_json;

const DIGIT_TIME: &str = "yyyyMMddHHmmss";

/// The entries of a catalogue whose stored responses are in a folder of their own.
pub(super) fn entries(catalogue: &Value, folder: &str) -> Vec<Entry> {
    // A later catalogue leaves out what the first one says of the product.
    let base = catalogue["extends"].as_str().map(read_json);
    let product = &base.as_ref().unwrap_or(catalogue)["product"];
    array(&catalogue["operations"]).map(|action| entry(product, action, folder)).collect()
}

fn entry(product: &Value, action: &Value, folder: &str) -> Entry {
    let common = array(&product["common_request_params"]);
    let required = common.clone().filter(|parameter| parameter["required"] == true);
    let mut parameters = Vec::new();
    // `Content-Type` is in the tables of three actions, and an HTTP header.
    for parameter in array(&action["request"]).filter(|parameter| parameter["in"] != "header") {
        add_parameter(&mut parameters, "", parameter);
    }
    let fields: Vec<_> = array(&action["response"]["fields"]).map(field).collect();
    let success = match &action["success"] {
        Value::Null => SuccessRule::of_fields(fields.iter().map(|field| field.path.as_str())),
        rule => SuccessRule::read(rule),
    };
    let fixtures = array(&action["fixtures"]).map(text).filter(|file| file.ends_with(".json"));
    let fixtures = fixtures.map(|file| format!("{folder}/{file}"));
    let (refusals, fixtures) = fixtures.partition(|file| file.ends_with(".refused.json"));
    Entry {
        name: text(&action["action"]),
        product: Some(text(&action["product"])),
        common: common.clone().map(|parameter| text(&parameter["wire_name"])).collect(),
        required_common: required.map(|parameter| text(&parameter["wire_name"])).collect(),
        parameters,
        wrapper: None,
        takes_get: array(&action["http_methods"]).any(|method| method == "GET"),
        fields,
        root: text(&action["response"]["xml_root"]),
        fixtures,
        refusals,
        success,
        safety: safety(&action["safety"]),
        qps: ["qps_limit", "qps_limit_official_metadata"].iter().filter_map(|limit| action[*limit].as_u64()).collect(),
        reference_qps: action["qps_limit"].as_u64().filter(|_| action["qps_basis"] != "official metadata"),
        is_safety_inferred: action["safety_basis"] == "inferred",
        session: None,
        charged: action["billable"] == true,
        is_price_unknown: begins_with(&action["billable_why"], "no per-call fee documented"),
        is_withdrawn: begins_with(&action["availability"], "withdrawn"),
        codes: array(&action["errors"])
            .map(|error| {
                (error["http"].as_u64().map_or(200, |status| status.try_into().unwrap()), text(&error["code"]))
            })
            .collect(),
    }
}

fn field(field: &Value) -> Field {
    Field {
        path: text(&field["path"]),
        kind: text(&field["type"]),
        item: field["item_name"].as_str().or(field["list"]["item_name"].as_str()).map(ToOwned::to_owned),
        is_digit_time: field["note"].as_str().is_some_and(|note| note.contains(DIGIT_TIME)),
        is_sensitive: field["sensitive"].is_string(),
        is_text_or_list: field["type"] == "String" && array(&field["json_types_seen"]).any(|kind| kind == "array"),
        has_commas: false,
    }
}

fn add_parameter(parameters: &mut Vec<Parameter>, parent: &str, parameter: &Value) {
    let name = parameter["wire_name"].as_str().or(parameter["name"].as_str()).unwrap();
    let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
    let keys = || array(&parameter["json_keys"]).chain(array(&parameter["json_keys_official_sdk"]));
    let kind = match parameter["type"].as_str().unwrap() {
        "Boolean" => Kind::Boolean,
        "Integer" | "Long" => Kind::Whole,
        "Object" | "Array" => Kind::Json,
        "String" if keys().next().is_some() => Kind::Json,
        "String" if has_format(parameter, "yyyy-MM-dd HH:mm:ss") => Kind::Time,
        "String" if has_format(parameter, DIGIT_TIME) => Kind::DigitTime,
        "String" => Kind::Text,
        other => panic!("{other} is new"),
    };
    // A value stands alone or beside its meaning.
    let documented = array(&parameter["enum"]).map(|value| text(value.get("value").unwrap_or(value)));
    let (open_values, values) = documented.partition(|_| parameter["enum_open"] == true);
    let is_sensitive = parameter["sensitive"].is_string();
    parameters.push(Parameter { path: path.clone(), kind, values, open_values, is_sensitive });
    for field in array(&parameter["fields"]) {
        add_parameter(parameters, &path, field);
    }
    for key in keys() {
        let path = format!("{path}.{}", text(key));
        parameters.push(Parameter { path, kind: Kind::Any, values: Vec::new(), open_values: Vec::new(), is_sensitive });
    }
}

fn begins_with(value: &Value, start: &str) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(start))
}

fn has_format(parameter: &Value, time: &str) -> bool {
    let mut formats = array(&parameter["constraints"]).chain([&parameter["format"]]).filter_map(Value::as_str);
    formats.any(|format| format.contains(time))
}
