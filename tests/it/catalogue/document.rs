//! Responses as trees: what stands under a path of the catalogue, how to put something else there, and how the tree is
//! written as JSON and as XML.

use serde_json::{Map, Value, json};

use super::Entry;
use crate::fixtures::read_json;

/// A stored response, without TOP's root.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) content: Value,
    root: String,
    /// Whether JSON has the root too.
    is_rooted: bool,
}

impl Document {
    pub(crate) fn stored(entry: &Entry, file: &str) -> Self {
        let (root, is_rooted) = (entry.root.clone(), file.starts_with("top"));
        let mut content = read_json(file);
        if is_rooted {
            content = content[&root].take();
        }
        Self { content, root, is_rooted }
    }

    /// The same response with other content.
    pub(crate) fn with(&self, content: Value) -> Self {
        Self { content, ..self.clone() }
    }

    /// Other content under another root.
    pub(crate) fn under(&self, root: &str, content: Value) -> Self {
        Self { content, root: root.to_owned(), ..*self }
    }

    pub(crate) fn json(&self) -> String {
        if self.is_rooted { json!({ &self.root: self.content }).to_string() } else { self.content.to_string() }
    }

    pub(crate) fn xml(&self) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        write_xml(&mut text, &self.root, &self.content);
        text
    }
}

fn write_xml(text: &mut String, name: &str, value: &Value) {
    // No name of XML begins with a digit.
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { &format!("n{name}") } else { name };
    match value {
        Value::Array(elements) => elements.iter().for_each(|element| write_xml(text, name, element)),
        Value::Null => {}
        Value::Object(members) => {
            text.push_str(&format!("<{name}>"));
            members.iter().for_each(|(name, member)| write_xml(text, name, member));
            text.push_str(&format!("</{name}>"));
        }
        scalar => {
            let plain = scalar_text(scalar).unwrap_or_default();
            let escaped = plain.replace('&', "&amp;").replace('<', "&lt;");
            text.push_str(&format!("<{name}>{escaped}</{name}>"));
        }
    }
}

/// The text of a scalar without the white space around it; `None` for `null`, an empty text, and 无.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!text.is_empty() && text != "无").then_some(text)
}

/// Everything under a path, through all elements of its lists.
pub(crate) fn values_at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(member) = value.get(first.trim_end_matches("[]")) else { return Vec::new() };
    let elements = match member {
        Value::Array(elements) if first.ends_with("[]") => elements.iter().collect(),
        other => vec![other],
    };
    match rest {
        Some(rest) => elements.into_iter().flat_map(|element| values_at(element, rest)).collect(),
        None => elements,
    }
}

/// The place of a path, made if it is not there; the first element of a list.
pub(crate) fn place<'a>(value: &'a mut Value, path: &str) -> &'a mut Value {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let mut member = &mut value[first.trim_end_matches("[]")];
    // A single element may stand in place of a list.
    if first.ends_with("[]") && !member.is_object() {
        if member.as_array().is_none_or(Vec::is_empty) {
            *member = json!([null]);
        }
        member = &mut member[0];
    }
    match rest {
        Some(rest) => place(member, rest),
        None => member,
    }
}
