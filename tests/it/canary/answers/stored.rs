//! The documents' own answers, with sentinels in place of people's data.

use privacy_number::Format;
use serde_json::{Value, json};

use crate::canary::sentinels::Sentinels;
use crate::fixtures::read;

pub(super) struct Stored {
    root: String,
    is_top: bool,
    pub(super) content: Value,
}

impl Stored {
    pub(super) fn filled(operation: &str, s: &Sentinels) -> Self {
        let file = match operation {
            "taobao.top.oaid.decrypt" => "top/oaid_decrypt.virtual_11_4",
            "taobao.top.oaid.client.decrypt" => "top/oaid_client_decrypt.virtual_700",
            "taobao.top.secret.group.update" => "top/group_update.success",
            "taobao.top.secret.group.query" => "top/group_query.success",
            "tmall.servicecenter.workcard.virtualphone.bind" => "top/virtualphone_bind.success",
            action => &format!("aliyun/{action}"),
        };
        let mut stored: Value = serde_json::from_str(&read(&format!("{file}.json"))).unwrap();
        let is_top = file.starts_with("top/");
        let (root, mut content) = match stored.as_object_mut().unwrap() {
            members if is_top => {
                assert_eq!(members.len(), 1, "{file}");
                members.iter_mut().next().map(|(root, content)| (root.clone(), content.take())).unwrap()
            }
            _ => (format!("{operation}Response"), stored),
        };
        fill(&mut content, s);
        Self { root, is_top, content }
    }

    /// The answer as the gateway writes it, with a remark of its own.
    pub(super) fn write(&self, format: Format, remark: &str) -> String {
        write(&self.root, self.is_top, &self.content, format, remark)
    }

    /// Another answer in its place.
    pub(super) fn write_error(&self, root: &str, error: Value, format: Format, remark: &str) -> String {
        write(root, self.is_top, &error, format, remark)
    }

    /// Some value in it.
    pub(super) fn any_place(&mut self, dice: &mut fastrand::Rng) -> &mut Value {
        let mut pointers = Vec::new();
        collect(&self.content, String::new(), &mut pointers);
        let pointer = &pointers[dice.usize(..pointers.len())];
        self.content.pointer_mut(pointer).unwrap()
    }

    /// Takes some member out.
    pub(super) fn remove_any(&mut self, dice: &mut fastrand::Rng) {
        let mut pointers = Vec::new();
        collect(&self.content, String::new(), &mut pointers);
        let (parent, member) = pointers[dice.usize(..pointers.len())].rsplit_once('/').unwrap();
        match self.content.pointer_mut(parent).unwrap() {
            Value::Object(members) => _ = members.remove(member),
            Value::Array(items) => _ = items.remove(member.parse().unwrap()),
            scalar => panic!("{scalar} holds nothing"),
        }
    }
}

/// The pointers of all values below this one.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let mut add = |member: String, value: &Value| {
        let pointer = format!("{pointer}/{member}");
        pointers.push(pointer.clone());
        collect(value, pointer, pointers);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| add(name.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| add(index.to_string(), value)),
        _ => {}
    }
}

/// Puts a sentinel wherever a name of the documents says that something of a person stands.
fn fill(value: &mut Value, s: &Sentinels) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match hidden(name, s) {
                    Some(sentinel) => *value = sentinel,
                    None => fill(value, s),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, s)),
        _ => {}
    }
}

fn hidden(name: &str, s: &Sentinels) -> Option<Value> {
    Some(match name {
        "PhoneNoA" | "GotCode" => json!(s.texts.phone_a),
        "PhoneNoB" | "Extension" => json!(s.texts.phone_b),
        "PhoneNoX" | "SecretNo" => json!(s.texts.phone_x),
        "CalledNo" | "mobile" => json!(s.texts.extension),
        "result_data" => json!(s.texts.range_700),
        "phone" => json!(s.texts.landline),
        "call_mobile" => json!({"string": [s.texts.caller, s.texts.phone_a]}),
        "name" => json!(s.texts.name),
        "address_detail" => json!(s.texts.address),
        "town" | "district" | "city" | "state" | "country" => json!(s.texts.town),
        "oaid" => json!(s.texts.oaid),
        "DownloadUrl" | "RingPublicUrl" | "PhonePublicUrl" => json!(s.link),
        "Message" | "Msg" | "ErrorMsg" | "errorMsg" | "msg_info" | "Text" => json!(s.words),
        _ => return None,
    })
}

fn write(root: &str, is_top: bool, content: &Value, format: Format, remark: &str) -> String {
    match (format, is_top) {
        (Format::Json, true) => json!({ root: content }).to_string(),
        (Format::Json, false) => content.to_string(),
        _ if remark.is_empty() => format!("<{root}>{}</{root}>", xml(content)),
        _ => format!("<{root}>{}</{root}><!--{}-->", xml(content), remark.replace('-', "_")),
    }
}

fn xml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match value {
                Value::Array(items) => items.iter().map(|item| element(name, item)).collect(),
                value => element(name, value),
            };
            members.iter().map(member).collect::<Vec<String>>().concat()
        }
        Value::Array(items) => items.iter().map(xml).collect(),
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        other => other.to_string(),
    }
}

fn element(name: &str, value: &Value) -> String {
    // A name of digits only is none in XML.
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { format!("n{name}") } else { name.into() };
    format!("<{name}>{}</{name}>", xml(value))
}
