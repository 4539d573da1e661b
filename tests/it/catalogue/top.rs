//! The catalogue of TOP.

use std::collections::BTreeSet;

use privacy_number::SessionUse;
use serde_json::Value;

use super::success::SuccessRule;
use super::{Entry, Field, Kind, Parameter, array, safety, text};
use crate::fixtures::read_json;

/// The entries of a catalogue whose stored responses are in a folder of their own.
pub(super) fn entries(catalogue: &Value, folder: &str) -> Vec<Entry> {
    array(&catalogue["methods"]).map(|method| entry(catalogue, method, folder)).collect()
}

fn entry(catalogue: &Value, method: &Value, folder: &str) -> Entry {
    let scenes: Vec<_> = array(&catalogue["methods"]).flat_map(|method| array(&method["scenes"])).map(text).collect();
    let mut required_common: BTreeSet<_> =
        ["method", "app_key", "timestamp", "format", "v", "sign_method", "sign"].map(ToOwned::to_owned).into();
    let session = session(method);
    if session == SessionUse::Required {
        required_common.insert("session".to_owned());
    }
    let mut parameters = Vec::new();
    for parameter in array(&method["request"]).filter(|parameter| !is_left_out(parameter)) {
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
        fixtures: fixtures(&name, folder),
        refusals: Vec::new(),
        safety: safety(&method["safety"]),
        qps: Vec::new(),
        reference_qps: None,
        is_safety_inferred: false,
        session: Some(session),
        charged: method["metered"] == true || method["charged"]["value"] == "yes",
        is_price_unknown: false,
        is_withdrawn: false,
        codes: array(&method["sub_codes"]).map(|row| (200, text(&row["sub_code"]))).collect(),
        name,
    }
}

/// Whether a session is sent, by the documents and by what they advise where nothing is known.
fn session(method: &Value) -> SessionUse {
    let advises = |advice: &str| method["auth"]["evidence"].as_str().is_some_and(|evidence| evidence.contains(advice));
    match method["auth"]["session"].as_str().unwrap() {
        "required" if advises("Let callers leave it out") => SessionUse::Optional,
        "required" => SessionUse::Required,
        "none" if !advises("Let callers pass a session") => SessionUse::Never,
        "none" | "optional" => SessionUse::Optional,
        other => panic!("{other} is new"),
    }
}

/// Parameters that were withdrawn, or belong to a form of the method that is not about orders.
fn is_left_out(parameter: &Value) -> bool {
    let note = parameter["note"].as_str().unwrap_or_default();
    parameter["deprecated"] == true || note.contains("outside this SDK's purpose")
}

/// Successful responses in the shape that the catalogue's paths describe.
fn fixtures(method: &str, folder: &str) -> Vec<String> {
    let index = read_json(&format!("{folder}/index.json"));
    let answers = array(&index["fixtures"]).filter(|fixture| fixture["method"] == method);
    let plain = answers.filter(|fixture| fixture["kind"] == "success" && fixture["format"] == "json");
    let files = plain.map(|fixture| text(&fixture["file"]));
    let shapes = ["nested_result", "comma_string", "as_json_text", "empty_object"];
    let in_another_shape = |file: &String| shapes.iter().any(|shape| file.contains(shape));
    files.filter(|file| !in_another_shape(file)).map(|file| format!("{folder}/{file}")).collect()
}

fn add_parameter(parameters: &mut Vec<Parameter>, parent: &str, parameter: &Value, scenes: &[String]) {
    let name = text(&parameter["wire_name"]);
    let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
    let members = || array(&parameter["items"]).chain(array(&parameter["members"]));
    let kind = match parameter["type"].as_str().unwrap() {
        _ if members().next().is_some() => Kind::Json,
        "List<String>" => Kind::List,
        "Number" => Kind::Whole,
        "Boolean" => Kind::Boolean,
        "Date" => Kind::Time,
        "Json" => Kind::Any,
        "String" if is_json_text(parameter) => kind_in_json(parameter),
        "String" if parameter["encoding"] == "comma separated text" => Kind::Names,
        "String" => Kind::Text,
        "String[]" if is_of_digits(parameter) => Kind::List,
        "String[]" => Kind::Names,
        other => panic!("{other} is new"),
    };
    let own_values = || array(&parameter["enum"]).chain(array(&parameter["values"])).map(text).collect();
    let values = if name == "scene" && !scenes.is_empty() { scenes.to_vec() } else { own_values() };
    let is_sensitive = parameter["sensitive"] == true;
    parameters.push(Parameter { path: path.clone(), kind, values, open_values: Vec::new(), is_sensitive });
    for member in members() {
        add_parameter(parameters, &path, member, scenes);
    }
}

fn is_of_digits(parameter: &Value) -> bool {
    let example = parameter["example"].as_str().unwrap();
    example.bytes().all(|byte| byte == b',' || byte.is_ascii_digit())
}

fn is_json_text(parameter: &Value) -> bool {
    parameter["encoding"].as_str().is_some_and(|encoding| encoding.starts_with("JSON"))
}

/// The kind of a JSON text without documented members, by its example.
fn kind_in_json(parameter: &Value) -> Kind {
    let example: Value = serde_json::from_str(parameter["example"].as_str().unwrap()).unwrap();
    let is_of_texts = example.as_array().is_some_and(|elements| elements.iter().all(Value::is_string));
    if is_of_texts { Kind::Texts } else { Kind::Any }
}

fn add_field(fields: &mut Vec<Field>, parent: &str, member: &Value) {
    let path = format!("{parent}{}", text(&member["wire_name"]));
    let members = || array(&member["items"]).chain(array(&member["members"]));
    let item = member["item_name"].as_str().map(ToOwned::to_owned);
    let inner = item.as_ref().map_or_else(|| path.clone(), |item| format!("{path}.{item}[]"));
    let is_scalar = item.is_none() && members().next().is_none();
    let kind = if is_scalar { text(&member["type"]) } else { "Object".to_owned() };
    let description = member["description"].as_str().unwrap_or_default();
    let field = |path: &str, kind: String, item: Option<String>| Field {
        path: path.to_owned(),
        kind,
        item,
        is_digit_time: false,
        is_sensitive: member["sensitive"] == true,
        is_text_or_list: false,
        has_commas: description.contains("joined by an English comma"),
    };
    fields.push(field(&path, kind, item.clone()));
    if member["type"] == "List<String>" {
        fields.push(field(&inner, "String".to_owned(), None));
    }
    for member in members() {
        add_field(fields, &format!("{inner}."), member);
    }
}
