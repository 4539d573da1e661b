//! The JSON bodies of control requests.

use serde::de::DeserializeOwned;

/// Parses a JSON object. The error says what is wrong with the body.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    // Without this check, serde would also read a struct from an array.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err("the body must be a JSON object".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}
