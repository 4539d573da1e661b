//! Parameters whose value is JSON.

use serde_json::Value;

use super::call::{Call, Refusal};
use crate::emulator::answer::Members;

/// Parses an array of objects. Returns `None` for anything else.
pub(super) fn objects(text: &str) -> Option<Vec<Members>> {
    serde_json::from_str(text).ok()
}

/// Parses the object in a required parameter.
pub(super) fn required_object(call: &Call<'_>, name: &'static str) -> Result<Members, Refusal> {
    match serde_json::from_str(call.required(name)?) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::invalid(name)),
    }
}

/// Checks that an object has these text members. Refusals name them as `Parameter.Member`.
pub(super) fn check_texts(object: &Members, parameter: &'static str, names: &[&str]) -> Result<(), Refusal> {
    for name in names {
        match object.get(*name) {
            None | Some(Value::Null) => return Err(Refusal::missing(format!("{parameter}.{name}"))),
            Some(Value::String(text)) if text.is_empty() => {
                return Err(Refusal::missing(format!("{parameter}.{name}")));
            }
            Some(Value::String(_)) => {}
            Some(_) => return Err(Refusal::invalid(format!("{parameter}.{name}"))),
        }
    }
    Ok(())
}
