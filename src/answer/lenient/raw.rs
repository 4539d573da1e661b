//! A value of no fixed type, kept as text.

use serde::de::{DeserializeSeed, Deserializer};
use serde_json::Value;

use super::super::tree::TreeSeed;
use crate::redact::Private;

/// The most values inside one. The gateways send some ten.
const MAX_VALUES: usize = 1_000;

/// A text as it is, anything else as its JSON text; `None` if absent, `null` or empty text.
pub(crate) fn optional_raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Private>, D::Error> {
    let mut remaining = MAX_VALUES;
    Ok(match (TreeSeed { remaining: &mut remaining }).deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()).map(Private::from),
        value => Some(Private::from(value.to_string())),
    })
}
