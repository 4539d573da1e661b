//! Every operation, with a sentinel in every field that may hold something of a person or of a key.

mod binding;
mod calls;
mod orders;
mod waybill;

use std::collections::BTreeSet;

use super::call::AnyCall;
use super::sentinels::Sentinels;
pub(super) use waybill::order;

pub(super) type Calls = Vec<Box<dyn AnyCall>>;

/// All operations, some of them in several forms.
pub(super) fn all(s: &Sentinels) -> Calls {
    [orders::calls(s), binding::calls(s), calls::calls(s), waybill::calls(s)].into_iter().flatten().collect()
}

/// The names of both catalogues.
pub(super) fn documented() -> BTreeSet<String> {
    let read = |file: &str, list: &str, name: &str| -> Vec<String> {
        let path = format!("{}/tests/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
        let catalogue: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let operations = catalogue[list].as_array().unwrap().iter();
        operations.map(|operation| operation[name].as_str().unwrap().to_owned()).collect()
    };
    [read("aliyun.json", "operations", "action"), read("top.json", "methods", "name")].concat().into_iter().collect()
}
