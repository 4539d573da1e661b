//! When a response is a success, as the catalogue says.

use serde_json::Value;

use super::{array, scalar_text, text, values_at};

#[derive(Default)]
pub(crate) struct SuccessRule {
    /// Fields that hold a code, with the codes that mean success.
    codes: Vec<(String, Vec<String>)>,
    /// Fields that must not be false.
    booleans: Vec<String>,
}

impl SuccessRule {
    /// The rule of an entry that has one of its own; codes are compared as text, so that `0000` is not `0`.
    pub(super) fn read(rule: &Value) -> Self {
        let mut read = Self { codes: vec![("Code".to_owned(), texts(&rule["codes"]))], booleans: Vec::new() };
        read.booleans.extend(rule["boolean"].as_str().map(ToOwned::to_owned));
        for inner in array(&rule["nested"]) {
            if let Some(path) = inner["code"].as_str() {
                read.codes.push((path.to_owned(), texts(&inner["codes"])));
            }
            read.booleans.extend(inner["boolean"].as_str().map(ToOwned::to_owned));
        }
        read
    }

    /// The rule of an entry that has none of its own, from the fields that its response has.
    pub(super) fn of_fields<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut rule = Self::default();
        for path in paths {
            match path {
                "Code" => rule.codes.push((path.to_owned(), vec!["OK".to_owned()])),
                "HttpStatusCode" => rule.codes.push((path.to_owned(), vec!["200".to_owned()])),
                "Data.Success" | "success" | "is_success" | "result.success" => rule.booleans.push(path.to_owned()),
                _ => {}
            }
        }
        rule
    }

    /// Whether no successful response can hold just any value under this path.
    pub(crate) fn depends_on(&self, path: &str) -> bool {
        self.codes.iter().map(|(code, _)| code).chain(&self.booleans).any(|deciding| deciding == path)
    }

    pub(super) fn accepts(&self, content: &Value) -> bool {
        let is_good = |(path, good): &(String, Vec<String>)| {
            values_at(content, path).into_iter().filter_map(scalar_text).all(|code| good.contains(&code))
        };
        let is_false = |path: &String| {
            let mut texts = values_at(content, path).into_iter().filter_map(scalar_text);
            texts.any(|text| text.eq_ignore_ascii_case("false"))
        };
        self.codes.iter().all(is_good) && !self.booleans.iter().any(is_false)
    }
}

fn texts(list: &Value) -> Vec<String> {
    array(list).map(text).collect()
}
