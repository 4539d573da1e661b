//! The catalogues, read once for each question: names, types and paths as flat lists.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use privacy_number::Safety;
use serde_json::Value;

/// How a parameter is written, in a form and inside a JSON text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Whole,
    Boolean,
    /// `yyyy-MM-dd HH:mm:ss` in China time.
    Time,
    /// One JSON text with members of its own.
    Json,
    /// Text with commas in a form, a JSON array of texts inside a JSON text.
    List,
    /// A member whose type no document says.
    Any,
}

pub(super) struct Parameter {
    /// `PoolKey`, or `SendAddress.CityName` for a member of a JSON text; no index for elements of a list.
    pub(super) path: String,
    pub(super) kind: Kind,
    /// The documented values, if they are few.
    pub(super) values: Vec<String>,
}

impl Parameter {
    /// Whether it is inside another parameter's JSON text.
    pub(super) fn is_member(&self) -> bool {
        self.path.contains('.')
    }
}

pub(super) struct Field {
    /// `Data.Sentences[].Text`.
    pub(super) path: String,
    /// The catalogue's word: `String`, `Long`, `Object`.
    pub(super) kind: String,
    /// The key that wraps the elements of a list, if one does.
    pub(super) item: Option<String>,
}

impl Field {
    /// Whether it holds other fields and no text of its own.
    pub(super) fn is_container(&self) -> bool {
        matches!(self.kind.as_str(), "Object" | "Array")
    }

    pub(super) fn is_list(&self) -> bool {
        self.kind == "Array" || self.item.is_some()
    }
}

pub(super) struct Entry {
    pub(super) name: String,
    /// Parameters that every call of the gateway may carry, and those that it must.
    pub(super) common: BTreeSet<String>,
    pub(super) required_common: BTreeSet<String>,
    pub(super) parameters: Vec<Parameter>,
    /// TOP's complex parameter that may stand around all others.
    pub(super) wrapper: Option<String>,
    pub(super) takes_get: bool,
    pub(super) fields: Vec<Field>,
    /// The root of an answer in XML, for TOP in JSON too.
    pub(super) root: String,
    /// Stored answers in JSON; each has a sibling in XML.
    pub(super) fixtures: Vec<String>,
    pub(super) safety: Safety,
    /// The documented limits, which differ by document.
    pub(super) qps: Vec<u64>,
    pub(super) charged: bool,
    /// Codes of its own, with the HTTP status they come with.
    pub(super) codes: Vec<(u16, String)>,
}

impl Entry {
    pub(super) fn parameter(&self, path: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.path == path)
    }
}

pub(super) fn read(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(super) fn read_json(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap()
}

pub(super) fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let (aliyun, top) = (read_json("aliyun.json"), read_json("top.json"));
        let actions = array(&aliyun["operations"]).map(|action| aliyun_entry(&aliyun, action));
        let methods = array(&top["methods"]).map(|method| top_entry(&top, method));
        actions.chain(methods).collect()
    });
    &ENTRIES
}

pub(super) fn entry(name: &str) -> &'static Entry {
    entries().iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

fn array(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map_or_else(Default::default, |array| array.iter())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn safety(value: &Value) -> Safety {
    match value.as_str().unwrap() {
        "safe" => Safety::Safe,
        "idempotent" => Safety::Idempotent,
        "once" => Safety::Once,
        other => panic!("{other} is no safety class"),
    }
}

fn aliyun_entry(catalogue: &Value, action: &Value) -> Entry {
    let common = array(&catalogue["product"]["common_request_params"]);
    let required = common.clone().filter(|parameter| parameter["required"] == true);
    let mut parameters = Vec::new();
    // `Content-Type` is in the tables of three actions, and an HTTP header.
    for parameter in array(&action["request"]).filter(|parameter| parameter["in"] != "header") {
        add_aliyun_parameter(&mut parameters, "", parameter);
    }
    let fixtures = array(&action["fixtures"]).map(text).filter(|file| file.ends_with(".json"));
    Entry {
        name: text(&action["action"]),
        common: common.clone().map(|parameter| text(&parameter["wire_name"])).collect(),
        required_common: required.map(|parameter| text(&parameter["wire_name"])).collect(),
        parameters,
        wrapper: None,
        takes_get: array(&action["http_methods"]).any(|method| method == "GET"),
        fields: array(&action["response"]["fields"])
            .map(|field| Field {
                path: text(&field["path"]),
                kind: text(&field["type"]),
                item: field["item_name"].as_str().map(ToOwned::to_owned),
            })
            .collect(),
        root: text(&action["response"]["xml_root"]),
        fixtures: fixtures.map(|file| format!("aliyun/{file}")).collect(),
        safety: safety(&action["safety"]),
        qps: ["qps_limit", "qps_limit_official_metadata"].iter().filter_map(|limit| action[*limit].as_u64()).collect(),
        charged: action["billable"] == true,
        codes: array(&action["errors"])
            .map(|error| {
                (error["http"].as_u64().map_or(200, |status| status.try_into().unwrap()), text(&error["code"]))
            })
            .collect(),
    }
}

fn add_aliyun_parameter(parameters: &mut Vec<Parameter>, parent: &str, parameter: &Value) {
    let name = parameter["wire_name"].as_str().or(parameter["name"].as_str()).unwrap();
    let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
    let keys = || array(&parameter["json_keys"]).chain(array(&parameter["json_keys_official_sdk"]));
    let kind = match parameter["type"].as_str().unwrap() {
        "Boolean" => Kind::Boolean,
        "Integer" | "Long" => Kind::Whole,
        "Object" | "Array" => Kind::Json,
        "String" if keys().next().is_some() => Kind::Json,
        "String" if parameter["format"].is_string() => Kind::Time,
        "String" => Kind::Text,
        other => panic!("{other} is new"),
    };
    let values = array(&parameter["enum"]).map(text).collect();
    parameters.push(Parameter { path: path.clone(), kind, values });
    for field in array(&parameter["fields"]) {
        add_aliyun_parameter(parameters, &path, field);
    }
    for key in keys() {
        let path = format!("{path}.{}", text(key));
        parameters.push(Parameter { path, kind: Kind::Any, values: Vec::new() });
    }
}

fn top_entry(catalogue: &Value, method: &Value) -> Entry {
    let scenes: Vec<_> = array(&catalogue["methods"]).flat_map(|method| array(&method["scenes"])).map(text).collect();
    let mut required_common: BTreeSet<_> =
        ["method", "app_key", "timestamp", "format", "v", "sign_method", "sign"].map(ToOwned::to_owned).into();
    if method["session"] == "required" {
        required_common.insert("session".to_owned());
    }
    let mut parameters = Vec::new();
    for parameter in array(&method["request"]) {
        add_top_parameter(&mut parameters, "", parameter, &scenes);
    }
    let mut fields = Vec::new();
    for member in array(&method["response"]) {
        add_top_field(&mut fields, "", member);
    }
    let wrapped = array(&method["wire_shapes"]).find(|shape| shape["id"] == "wrapped");
    let name = text(&method["name"]);
    Entry {
        common: required_common.clone(),
        required_common,
        parameters,
        wrapper: wrapped.and_then(|shape| shape["params"].as_object()?.keys().next().cloned()),
        takes_get: false,
        fields,
        root: text(&method["response_root"]),
        fixtures: top_fixtures(&name),
        safety: safety(&method["safety"]),
        qps: Vec::new(),
        charged: method["metered"] == true,
        codes: array(&method["sub_codes"]).map(|row| (200, text(&row["sub_code"]))).collect(),
        name,
    }
}

/// Successful answers in the shape that the catalogue's paths describe.
fn top_fixtures(method: &str) -> Vec<String> {
    let index = read_json("top/index.json");
    let answers = array(&index["fixtures"]).filter(|fixture| fixture["method"] == method);
    let plain = answers.filter(|fixture| fixture["kind"] == "success" && fixture["format"] == "json");
    let files = plain.map(|fixture| text(&fixture["file"]));
    let in_another_shape = |file: &String| file.contains("nested_result") || file.contains("comma_string");
    files.filter(|file| !in_another_shape(file)).map(|file| format!("top/{file}")).collect()
}

fn add_top_parameter(parameters: &mut Vec<Parameter>, parent: &str, parameter: &Value, scenes: &[String]) {
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
    parameters.push(Parameter { path: path.clone(), kind, values });
    for member in members() {
        add_top_parameter(parameters, &path, member, scenes);
    }
}

fn add_top_field(fields: &mut Vec<Field>, parent: &str, member: &Value) {
    let path = format!("{parent}{}", text(&member["wire_name"]));
    let members = || array(&member["items"]).chain(array(&member["members"]));
    let item = member["item_name"].as_str().map(ToOwned::to_owned);
    let inner = item.as_ref().map_or_else(|| path.clone(), |item| format!("{path}.{item}[]"));
    let is_scalar = item.is_none() && members().next().is_none();
    let kind = if is_scalar { text(&member["type"]) } else { "Object".to_owned() };
    fields.push(Field { path, kind, item });
    if member["type"] == "List<String>" {
        fields.push(Field { path: inner.clone(), kind: "String".to_owned(), item: None });
    }
    for member in members() {
        add_top_field(fields, &format!("{inner}."), member);
    }
}
