//! Scalars and lists as the gateways really send them: numbers as text and text as numbers, booleans as text, lists
//! bare, wrapped in one key, single, empty or absent.
//!
//! For `#[serde(deserialize_with = "lenient::...")]`. Messages of these readers never reach a user; their paths do.

mod list;
mod object;
mod scalar;

pub(crate) use list::{ListItem, list, text_list};
pub(crate) use object::{object, optional_object};
pub(crate) use scalar::{boolean, number, optional, optional_boolean, optional_china_time, optional_number, text};
