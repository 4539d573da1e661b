//! Shared by the tests of all operations: the documented responses, and the parameters of a request.

use std::fmt::Debug;
use std::fs;

use chrono::{DateTime, FixedOffset, Utc};
use serde::de::DeserializeOwned;

use crate::answer::{content, parse_xml};
use crate::operation::Operation;
use crate::params::Params;

/// The documented response of an operation, which must say the same in JSON and in XML, and be no refusal.
pub(super) fn answer_of<O: Operation<Output: PartialEq + Debug>>() -> O::Output {
    answer_in::<O>(O::NAME)
}

/// A documented response by the name of its file.
pub(super) fn answer_in<O: Operation<Output: PartialEq + Debug>>(name: &str) -> O::Output {
    let file = |kind| {
        fs::read_to_string(format!("{}/tests/fixtures/aliyun/{name}.{kind}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let from_json: O::Output = content(&file("json")).unwrap();
    let (root, _) = parse_xml(file("xml").as_bytes()).unwrap();
    assert_eq!(root, format!("{}Response", O::NAME));
    assert_eq!(from_json, content(&file("xml")).unwrap());
    assert!(O::refusal(&from_json).is_none());
    from_json
}

/// A response from JSON or XML text, or the path of what is wrong with it.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    content(text)
}

/// One parameter of a request, as it is sent.
pub(super) fn param<O: Operation>(operation: &O, name: &str) -> Option<String> {
    let params = Params::from_struct(operation).unwrap();
    params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// The field that a request is refused for, before anything is sent.
pub(super) fn refused_field<O: Operation>(operation: &O, now: impl Into<DateTime<Utc>>) -> String {
    operation.validate(now.into()).unwrap_err().field().to_owned()
}

/// A time in China.
pub(super) fn at(text: &str) -> DateTime<FixedOffset> {
    crate::time::parse_china_text(text).unwrap()
}
