use std::borrow::Cow;
use std::fmt::Display;

/// A request or a setting that breaks a documented rule; nothing was sent.
///
/// Holds the field's name and the rule, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {reason}; nothing was sent")]
pub struct InvalidRequest {
    field: Cow<'static, str>,
    reason: Cow<'static, str>,
}

impl InvalidRequest {
    /// Names the field (as on the wire, or as in the request struct) and says what is wrong with it. Neither text may
    /// hold the value.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// The same of a field inside another: `query_list[3].oaid`.
    pub(crate) fn within(self, outer: impl Display) -> Self {
        Self { field: format!("{outer}.{}", self.field).into(), reason: self.reason }
    }

    /// The field, as the request struct names it; `mobile_list[3]` for an item of a list.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
