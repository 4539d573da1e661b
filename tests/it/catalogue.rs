//! The catalogues of both gateways, as flat lists of names, types and paths.

mod aliyun;
mod document;
mod success;
mod top;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDateTime;
use privacy_number::{Safety, SessionUse};
use serde_json::Value;

use crate::fixtures::read_json;
pub(crate) use document::{Document, place, scalar_text, values_at};
use success::SuccessRule;

/// The catalogues of Aliyun: the file, and the folder of its stored responses.
const ALIYUN: [(&str, &str); 2] = [("aliyun.json", "aliyun"), ("aliyun-newer.json", "aliyun-newer")];

/// The catalogues of TOP, with the same.
const TOP: [(&str, &str); 3] = [("top.json", "top"), ("top-oaid.json", "top-oaid"), ("top-auth.json", "top-auth")];

/// How a parameter is written, in a form and inside a JSON text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Boolean,
    /// `yyyy-MM-dd HH:mm:ss` in China time.
    Time,
    /// `yyyyMMddHHmmss`, with or without milliseconds, in China time.
    DigitTime,
    /// One JSON text with members of its own.
    Json,
    /// Text with commas in a form, a JSON array of texts inside a JSON text.
    List,
    /// Names with commas in a form.
    Names,
    /// One JSON text that is an array of texts.
    Texts,
    /// A value whose type or members no document says.
    Any,
}

pub(crate) struct Parameter {
    /// `PoolKey`, or `SendAddress.CityName` for a member of a JSON text; no index for elements of a list.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// The documented values, if they are few and no others are taken.
    pub(crate) values: Vec<String>,
    /// The documented values, if others are taken too.
    pub(crate) open_values: Vec<String>,
    /// Whether the catalogue marks it as personal or secret.
    pub(crate) is_sensitive: bool,
}

impl Parameter {
    /// Whether it is inside another parameter's JSON text.
    pub(crate) fn is_member(&self) -> bool {
        self.path.contains('.')
    }
}

pub(crate) struct Field {
    /// `Data.Sentences[].Text`.
    pub(crate) path: String,
    /// The catalogue's word: `String`, `Long`, `Object`.
    pub(crate) kind: String,
    /// The key that wraps the elements of a list, if one does.
    pub(crate) item: Option<String>,
    /// Whether it is a time that is digits alone, `yyyyMMddHHmmss`.
    pub(crate) is_digit_time: bool,
    /// Whether the catalogue marks it as personal or secret.
    pub(crate) is_sensitive: bool,
    /// Whether it is a text in some answers and a list in others; then the text holds the JSON of the list.
    pub(crate) is_text_or_list: bool,
    /// Whether each text of a list may have commas.
    pub(crate) has_commas: bool,
}

impl Field {
    /// The texts that a value of this field holds; a time as the tests write the times that they read.
    pub(crate) fn texts_of(&self, value: &Value) -> Vec<String> {
        let parsed = value.as_str().and_then(|text| serde_json::from_str(text).ok());
        match parsed.as_ref().unwrap_or(value) {
            Value::Array(elements) if self.is_text_or_list => elements.iter().filter_map(scalar_text).collect(),
            _ => self.text(value).into_iter().collect(),
        }
    }

    /// The text of a value, as [`scalar_text`]; a time as the tests write the times that they read.
    pub(crate) fn text(&self, value: &Value) -> Option<String> {
        let text = scalar_text(value)?;
        let time = NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%S").ok().filter(|_| self.is_digit_time);
        Some(time.map_or(text, |time| time.to_string()))
    }

    /// Whether it holds other fields and no text of its own.
    pub(crate) fn is_container(&self) -> bool {
        matches!(self.kind.as_str(), "Object" | "Array")
    }

    pub(crate) fn is_list(&self) -> bool {
        self.kind == "Array" || self.item.is_some()
    }
}

pub(crate) struct Entry {
    pub(crate) name: String,
    /// The product of Aliyun that it belongs to.
    pub(crate) product: Option<String>,
    /// Parameters that every call of the gateway may carry, and those that it must.
    pub(crate) common: BTreeSet<String>,
    pub(crate) required_common: BTreeSet<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// TOP's complex parameter that may stand around all others.
    pub(crate) wrapper: Option<String>,
    pub(crate) takes_get: bool,
    pub(crate) fields: Vec<Field>,
    /// The root of a response in XML, for TOP in JSON too.
    pub(crate) root: String,
    /// Stored successful responses in JSON; each has a sibling in XML.
    pub(crate) fixtures: Vec<String>,
    /// Stored responses in JSON that refuse the request.
    pub(crate) refusals: Vec<String>,
    pub(crate) success: SuccessRule,
    pub(crate) safety: Safety,
    /// The documented limits, which differ by document.
    pub(crate) qps: Vec<u64>,
    /// The limit that a page of the API says; the official metadata may say another.
    pub(crate) reference_qps: Option<u64>,
    /// Whether no document states the safety.
    pub(crate) is_safety_inferred: bool,
    /// Whether TOP gets a session.
    pub(crate) session: Option<SessionUse>,
    pub(crate) charged: bool,
    /// Whether no document states what a call costs.
    pub(crate) is_price_unknown: bool,
    /// Whether newer official SDKs lack the operation.
    pub(crate) is_withdrawn: bool,
    /// Codes of its own, with the HTTP status they come with.
    pub(crate) codes: Vec<(u16, String)>,
}

impl Entry {
    pub(crate) fn parameter(&self, path: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.path == path)
    }

    /// The fields that hold a text of their own.
    pub(crate) fn scalars(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_container())
    }

    /// The stored response that has most of the fields.
    pub(crate) fn fullest_response(&self) -> Document {
        let answers = self.fixtures.iter().map(|file| Document::stored(self, file));
        let fields = |answer: &Document| {
            self.scalars().filter(|field| !values_at(&answer.content, &field.path).is_empty()).count()
        };
        // `max_by_key` returns the last maximum. The first response is the one in the documents.
        answers.rev().max_by_key(fields).unwrap()
    }

    /// The first stored response.
    pub(crate) fn first_response(&self) -> Document {
        Document::stored(self, &self.fixtures[0])
    }
}

/// Everything that the catalogues describe.
pub(crate) fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let mut entries = Vec::new();
        for (file, folder) in ALIYUN {
            entries.extend(aliyun::entries(&read_json(file), folder));
        }
        for (file, folder) in TOP {
            entries.extend(top::entries(&read_json(file), folder));
        }
        entries
    });
    &ENTRIES
}

pub(crate) fn entry(name: &str) -> &'static Entry {
    entries().iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("{name} is not in a catalogue"))
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

#[test]
fn an_operation_has_one_entry_in_all_catalogues() {
    let names: BTreeSet<_> = entries().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names.len(), entries().len());
}

#[test]
fn stored_responses_agree_with_the_rule_of_success() {
    for entry in entries() {
        for (files, is_success) in [(&entry.fixtures, true), (&entry.refusals, false)] {
            for file in files {
                let answer = Document::stored(entry, file);
                assert_eq!(entry.success.accepts(&answer.content), is_success, "{file}");
            }
        }
        assert!(!entry.fixtures.is_empty(), "{} has no stored answer", entry.name);
    }
}
