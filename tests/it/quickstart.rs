//! The quickstart as users run it: it reads a file of orders, prints one JSON object, and loses no order.

use serde_json::Value;

use crate::examples::command;

fn run(arguments: &[&str]) -> std::process::Output {
    command("quickstart").args(arguments).output().unwrap()
}

fn summary(arguments: &[&str]) -> Value {
    let output = run(&[&["--json"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object and nothing else")
}

fn number(summary: &Value, pointer: &str) -> u64 {
    summary.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("{pointer} in {summary}"))
}

/// Asserts that a summary is complete and its numbers add up.
fn assert_whole(summary: &Value, orders: u64) {
    assert_eq!(summary["gateway"], "emulator");
    assert_eq!(number(summary, "/orders"), orders);
    let failed = summary["failed"].as_array().unwrap();
    assert_eq!(number(summary, "/decrypted") + failed.len() as u64, orders, "no order is lost");
    assert!(failed.iter().all(|one| ["tid", "code", "advice"].iter().all(|name| one[name].is_string())));
    let of_700 = number(summary, "/numbers/range_700");
    assert_eq!(number(summary, "/numbers/extension") + of_700, number(summary, "/decrypted"));
    assert_eq!(number(summary, "/callers_reported"), of_700, "a report for every 700 number and no other");
    assert_eq!(number(summary, "/binding/status"), 1, "the binding was in force when it was read back");
    assert!(summary["binding"]["subs_id"].is_string() && summary["binding"]["secret_no"].is_string());
}

#[test]
fn every_order_of_the_sample_file_is_decrypted_or_reported() {
    let summary = summary(&[]);
    let file = include_str!("../../examples/data/orders.csv");
    assert_whole(&summary, file.lines().skip(1).filter(|line| !line.is_empty()).count() as u64);
}

#[test]
fn an_order_file_with_bad_orders_loses_none_and_names_the_bad_ones() {
    const ORDERS: usize = 45;
    let mut csv = "tid,oaid\n".to_owned();
    for order in 0..ORDERS {
        let beginning = match order {
            7 => "stale",
            23 => "wrong",
            _ => "oaid",
        };
        csv.push_str(&format!("60000000000000000{order:02},{beginning}-{order}\n"));
    }
    let path = std::env::temp_dir().join(format!("privacy-number-orders-{}.csv", std::process::id()));
    std::fs::write(&path, csv).unwrap();
    let summary = summary(&["--orders", path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();

    assert_whole(&summary, ORDERS as u64);
    let failed = summary["failed"].as_array().unwrap();
    let named: Vec<(&str, &str, &str)> = failed
        .iter()
        .map(|one| (one["tid"].as_str().unwrap(), one["code"].as_str().unwrap(), one["advice"].as_str().unwrap()))
        .collect();
    assert_eq!(
        named,
        [
            ("6000000000000000007", "oaid-not-matched", "RefreshOaid"),
            ("6000000000000000023", "isv.oaid-invalid", "RefreshOaid"),
        ]
    );
    // One call each for the first and the last group. The bad order is fourth in its group: 20, 10, 10, 5, 5, 2, 1, 1,
    // 1.
    assert_eq!(number(&summary, "/decrypt_calls"), 11);
}

#[test]
fn a_file_that_is_not_there_is_an_error_that_names_it() {
    let output = run(&["--orders", "no-such-orders.csv"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-orders.csv"));
}
