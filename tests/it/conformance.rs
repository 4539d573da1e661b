//! The crate against the catalogues of both gateways (`tests/fixtures/*.json`): every operation, every parameter, every
//! field of a response, every code.

mod answers;
mod errors;
mod facts;
mod link;
mod lists;
mod loose;
mod parameters;

use crate::catalogue;
use crate::samples::{self, each_operation, is_top_name};

/// The result of a check of one operation.
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

    /// Counts a rule, and records a problem if it does not hold.
    fn check(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.problems.push(format!("{}: {}", self.operation, problem()));
        }
    }
}

/// The numbers of checked rules for Aliyun and for TOP. Panics with all problems if there are any.
fn conclude(reports: &[Report]) -> [usize; 2] {
    let problems: Vec<_> = reports.iter().flat_map(|report| &report.problems).map(String::as_str).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    let sum = |of_top: bool| {
        reports.iter().filter(|report| is_top_name(report.operation) == of_top).map(|report| report.checked).sum()
    };
    [sum(false), sum(true)]
}

#[tokio::test]
async fn every_parameter_and_field_of_the_catalogues_is_in_the_crate() {
    let names = samples::names();
    let missing = catalogue::entries().iter().map(|entry| &*entry.name).filter(|name| !names.contains(name));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "the crate lacks operations of the catalogues");

    let parameters = conclude(&each_operation!(async parameters::check));
    let fields = conclude(&each_operation!(async answers::check));
    for (index, (of_top, kind)) in [(false, "operations"), (true, "methods")].into_iter().enumerate() {
        let entries = || catalogue::entries().iter().filter(move |entry| is_top_name(&entry.name) == of_top);
        let documented: usize = entries().map(|entry| entry.parameters.len()).sum();
        let members = entries().flat_map(|entry| &entry.parameters).filter(|parameter| parameter.is_member()).count();
        assert_eq!(parameters[index], documented);
        assert_eq!(fields[index], entries().map(|entry| entry.fields.len()).sum::<usize>());
        println!(
            "conformance: {} {kind}, {} parameters and {members} members of JSON ones, {} answer fields",
            entries().count(),
            documented - members,
            fields[index]
        );
    }
}

#[tokio::test]
async fn loose_types_and_shapes_give_the_same_answer() {
    conclude(&each_operation!(async loose::check));
}

#[tokio::test]
async fn every_list_is_found_wherever_its_wrapper_stands() {
    let lists = conclude(&each_operation!(async lists::check));
    assert!(lists.iter().all(|checked| *checked > 100), "{lists:?}");
}

#[tokio::test]
async fn codes_of_an_operation_give_the_documented_outcome_and_advice() {
    let codes = conclude(&each_operation!(async errors::check));
    let documented = |top| -> usize {
        catalogue::entries().iter().filter(|entry| is_top_name(&entry.name) == top).map(|entry| entry.codes.len()).sum()
    };
    assert_eq!(codes, [documented(false), documented(true)]);
}

#[test]
fn safety_limits_and_charges_agree_with_the_catalogues() {
    conclude(&each_operation!(facts::check));
}
