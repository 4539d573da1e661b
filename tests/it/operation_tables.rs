//! The tables of operations in the README and in the modules' documentation, written from the one list of operations.

use std::collections::BTreeMap;
use std::fmt::Write;

use privacy_number::{Operation, Safety};

use crate::catalogue::{self, Entry};
use crate::generated_text::GeneratedText;
use crate::samples::is_top_name;

struct Row {
    gateway: &'static str,
    family: &'static str,
    request: &'static str,
    method: &'static str,
    does: &'static str,
    safety: Safety,
    is_charged: bool,
    qps: Option<u32>,
}

macro_rules! rows {
    (() $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {
        vec![$($(row::<privacy_number::$gateway::$operation>(
            stringify!($gateway),
            $family,
            stringify!($operation),
            $does,
        ),)*)*]
    };
}
pub(crate) use rows;

fn row<O: Operation>(gateway: &'static str, family: &'static str, request: &'static str, does: &'static str) -> Row {
    Row { gateway, family, request, method: O::NAME, does, safety: O::SAFETY, is_charged: O::CHARGED, qps: O::QPS }
}

/// A sign in the row of an operation, when it is there, and what it means.
type Note = (&'static str, fn(&Row) -> bool, &'static str);

/// What is uncertain of an operation.
const NOTES: [Note; 4] = [
    ("¹", Row::is_limit_of_metadata, "From the official metadata. The pages of the API say another limit, or none."),
    ("²", |row| row.entry().is_safety_inferred, "Inferred: no document says whether the operation may be repeated."),
    ("³", |row| row.entry().is_price_unknown, "No document says what a call costs."),
    (
        "⁴",
        |row| row.entry().is_withdrawn,
        "Newer official SDKs lack it. Whether the platform still has it is not known.",
    ),
];

impl Row {
    fn entry(&self) -> &'static Entry {
        catalogue::entry(self.method)
    }

    fn is_limit_of_metadata(&self) -> bool {
        self.qps.map(u64::from).is_some_and(|limit| self.entry().reference_qps != Some(limit))
    }

    /// The text with the sign of a note, if the note is true of this operation.
    fn noted(&self, text: &str, note: usize) -> String {
        let (sign, is_true, _) = NOTES[note - 1];
        if is_true(self) { format!("{text} {sign}") } else { text.to_owned() }
    }

    fn line(&self, name: &str) -> String {
        let name = self.noted(name, 4);
        let safety = self.noted(&format!("{:?}", self.safety).to_lowercase(), 2);
        let charged = self.noted(if self.is_charged { "yes" } else { "no" }, 3);
        let limit = self.noted(&self.qps.map_or("none".to_owned(), |limit| limit.to_string()), 1);
        format!("| {name} | {} | {safety} | {charged} | {limit} |", self.does)
    }
}

/// The operations of a gateway, by family, with the notes that are true of any.
fn table(gateway: &str, name: impl Fn(&Row) -> String) -> String {
    let mut rows = privacy_number::operations!(crate::operation_tables::rows);
    rows.retain(|row| row.gateway == gateway);
    let mut text = String::from("| request | what it does | safety | charged | calls per second |\n");
    text.push_str("| --- | --- | --- | --- | --- |\n");
    let mut family = "";
    for row in &rows {
        if row.family != family {
            family = row.family;
            writeln!(text, "| **{family}** | | | | |").unwrap();
        }
        writeln!(text, "{}", row.line(&name(row))).unwrap();
    }
    for (sign, _, meaning) in NOTES.iter().filter(|(_, is_true, _)| rows.iter().any(is_true)) {
        writeln!(text, "\n{sign} {meaning}").unwrap();
    }
    let mut products: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        if let Some(product) = &row.entry().product {
            products.entry(product).or_default().push(row.request);
        }
    }
    if !products.is_empty() {
        let of_product = |(product, requests): (&&str, &Vec<&str>)| match requests[..] {
            [one] => format!("`{one}` of {product}"),
            _ => format!("{} of {product}", requests.len()),
        };
        let products: Vec<_> = products.iter().map(of_product).collect();
        writeln!(text, "\n{} operations: {}.", rows.len(), products.join(", ")).unwrap();
    }
    text
}

#[test]
fn the_tables_of_operations_are_those_of_the_one_list() {
    for (gateway, module, in_readme) in
        [("top", "src/top.rs", "the operations of TOP"), ("aliyun", "src/aliyun.rs", "the operations of Aliyun")]
    {
        let with_method = |row: &Row, request: String| {
            if is_top_name(row.method) { format!("{request} (`{}`)", row.method) } else { request }
        };
        let linked = table(gateway, |row| with_method(row, format!("[`{}`]", row.request)));
        GeneratedText { file: module, name: "the operations", prefix: "//! " }.hold(&linked);
        let plain = table(gateway, |row| with_method(row, format!("`{}`", row.request)));
        GeneratedText { file: "README.md", name: in_readme, prefix: "" }.hold(&plain);
    }
}
