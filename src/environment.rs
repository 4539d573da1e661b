//! Environment variables for the `from_env` constructors.

use crate::invalid::InvalidRequest;

/// The value of the variable; `None` if it is unset, empty or not UTF-8.
pub(crate) fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// The value of the variable, or an error that names the variable.
pub(crate) fn required(name: &'static str) -> Result<String, InvalidRequest> {
    optional(name).ok_or_else(|| InvalidRequest::new(name, "is not set in the environment"))
}
