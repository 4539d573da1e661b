//! Bytes to answers: JSON is read directly, XML becomes the same tree, loose types are read leniently.

pub(crate) mod lenient;
mod struct_fields;
mod success;
mod xml;

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::error::may_hold_a_number;
use struct_fields::fields_of;
pub(crate) use success::{Success, says};
pub(crate) use xml::parse as parse_xml;

/// How many levels deep an answer may nest; both gateways stay below 6.
const MAX_DEPTH: usize = 64;

/// An answer's content, ready to be read into its type: under the root of its envelope, if it had one.
#[derive(Clone)]
pub(crate) enum Document {
    /// JSON text, already known to be well formed.
    Json(Bytes),
    /// JSON text without an envelope: taken only for a type that knows one of its members, so that some other
    /// service's object does not pass for an answer.
    BareJson(Bytes),
    /// What XML said, with every scalar as text.
    Tree(Value),
}

impl Document {
    /// Reads the content. On failure gives the path of the field that is missing or of the wrong kind.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        match self {
            Self::BareJson(text) if !holds_a_field_of::<T>(text) => Err(String::new()),
            Self::Json(text) | Self::BareJson(text) => serde_json::from_slice(text).map_err(|_| {
                // Only a failed answer pays for finding the place.
                let mut deserializer = serde_json::Deserializer::from_slice(text);
                failed_path::<T, _>(&mut deserializer)
            }),
            Self::Tree(tree) => T::deserialize(tree).map_err(|_| failed_path::<T, _>(tree)),
        }
    }

    /// The request's id, for an answer that cannot be read otherwise.
    pub(crate) fn request_id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Ids {
            #[serde(default, deserialize_with = "lenient::optional")]
            request_id: Option<String>,
            #[serde(default, rename = "RequestId", deserialize_with = "lenient::optional")]
            pop_request_id: Option<String>,
        }
        self.read().ok().and_then(|ids: Ids| ids.request_id.or(ids.pop_request_id))
    }
}

/// Whether an object has a member that a struct names. A type that names none decides for itself.
fn holds_a_field_of<T: DeserializeOwned>(text: &[u8]) -> bool {
    let Some(fields) = fields_of::<T>() else { return true };
    let members: Result<HashMap<String, IgnoredAny>, _> = serde_json::from_slice(text);
    members.is_ok_and(|members| fields.iter().any(|field| members.contains_key(*field)))
}

/// What kind of text a body seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Xml,
    /// Neither; an empty body for instance.
    Other,
}

/// Looks at the first character that is no white space or byte order mark.
pub(crate) fn syntax(body: &[u8]) -> Syntax {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Syntax::Json,
        Some(b'<') => Syntax::Xml,
        _ => Syntax::Other,
    }
}

/// The body without a byte order mark, which neither parser takes.
pub(crate) fn without_byte_order_mark(body: &Bytes) -> Bytes {
    match body.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => body.slice_ref(rest),
        None => body.clone(),
    }
}

/// Reads once more, to name the field. The parser's own message may quote a value; only the path is taken from it,
/// and the name of a missing field, which is this crate's own text.
fn failed_path<'de, T, D>(deserializer: D) -> String
where
    T: DeserializeOwned,
    D: serde::Deserializer<'de>,
    D::Error: std::fmt::Display,
{
    let Err(error) = serde_path_to_error::deserialize::<_, T>(deserializer) else { return String::new() };
    let mut path = error.path().to_string();
    if path == "." {
        path.clear();
    }
    if let Some(missing) = missing_field(&error.inner().to_string()) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(missing);
    }
    let is_name = |character: char| character.is_ascii_alphanumeric() || "._[]-".contains(character);
    // A name that no type of this crate knows is the gateway's, and may be a number.
    let is_shown = path.len() <= 120 && path.chars().all(is_name) && !may_hold_a_number(&path);
    if is_shown { path } else { String::new() }
}

fn missing_field(message: &str) -> Option<&str> {
    let (name, _) = message.strip_prefix("missing field `")?.split_once('`')?;
    Some(name)
}

#[cfg(test)]
mod tests;
