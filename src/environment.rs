//! Environment variables of the `from_env` constructors.

use crate::invalid::InvalidRequest;

/// The variable's text; `None` if it is unset, empty or no UTF-8.
pub(crate) fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// The variable's text, or an error that names it.
pub(crate) fn required(name: &'static str) -> Result<String, InvalidRequest> {
    optional(name).ok_or_else(|| InvalidRequest::new(name, "is not set in the environment"))
}
