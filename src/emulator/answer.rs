//! Responses as a tree of values, and the formats in which the gateways write it.
//!
//! The tree has the structure of TOP's plain JSON: a list is inside an object that names its items, such as
//! `{"receiver_list": {"receiver": [..]}}`. XML and simplified JSON are derived from it.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::ledger::Decision;

/// The members of a response.
pub(crate) type Members = Map<String, Value>;

/// A response before it is sent, and its entry in the ledger.
pub(crate) struct GatewayResponse {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    pub(crate) decision: Decision,
}

/// The response formats of TOP.
#[derive(Clone, Copy)]
pub(crate) enum TopFormat {
    Xml,
    Json,
    SimplifiedJson,
}

/// The response formats of Alibaba Cloud.
#[derive(Clone, Copy)]
pub(crate) enum PopFormat {
    Json,
    Xml,
}

/// The root of TOP's refusals. Simplified JSON keeps it.
pub(crate) const TOP_ERROR: &str = "error_response";

impl TopFormat {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Xml => "text/xml;charset=UTF-8",
            Self::Json | Self::SimplifiedJson => "text/javascript;charset=UTF-8",
        }
    }

    pub(crate) fn write(self, root: &str, members: Members) -> String {
        match self {
            Self::Xml => {
                let mut text = r#"<?xml version="1.0" encoding="utf-8" ?>"#.to_owned();
                write_element(root, &Value::Object(members), &mut text);
                // The gateway appends the name of the host that answered.
                text.push_str("<!--top011023105124.center.na61-->");
                text
            }
            Self::SimplifiedJson if root != TOP_ERROR => simplified(Value::Object(members)).to_string(),
            Self::Json | Self::SimplifiedJson => {
                Value::Object(Map::from_iter([(root.to_owned(), Value::Object(members))])).to_string()
            }
        }
    }
}

impl PopFormat {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }

    /// Only XML has the root.
    pub(crate) fn write(self, root: &str, members: Members) -> String {
        match self {
            Self::Json => Value::Object(members).to_string(),
            Self::Xml => {
                let mut text = r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned();
                write_element(root, &Value::Object(members), &mut text);
                text
            }
        }
    }
}

/// Writes an element with a namespace as an XML document.
pub(crate) fn xml_in_namespace(namespace: &str, root: &str, members: &Members) -> String {
    let mut text = format!(r#"<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{namespace}">"#);
    for (name, member) in members {
        write_element(name, member, &mut text);
    }
    text.push_str("</");
    text.push_str(root);
    text.push('>');
    text
}

/// Builds members from pairs.
pub(crate) fn members<const N: usize>(pairs: [(&str, Value); N]) -> Members {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Builds a list, inside the object that names its items.
pub(crate) fn list(item: &str, items: Vec<Value>) -> Value {
    Value::Object(members([(item, Value::Array(items))]))
}

/// Replaces each object whose only member is an array by the array.
fn simplified(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_single = members.len() == 1;
            let mut result = Map::new();
            for (name, member) in members {
                let member = simplified(member);
                if is_single && member.is_array() {
                    return member;
                }
                result.insert(name, member);
            }
            Value::Object(result)
        }
        Value::Array(items) => items.into_iter().map(simplified).collect(),
        scalar => scalar,
    }
}

fn write_element(name: &str, value: &Value, into: &mut String) {
    // XML has no element for the list: each item repeats the name.
    if let Value::Array(items) = value {
        for item in items {
            write_element(name, item, into);
        }
        return;
    }
    into.push('<');
    into.push_str(name);
    into.push('>');
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                write_element(name, member, into);
            }
        }
        Value::String(text) => write_text(text, into),
        Value::Null => {}
        scalar => into.push_str(&scalar.to_string()),
    }
    into.push_str("</");
    into.push_str(name);
    into.push('>');
}

fn write_text(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '\r' => into.push_str("&#13;"),
            // XML 1.0 cannot represent the other control characters.
            control if control.is_ascii_control() && !matches!(control, '\t' | '\n') => {
                into.push(char::REPLACEMENT_CHARACTER);
            }
            other => into.push(other),
        }
    }
}
