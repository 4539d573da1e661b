//! The same response in other types: numbers as text and text as numbers, booleans as text, lists in every shape,
//! unknown members. All give the same value.

use serde_json::{Map, Value, json};

use super::Report;
use super::link::Link;
use crate::catalogue::{self, Document, Entry, Field, place, values_at};
use crate::samples::Sample;

pub(super) async fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    let link = Link::json().await;
    let request = &O::request();
    for file in &entry.fixtures {
        let stored = Document::stored(entry, file);
        let expected = link.ask(request, 200, stored.json()).await.unwrap();
        for (name, content) in variants(entry, &stored.content) {
            let variant = stored.with(content);
            let answer = link.ask(request, 200, variant.json()).await;
            report.check(answer.is_ok_and(|answer| answer == expected), || format!("{file}, {name}: another value"));
        }
        for list in lists(entry) {
            let mut answers = Vec::new();
            for empty in empty_lists(list) {
                let mut variant = stored.clone();
                *place(&mut variant.content, &list.path) = empty.clone();
                let answer = link.ask(request, 200, variant.json()).await;
                report.check(answer.is_ok(), || format!("{file}: {} as {empty} is not read", list.path));
                answers.extend(answer);
            }
            let agree = answers.windows(2).all(|pair| pair[0] == pair[1]);
            report.check(agree, || format!("{file}: empty forms of {} differ", list.path));
        }
    }
    report
}

/// Another way to write a scalar, if there is one.
type Rewrite = fn(&Value) -> Option<Value>;

/// All other ways to write a response.
fn variants(entry: &Entry, content: &Value) -> Vec<(String, Value)> {
    let scalars: [(&str, Rewrite); 3] = [
        ("numbers as text", |value| value.is_number().then(|| json!(value.to_string()))),
        ("booleans as text", |value| value.is_boolean().then(|| json!(value.to_string()))),
        ("text as numbers", |value| {
            // Only what a number does not change: no leading zero, no sign, no fraction.
            let text = value.as_str()?;
            text.parse::<u64>().ok().filter(|number| number.to_string() == text).map(|number| json!(number))
        }),
    ];
    let mut variants = Vec::new();
    for (name, rewrite) in scalars {
        variants.push((name.to_owned(), rewritten(content, rewrite)));
    }
    let mut capitals = content.clone();
    for field in entry.fields.iter().filter(|field| field.kind == "Boolean") {
        if let Some(Value::Bool(flag)) = values_at(content, &field.path).first() {
            *place(&mut capitals, &field.path) = json!(flag.to_string().to_uppercase());
        }
    }
    variants.push(("booleans in capitals".to_owned(), capitals));
    variants.push(("unknown members".to_owned(), with_unknown_members(content)));
    if entry.wrapper.is_some() {
        variants.push(("all in one member".to_owned(), json!({"result": content})));
    }
    for list in lists(entry) {
        let found = values_at(content, &list.path);
        let Some(found) = found.first().filter(|value| !value.is_null()) else { continue };
        for (name, shape) in list_shapes(list, found) {
            let mut variant = content.clone();
            *place(&mut variant, &list.path) = shape;
            variants.push((format!("{} {name}", list.path), variant));
        }
    }
    variants
}

fn rewritten(value: &Value, rewrite: Rewrite) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|element| rewritten(element, rewrite)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (name.clone(), rewritten(member, rewrite))).collect())
        }
        scalar => rewrite(scalar).unwrap_or_else(|| scalar.clone()),
    }
}

/// Each object with undocumented members before and after its own.
fn with_unknown_members(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(with_unknown_members).collect(),
        Value::Object(members) => {
            let with_unknown = |(name, member): (&String, &Value)| (name.clone(), with_unknown_members(member));
            let mut extended: Map<_, _> = members.iter().map(with_unknown).collect();
            extended.insert("!unknown".to_owned(), json!({"a": [1, {"b": null}]}));
            extended.insert("~unknown".to_owned(), json!(["x", 1.5, false]));
            extended.insert("~~unknown".to_owned(), Value::Null);
            Value::Object(extended)
        }
        scalar => scalar.clone(),
    }
}

pub(super) fn lists(entry: &Entry) -> impl Iterator<Item = &Field> {
    entry.fields.iter().filter(|field| field.is_list())
}

fn list_shapes(list: &Field, found: &Value) -> Vec<(&'static str, Value)> {
    let bare = match &list.item {
        Some(wrapper) => found.get(wrapper).unwrap_or(found).clone(),
        None => found.clone(),
    };
    let elements = bare.as_array().cloned().unwrap_or_else(|| vec![bare.clone()]);
    let mut shapes = vec![("bare", json!(elements))];
    if let Some(wrapper) = &list.item {
        shapes.push(("wrapped", json!({ wrapper: elements })));
    }
    if let [only] = elements.as_slice() {
        shapes.push(("single", only.clone()));
        if let Some(wrapper) = &list.item {
            shapes.push(("wrapped and single", json!({ wrapper: only })));
        }
    }
    let texts: Vec<_> = elements.iter().filter_map(Value::as_str).collect();
    if !texts.is_empty() && !list.has_commas {
        shapes.push(("as text with commas", json!(texts.join(","))));
    }
    shapes
}

fn empty_lists(list: &Field) -> Vec<Value> {
    let mut empty = vec![json!([]), json!(""), json!({}), Value::Null];
    if let Some(wrapper) = &list.item {
        empty.extend([json!({ wrapper: [] }), json!({ wrapper: "" }), json!({ wrapper: null })]);
    }
    empty
}
