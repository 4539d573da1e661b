//! Every parameter is received under its own name and in the format of its type, by POST and by GET; nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use privacy_number::Format;
use privacy_number::aliyun::HttpMethod;
use serde_json::Value;
use wiremock::Request;

use super::Report;
use super::link::Link;
use crate::catalogue::{self, Entry, Kind, Parameter};
use crate::form;
use crate::samples::{Sample, TIMES, Values};
use crate::server::body;

pub(super) async fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    let mut arrived = Vec::new();
    for method in [HttpMethod::Post, HttpMethod::Get] {
        arrived.push(arrivals::<O>(entry, method, &mut report).await);
    }
    for parameter in &entry.parameters {
        let everywhere = arrived.iter().all(|paths| paths.contains(&parameter.path));
        report.check(everywhere, || format!("the parameter {} did not arrive", parameter.path));
    }
    report
}

/// The paths of everything received in the requests of a sample.
async fn arrivals<O: Sample>(entry: &Entry, method: HttpMethod, report: &mut Report) -> BTreeSet<String> {
    let link = Link::start(method, Format::Json).await;
    let answer = entry.first_response().json();
    for request in O::requests(&Values::documented()) {
        if let Err(error) = link.ask(&request, 200, answer.clone()).await {
            report.problems.push(format!("{}: {error}", O::NAME));
        }
    }
    let mut paths = BTreeSet::new();
    for request in link.received().await {
        let by_get = method == HttpMethod::Get && entry.takes_get;
        let Some(params) = received(&request, by_get) else {
            report.problems.push(format!("{}: a {} request that should be another", O::NAME, request.method));
            continue;
        };
        for missing in entry.required_common.iter().filter(|name| !params.contains_key(*name)) {
            report.problems.push(format!("{}: {missing} did not arrive", O::NAME));
        }
        for (name, value) in params.iter().filter(|(name, _)| !entry.common.contains(*name)) {
            let mut walk = ParameterCheck { entry, paths: &mut paths, report };
            if entry.wrapper.as_ref() == Some(name) {
                walk.members("", &serde_json::from_str(value).unwrap());
            } else {
                walk.top_level(name, value);
            }
        }
    }
    paths
}

/// The parameters of a request, which must all be in the query or all in the body.
fn received(request: &Request, by_get: bool) -> Option<BTreeMap<String, String>> {
    let query = request.url.query();
    match request.method.as_str() {
        "GET" if by_get && request.body.is_empty() => Some(form::decode(query?)),
        "POST" if !by_get && query.is_none() => Some(form::decode(body(request))),
        _ => None,
    }
}

/// Collects the paths of the received values and their problems.
struct ParameterCheck<'e, 'a> {
    entry: &'e Entry,
    paths: &'a mut BTreeSet<String>,
    report: &'a mut Report,
}

impl<'e> ParameterCheck<'e, '_> {
    fn top_level(&mut self, name: &str, text: &str) {
        let Some(parameter) = self.known(name) else { return };
        if !has_wire_form(parameter, text) {
            self.problem(format!("{name} arrived as {text}"));
        }
        if parameter.kind == Kind::Texts {
            let texts = serde_json::from_str::<Vec<String>>(text);
            if texts.is_err() {
                self.problem(format!("{name} is no JSON array of texts"));
            }
        }
        if parameter.kind == Kind::Json {
            match serde_json::from_str::<Value>(text) {
                Ok(value) if value.is_object() || value.is_array() => self.members(name, &value),
                _ => self.problem(format!("{name} is no JSON")),
            }
        }
    }

    /// What is inside a JSON text.
    fn members(&mut self, path: &str, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.members(path, element)),
            Value::Object(members) => {
                for (name, member) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.member(&path, member);
                }
            }
            other => self.problem(format!("{path} holds {other}")),
        }
    }

    fn member(&mut self, path: &str, value: &Value) {
        let Some(parameter) = self.known(path) else { return };
        let is_right = match (parameter.kind, value) {
            (Kind::Json, Value::Object(_) | Value::Array(_)) => {
                self.members(path, value);
                true
            }
            // A JSON text inside a JSON text.
            (Kind::Json, Value::String(text)) => {
                serde_json::from_str(text).map(|value: Value| self.members(path, &value)).is_ok()
            }
            (Kind::List, Value::Array(elements)) => elements.iter().all(Value::is_string),
            (Kind::Boolean, Value::Bool(_)) | (Kind::Whole, Value::Number(_)) => {
                has_wire_form(parameter, &value.to_string())
            }
            (Kind::Text | Kind::Time | Kind::DigitTime, Value::String(text)) => has_wire_form(parameter, text),
            (Kind::Any, value) => !value.is_null(),
            _ => false,
        };
        if !is_right {
            self.problem(format!("{path} arrived as {value}"));
        }
    }

    fn known(&mut self, path: &str) -> Option<&'e Parameter> {
        let parameter = self.entry.parameter(path);
        if parameter.is_none() {
            self.problem(format!("{path} arrived, which the catalogue does not know"));
        }
        self.paths.insert(path.to_owned());
        parameter
    }

    fn problem(&mut self, problem: String) {
        self.report.problems.push(format!("{}: {problem}", self.entry.name));
    }
}

fn has_wire_form(parameter: &Parameter, text: &str) -> bool {
    let in_range = parameter.values.is_empty() || parameter.values.iter().any(|value| value == text);
    in_range
        && match parameter.kind {
            Kind::Boolean => matches!(text, "true" | "false"),
            Kind::Whole => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
            Kind::Time => TIMES.iter().any(|(_, wire)| *wire == text),
            Kind::DigitTime => TIMES.iter().any(|(_, wire)| is_digits_of(wire, text)),
            Kind::List => text.split(',').all(|item| item.bytes().all(|byte| byte.is_ascii_digit())),
            Kind::Names => text.split(',').all(is_name),
            Kind::Text | Kind::Json | Kind::Texts | Kind::Any => !text.is_empty(),
        }
}

/// Whether a text has the digits of a time, and perhaps milliseconds after them.
fn is_digits_of(time: &str, text: &str) -> bool {
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    let milliseconds = text.strip_prefix(&digits);
    milliseconds.is_some_and(|rest| matches!(rest.len(), 0 | 3) && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
}
