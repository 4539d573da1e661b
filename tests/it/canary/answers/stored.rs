//! The responses in the documents, with sentinels in every private field.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use privacy_number::Format;
use serde_json::Value;

use crate::canary::sentinels::Sentinels;
use crate::catalogue::{self, Document};
use crate::samples::{AnswerField, FieldType, Sample, each_operation};

/// The fullest stored response of an operation, with a sentinel in every field whose type hides its value.
pub(super) fn filled(operation: &str, s: &Sentinels) -> Document {
    let mut answer = catalogue::entry(operation).fullest_response();
    let field_type = FIELD_TYPES[operation];
    Filling { s, field_type, filled: 0 }.fill("", &mut answer.content);
    answer
}

/// The type of the field under a path of an operation's answer.
type TypeOfField = fn(&str) -> Option<FieldType>;

static FIELD_TYPES: LazyLock<BTreeMap<&str, TypeOfField>> =
    LazyLock::new(|| each_operation!(named_field_type).into_iter().collect());

fn named_field_type<O: Sample>() -> (&'static str, TypeOfField) {
    (O::NAME, O::Output::field_type)
}

struct Filling<'a> {
    s: &'a Sentinels,
    field_type: TypeOfField,
    /// How many fields have a sentinel.
    filled: usize,
}

impl Filling<'_> {
    fn fill(&mut self, path: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.fill(&path, member);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(path, item)),
            scalar => {
                let field_type = (self.field_type)(path).unwrap_or(FieldType::Shown);
                if field_type != FieldType::Shown {
                    *scalar = self.sentinel(field_type, scalar).into();
                }
            }
        }
    }

    /// The sentinel for the next field. Each field has another one while there are enough.
    fn sentinel(&mut self, field_type: FieldType, stored: &Value) -> &str {
        let s = self.s;
        let texts = &s.texts;
        let stored = stored.as_str().map_or_else(|| stored.to_string(), ToOwned::to_owned);
        let choices: &[&String] = match field_type {
            FieldType::PhoneNumber => &[&texts.phone_a, &texts.phone_b, &texts.landline],
            FieldType::VirtualNumber => &[&texts.phone_x, &texts.extension, &texts.range_700],
            _ if stored.starts_with("http") => &[&s.link],
            _ if stored.starts_with(|first: char| first.is_ascii_digit()) => &[&texts.caller, &texts.phone_b],
            _ => &[&s.words, &texts.name, &texts.address, &texts.town, &texts.oaid, &texts.remark],
        };
        self.filled += 1;
        choices[(self.filled - 1) % choices.len()]
    }
}

/// The response in this format, with a comment in XML.
pub(super) fn write(answer: &Document, format: Format, remark: &str) -> String {
    match format {
        Format::Json => answer.json(),
        _ if remark.is_empty() => answer.xml(),
        _ => format!("{}<!--{}-->", answer.xml(), remark.replace('-', "_")),
    }
}

/// A random value of a response.
pub(super) fn any_place<'a>(answer: &'a mut Document, rng: &mut fastrand::Rng) -> &'a mut Value {
    let pointers = pointers(&answer.content);
    let pointer = &pointers[rng.usize(..pointers.len())];
    answer.content.pointer_mut(pointer).unwrap()
}

/// Removes a random member.
pub(super) fn remove_any(answer: &mut Document, rng: &mut fastrand::Rng) {
    let pointers = pointers(&answer.content);
    let (parent, member) = pointers[rng.usize(..pointers.len())].rsplit_once('/').unwrap();
    match answer.content.pointer_mut(parent).unwrap() {
        Value::Object(members) => _ = members.remove(member),
        Value::Array(items) => _ = items.remove(member.parse().unwrap()),
        scalar => panic!("{scalar} holds nothing"),
    }
}

/// The JSON pointers of all values inside this one.
fn pointers(value: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    add_pointers(value, String::new(), &mut pointers);
    pointers
}

fn add_pointers(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let mut add = |member: String, value: &Value| {
        let pointer = format!("{pointer}/{member}");
        pointers.push(pointer.clone());
        add_pointers(value, pointer, pointers);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| add(name.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| add(index.to_string(), value)),
        _ => {}
    }
}
