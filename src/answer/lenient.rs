//! Scalars, objects and lists as the gateways send them: loosely typed, wrapped, single, empty or absent.
//!
//! For `#[serde(deserialize_with = "lenient::...")]`. Users never see the messages of these readers, only the path of
//! the field.

mod list;
mod object;
mod raw;

pub(crate) use crate::scalar::{
    boolean, number, optional, optional_boolean, optional_china_time, optional_number, optional_time_of_day, or_empty,
    required, text,
};
pub(crate) use list::{ListItem, list, text_list};
pub(crate) use object::{json_object, object, optional_object};
pub(crate) use raw::optional_raw;
