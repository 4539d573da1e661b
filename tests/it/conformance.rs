//! The crate against the catalogue of both gateways (`tests/fixtures/aliyun.json`, `tests/fixtures/top.json`): every
//! operation, every parameter, every field of an answer, every code. What the crate lacks is named.

mod answers;
mod catalogue;
mod document;
mod errors;
mod facts;
mod link;
mod lists;
mod loose;
mod parameters;
pub(crate) mod sample;
mod samples;

use std::collections::BTreeSet;

use sample::each_operation;

/// What a check found of one operation.
struct Report {
    operation: &'static str,
    /// How many rules of the catalogue were checked.
    checked: usize,
    problems: Vec<String>,
}

impl Report {
    fn new(operation: &'static str) -> Self {
        Self { operation, checked: 0, problems: Vec::new() }
    }

    /// Counts a rule, and notes it if it does not hold.
    fn check(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.problems.push(format!("{}: {}", self.operation, problem()));
        }
    }
}

/// The rules checked of the actions and of the methods; fails with all problems at once.
fn conclude(reports: &[Report]) -> [usize; 2] {
    let problems: Vec<_> = reports.iter().flat_map(|report| &report.problems).map(String::as_str).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    let sum = |of_top: bool| {
        reports.iter().filter(|report| is_top(report.operation) == of_top).map(|report| report.checked).sum()
    };
    [sum(false), sum(true)]
}

pub(crate) fn is_top(operation: &str) -> bool {
    operation.contains('.')
}

/// An action's entry in Aliyun's catalogue, as it stands there.
pub(crate) fn aliyun_action(name: &str) -> serde_json::Value {
    let mut catalogue = catalogue::read_json("aliyun.json");
    let actions = catalogue["operations"].as_array_mut().unwrap();
    actions.iter_mut().find(|action| action["action"] == name).unwrap().take()
}

#[tokio::test]
async fn every_parameter_and_field_of_the_catalogue_is_in_the_crate() {
    let sent = each_operation!(parameters::check);
    let read = each_operation!(answers::check);
    let (parameters, fields) = (conclude(&sent), conclude(&read));
    for (index, (of_top, kind)) in [(false, "operations"), (true, "methods")].into_iter().enumerate() {
        let entries = || catalogue::entries().iter().filter(move |entry| is_top(&entry.name) == of_top);
        let names: BTreeSet<_> = entries().map(|entry| entry.name.as_str()).collect();
        let covered = sent.iter().map(|report| report.operation).filter(|name| is_top(name) == of_top);
        assert_eq!(covered.collect::<BTreeSet<_>>(), names);
        let documented: usize = entries().map(|entry| entry.parameters.len()).sum();
        let members = entries().flat_map(|entry| &entry.parameters).filter(|parameter| parameter.is_member()).count();
        assert_eq!(parameters[index], documented);
        assert_eq!(fields[index], entries().map(|entry| entry.fields.len()).sum::<usize>());
        println!(
            "conformance: {} {kind}, {} parameters and {members} members of JSON ones, {} answer fields",
            names.len(),
            documented - members,
            fields[index]
        );
    }
}

#[tokio::test]
async fn loose_types_and_shapes_give_the_same_answer() {
    conclude(&each_operation!(loose::check));
}

#[tokio::test]
async fn every_list_is_found_wherever_its_wrapper_stands() {
    let lists = conclude(&each_operation!(lists::check));
    assert!(lists.iter().all(|checked| *checked > 100), "{lists:?}");
}

#[tokio::test]
async fn codes_of_an_operation_give_the_documented_outcome_and_advice() {
    let codes = conclude(&each_operation!(errors::check));
    let entries = catalogue::entries();
    let documented = |top| -> usize {
        entries.iter().filter(|entry| is_top(&entry.name) == top).map(|entry| entry.codes.len()).sum()
    };
    assert_eq!(codes, [documented(false), documented(true)]);
}

#[tokio::test]
async fn safety_limits_and_charges_agree_with_the_catalogue() {
    conclude(&each_operation!(facts::check));
}
