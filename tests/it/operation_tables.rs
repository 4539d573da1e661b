//! The tables of operations in the README and in the modules' documentation, written from the one list of operations.

use std::fmt::Write;

use privacy_number::{Operation, Safety};

use crate::catalogue;
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

impl Row {
    fn line(&self, name: &str) -> String {
        let safety = format!("{:?}", self.safety).to_lowercase();
        let charged = if self.is_charged { "yes" } else { "no" };
        format!("| {name} | {} | {safety} | {charged} | {} |", self.does, self.limit())
    }

    fn limit(&self) -> String {
        match self.qps {
            None => "none".to_owned(),
            Some(limit) if self.is_limit_of_metadata_only() => format!("{limit} ¹"),
            Some(limit) => limit.to_string(),
        }
    }

    fn is_limit_of_metadata_only(&self) -> bool {
        !is_top_name(self.method) && catalogue::entry(self.method).reference_qps != self.qps.map(u64::from)
    }
}

fn table(gateway: &str, name: impl Fn(&Row) -> String) -> String {
    let rows = privacy_number::operations!(crate::operation_tables::rows);
    let mut text = String::from("| request | what it does | safety | charged | calls per second |\n");
    text.push_str("| --- | --- | --- | --- | --- |\n");
    let mut family = "";
    for row in rows.iter().filter(|row| row.gateway == gateway) {
        if row.family != family {
            family = row.family;
            writeln!(text, "| **{family}** | | | | |").unwrap();
        }
        writeln!(text, "{}", row.line(&name(row))).unwrap();
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
