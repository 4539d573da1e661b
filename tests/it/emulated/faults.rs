//! Every fault is documented, and can be injected from Rust and by JSON under one name.

use std::collections::BTreeSet;

use privacy_number::emulator::{Emulator, Fault};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{control, get};

const DOCUMENTATION: &str = include_str!("../../../src/emulator/testing.md");
const CONSTRUCTORS: &str = include_str!("../../../src/emulator/fault/kind.rs");

/// A row of the table of faults.
struct Row {
    name: &'static str,
    members: Vec<&'static str>,
}

/// The cell of the members lists them separated by semicolons. The name of each is the first code in its part.
fn rows() -> Vec<Row> {
    let table = DOCUMENTATION.split_once("| name | effect on the client |").unwrap().1;
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let code = |text: &'static str| text.split('`').nth(1);
    let row = |line: &'static str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').collect();
        assert_eq!(cells.len(), 4, "{line}");
        Row { name: code(cells[0]).unwrap(), members: cells[3].split(';').filter_map(code).collect() }
    };
    lines.map(row).collect()
}

fn example(member: &str) -> Value {
    match member {
        "scope" => json!("app"),
        "code" => json!("isv.FLOW_LIMIT"),
        "seconds" => json!(-60),
        "bytes" | "milliseconds" => json!(100),
        other => panic!("no example of {other}"),
    }
}

fn documented() -> BTreeSet<&'static str> {
    rows().into_iter().map(|row| row.name).collect()
}

#[test]
fn every_fault_has_a_row_in_the_documentation() {
    let known: Vec<_> = Fault::names().collect();
    assert_eq!(documented(), known.iter().copied().collect());
    assert_eq!((rows().len(), known.len()), (documented().len(), documented().len()), "no fault is there twice");
}

#[test]
fn every_constructor_of_a_fault_has_its_row() {
    let lines = CONSTRUCTORS.lines().filter_map(|line| line.trim_start().strip_prefix("pub fn "));
    let constructors: BTreeSet<_> = lines.map(|line| line.split('(').next().unwrap()).collect();
    assert_eq!(constructors, documented());
}

#[tokio::test]
async fn every_fault_can_be_injected_by_json_with_its_documented_members() {
    let emulator = Emulator::start().await.unwrap();
    // `connection_refused` is last, since it closes the listener.
    let (refused, others): (Vec<_>, Vec<_>) = rows().into_iter().partition(|row| row.name == "connection_refused");
    for (Row { name, members }, id) in others.iter().chain(&refused).zip(1..) {
        let mut fault: Map<_, _> = members.iter().map(|member| ((*member).to_owned(), example(member))).collect();
        fault.insert("fault".to_owned(), json!(name));
        let (status, answer) = control(&emulator, Method::POST, "/faults", fault.into()).await;
        let id = if *name == "connection_refused" { Value::Null } else { json!(id) };
        assert_eq!((status, answer), (201, json!({"fault": name, "id": id})));
    }
    assert_eq!((refused.len(), others.len() + 1), (1, Fault::names().count()));
}

#[tokio::test]
async fn a_fault_is_listed_under_the_name_that_injected_it() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::torn_body().on("BindAxb").times(3));
    let listed = get(&emulator, "/faults").await;
    assert_eq!(listed, json!([{"id": 1, "fault": "torn_body", "on": "BindAxb", "left": 3, "applied": 0}]));
}
