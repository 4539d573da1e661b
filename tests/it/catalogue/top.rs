//! The catalogue of TOP.

use std::collections::BTreeSet;

use serde_json::Value;

use super::success::SuccessRule;
use super::{Entry, Field, Kind, Parameter, array, safety, text};
use crate::fixtures::read_json;

pub(super) fn entries(catalogue: &Value) -> Vec<Entry> {
    array(&catalogue["methods"]).map(|method| entry(catalogue, method)).collect()
}

fn entry(catalogue: &Value, method: &Value) -> Entry {
    let scenes: Vec<_> = array(&catalogue["methods"]).flat_map(|method| array(&method["scenes"])).map(text).collect();
    let mut required_common: BTreeSet<_> =
        ["method", "app_key", "timestamp", "format", "v", "sign_method", "sign"].map(ToOwned::to_owned).into();
    if method["session"] == "required" {
        required_common.insert("session".to_owned());
    }
    let mut parameters = Vec::new();
    for parameter in array(&method["request"]) {
        add_parameter(&mut parameters, "", parameter, &scenes);
    }
    let mut fields = Vec::new();
    for member in array(&method["response"]) {
        add_field(&mut fields, "", member);
    }
    let wrapped = array(&method["wire_shapes"]).find(|shape| shape["id"] == "wrapped");
    let name = text(&method["name"]);
    Entry {
        product: None,
        common: required_common.clone(),
        required_common,
        parameters,
        wrapper: wrapped.and_then(|shape| shape["params"].as_object()?.keys().next().cloned()),
        takes_get: false,
        success: SuccessRule::of_fields(fields.iter().map(|field| field.path.as_str())),
        fields,
        root: text(&method["response_root"]),
        fixtures: fixtures(&name),
        refusals: Vec::new(),
        safety: safety(&method["safety"]),
        qps: Vec::new(),
        reference_qps: None,
        is_safety_inferred: false,
        charged: method["metered"] == true,
        is_price_unknown: false,
        is_withdrawn: false,
        codes: array(&method["sub_codes"]).map(|row| (200, text(&row["sub_code"]))).collect(),
        name,
    }
}

/// Successful responses in the shape that the catalogue's paths describe.
fn fixtures(method: &str) -> Vec<String> {
    let index = read_json("top/index.json");
    let answers = array(&index["fixtures"]).filter(|fixture| fixture["method"] == method);
    let plain = answers.filter(|fixture| fixture["kind"] == "success" && fixture["format"] == "json");
    let files = plain.map(|fixture| text(&fixture["file"]));
    let in_another_shape = |file: &String| file.contains("nested_result") || file.contains("comma_string");
    files.filter(|file| !in_another_shape(file)).map(|file| format!("top/{file}")).collect()
}

fn add_parameter(parameters: &mut Vec<Parameter>, parent: &str, parameter: &Value, scenes: &[String]) {
    let name = text(&parameter["wire_name"]);
    let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
    let members = || array(&parameter["items"]).chain(array(&parameter["members"]));
    let kind = match parameter["type"].as_str().unwrap() {
        _ if members().next().is_some() => Kind::Json,
        "List<String>" => Kind::List,
        "Number" => Kind::Whole,
        "String" => Kind::Text,
        other => panic!("{other} is new"),
    };
    let values = if name == "scene" { scenes.to_vec() } else { array(&parameter["enum"]).map(text).collect() };
    parameters.push(Parameter { path: path.clone(), kind, values, open_values: Vec::new(), is_sensitive: false });
    for member in members() {
        add_parameter(parameters, &path, member, scenes);
    }
}

fn add_field(fields: &mut Vec<Field>, parent: &str, member: &Value) {
    let path = format!("{parent}{}", text(&member["wire_name"]));
    let members = || array(&member["items"]).chain(array(&member["members"]));
    let item = member["item_name"].as_str().map(ToOwned::to_owned);
    let inner = item.as_ref().map_or_else(|| path.clone(), |item| format!("{path}.{item}[]"));
    let is_scalar = item.is_none() && members().next().is_none();
    let kind = if is_scalar { text(&member["type"]) } else { "Object".to_owned() };
    fields.push(Field { path, kind, item, is_digit_time: false, is_sensitive: false, is_text_or_list: false });
    if member["type"] == "List<String>" {
        let kind = "String".to_owned();
        fields.push(Field {
            path: inner.clone(),
            kind,
            item: None,
            is_digit_time: false,
            is_sensitive: false,
            is_text_or_list: false,
        });
    }
    for member in members() {
        add_field(fields, &format!("{inner}."), member);
    }
}
