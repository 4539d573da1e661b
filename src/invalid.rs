use std::borrow::Cow;
use std::fmt::Display;

/// A request or a setting that breaks a documented rule. Nothing was sent.
///
/// Contains the name of the field and the rule, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {reason}; nothing was sent")]
pub struct InvalidRequest {
    field: Cow<'static, str>,
    reason: Cow<'static, str>,
}

impl InvalidRequest {
    /// An error for a field, named as on the wire or in the request struct, and the reason. Neither text may contain
    /// the value.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// Checks that a field is not empty.
    pub(crate) fn unless_empty(field: &'static str, text: &str) -> Result<(), Self> {
        if text.is_empty() { Err(Self::new(field, "must not be empty")) } else { Ok(()) }
    }

    /// The same error for a field inside another one: `query_list[3].oaid`.
    pub(crate) fn within(self, outer: impl Display) -> Self {
        Self { field: format!("{outer}.{}", self.field).into(), reason: self.reason }
    }

    /// The name of the field; `mobile_list[3]` for an item of a list.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with the field.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
