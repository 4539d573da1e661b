//! Every list of every response, in JSON and in XML: under its wrapper in any position, under a wrapper of another
//! name, and with an invalid element.

use privacy_number::{Error, Outcome};
use serde_json::{Map, Value, json};

use super::Report;
use super::link::Link;
use super::loose;
use crate::catalogue::{self, Document, Entry, place, values_at};
use crate::samples::Sample;

/// The wrappers of lists that the documents show bare, as the gateway's own XML elsewhere names them.
const WRAPPERS: [(&str, &str); 6] = [
    ("Data.Sentences", "SecretAsrSentenceDTO"),
    ("Module", "phoneNoAInfo"),
    ("Data.CpTimeSelectList", "TdTimeSelect"),
    ("Data.CpTimeSelectList[].AppointTimes", "TdAppointTimeDTO"),
    ("Data.CpTimeSelectList[].AppointTimes[].TimeList", "TdAppointTimeSlotDTO"),
    ("SubsId", "string"),
];

/// Sorts before and after every wrapper, as JSON and XML are written here.
const BEFORE: &str = "A0";
const AFTER: &str = "zz";

struct List {
    path: String,
    wrapper: String,
}

fn lists(entry: &Entry) -> Vec<List> {
    let documented = loose::lists(entry).map(|list| (list.path.clone(), list.item.clone()));
    let with_commas = (entry.name == "QuerySubsId").then(|| ("SubsId".to_owned(), None));
    let lists = documented.chain(with_commas);
    lists
        .map(|(path, item)| {
            let named = || WRAPPERS.iter().find(|(known, _)| *known == path).map(|(_, wrapper)| (*wrapper).to_owned());
            // The newer catalogue names the elements of a list as the list.
            let own_name = || path.rsplit('.').next().unwrap_or(&path).to_owned();
            let wrapper = item.or_else(named).unwrap_or_else(own_name);
            List { path, wrapper }
        })
        .collect()
}

pub(super) async fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    let link = Link::json().await;
    let request = &O::request();
    for file in &entry.fixtures {
        let stored = Document::stored(entry, file);
        for list in lists(entry) {
            let elements = elements(&list, &stored.content);
            if elements.is_empty() {
                continue;
            }
            let with = |value: Value| {
                let mut changed = stored.clone();
                *place(&mut changed.content, &list.path) = value;
                changed
            };
            for count in [1, 2] {
                let elements: Vec<_> = elements.iter().cycle().take(count).cloned().collect();
                let expected = link.ask(request, 200, with(json!(elements)).json()).await.unwrap();
                for (name, value) in shapes(&list, &elements) {
                    let document = with(value);
                    for (format, body) in [("JSON", document.json()), ("XML", document.xml())] {
                        if is_one_text_under_an_unknown_name(&name, &elements, format) {
                            continue;
                        }
                        let answer = link.ask(request, 200, body.clone()).await;
                        report.check(answer.as_ref().is_ok_and(|answer| *answer == expected), || {
                            format!("{file}: {} of {count} {name} in {format}: {:?}", list.path, answer.as_ref().err())
                        });
                    }
                }
            }
            for (name, value) in no_lists(&list, &elements[0]) {
                let answer = link.ask(request, 200, with(value).json()).await;
                let is_named = answer.is_err_and(|error| names_list(&error, &list.path));
                report.check(is_named, || format!("{file}: {} {name}", list.path));
            }
        }
    }
    report
}

fn elements(list: &List, content: &Value) -> Vec<Value> {
    match values_at(content, &list.path).first() {
        None | Some(Value::Null) => Vec::new(),
        Some(found) => match found.get(&list.wrapper).unwrap_or(found) {
            Value::Array(elements) => elements.clone(),
            Value::String(text) => text.split(',').map(|text| json!(text)).collect(),
            single => vec![single.clone()],
        },
    }
}

/// XML has no lists: a single text under an unknown name is a member like any other, and not taken for the list.
fn is_one_text_under_an_unknown_name(name: &str, elements: &[Value], format: &str) -> bool {
    format == "XML" && name.starts_with("renamed") && elements.len() == 1 && elements[0].is_string()
}

fn shapes(list: &List, elements: &[Value]) -> Vec<(String, Value)> {
    let mut neighbours = vec![json!("x"), json!(7), json!({"a": 1, "b": {"c": "d"}}), json!([])];
    if elements[0].is_object() {
        neighbours.push(json!(["x", 1.5, ["y"]]));
        neighbours.push(json!([{"a": 1}]));
    }
    let mut shapes = Vec::new();
    for (name, wrapper) in [("wrapped", list.wrapper.as_str()), ("renamed", "item")] {
        shapes.push((name.to_owned(), json!({ wrapper: elements })));
        for neighbour in &neighbours {
            for names in [&[BEFORE] as &[_], &[AFTER], &[BEFORE, AFTER]] {
                let mut members: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), neighbour.clone())).collect();
                members.insert(wrapper.to_owned(), json!(elements));
                shapes.push((format!("{name} beside {neighbour} as {names:?}"), Value::Object(members)));
            }
        }
    }
    shapes
}

/// Shapes without a list, or with an invalid element.
fn no_lists(list: &List, element: &Value) -> Vec<(&'static str, Value)> {
    let wrapper = &list.wrapper;
    let mut shapes = vec![
        ("as an object without a known member", json!({"unknown": 1, "other": {"a": 1}})),
        ("with an unknown element", json!([element, {"unknown": 1}])),
        ("with an empty element", json!([element, {}])),
        ("wrapped, with an unknown element", json!({ wrapper: [element, {"unknown": 1}] })),
        ("under two unknown names", json!({"one": [element], "two": [element]})),
        ("with a list for an element", json!([[element]])),
    ];
    if element.is_object() {
        shapes.push(("wrapped, as a single unknown element", json!({ wrapper: {"unknown": 1} })));
    }
    shapes
}

/// Whether the error says that the call was executed, and names this list.
fn names_list(error: &Error, list: &str) -> bool {
    let Error::Decode(decode) = error else { return false };
    let path: String = decode.path().chars().filter(|character| !character.is_ascii_digit()).collect();
    error.outcome() == Outcome::Executed && path.starts_with(list)
}
