//! The stored responses: each is served over HTTP and decoded to its values, in every format that it has.

mod aliyun;
mod top;
mod top_errors;
mod top_oaid;

/// A stored response's text.
pub(crate) fn read(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn read_json(name: &str) -> serde_json::Value {
    serde_json::from_str(&read(name)).unwrap()
}
