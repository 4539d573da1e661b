//! One tree of values, written in each form that the gateways answer in.
//!
//! A list stands in the tree as TOP's plain JSON writes it, inside an object with the items' name:
//! `{"receiver_list": {"receiver": [..]}}`. XML and simplified JSON follow from that.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::ledger::Decision;

/// Members of an answer.
pub(crate) type Members = Map<String, Value>;

/// What goes back to the caller, and what the ledger keeps of it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    pub(crate) decision: Decision,
}

/// The forms of TOP.
#[derive(Clone, Copy)]
pub(crate) enum TopFormat {
    Xml,
    Json,
    SimplifiedJson,
}

/// The forms of Alibaba Cloud.
#[derive(Clone, Copy)]
pub(crate) enum PopFormat {
    Json,
    Xml,
}

/// The root of TOP's refusals. Simplifying never takes it away.
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
                // The gateway names the host that answered, after the root element.
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

    /// `root` shows in XML only.
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

/// Members from pairs.
pub(crate) fn members<const N: usize>(pairs: [(&str, Value); N]) -> Members {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A list in the object that names its items.
pub(crate) fn list(item: &str, items: Vec<Value>) -> Value {
    Value::Object(members([(item, Value::Array(items))]))
}

/// Takes lists out of the objects that name their items: such an object has one member, an array.
fn simplified(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let alone = members.len() == 1;
            let mut simple = Map::new();
            for (name, member) in members {
                let member = simplified(member);
                if alone && member.is_array() {
                    return member;
                }
                simple.insert(name, member);
            }
            Value::Object(simple)
        }
        Value::Array(items) => items.into_iter().map(simplified).collect(),
        scalar => scalar,
    }
}

fn write_element(name: &str, value: &Value, into: &mut String) {
    // A list has no element of its own: its items repeat the name.
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
            // XML 1.0 has no way to write the other control characters.
            control if control.is_ascii_control() && !matches!(control, '\t' | '\n') => {
                into.push(char::REPLACEMENT_CHARACTER);
            }
            other => into.push(other),
        }
    }
}
