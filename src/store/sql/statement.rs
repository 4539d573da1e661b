use std::fmt::{self, Write};

/// A value for a placeholder.
#[derive(Clone, Copy)]
pub(super) enum Argument<'a> {
    /// A number, a version, or a time in microseconds.
    Integer(Option<i64>),
    /// A key, a group, a state or a content.
    Bytes(&'a [u8]),
}

impl From<i64> for Argument<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Argument<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Bytes(text.as_bytes())
    }
}

impl<'a> From<&'a [u8]> for Argument<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// A statement and the values of its placeholders. Outside data is only ever a value.
pub struct Statement<'a> {
    pub(super) text: String,
    pub(super) arguments: Vec<Argument<'a>>,
    is_numbered: bool,
}

/// Shows no value.
impl fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement").field("text", &self.text).finish_non_exhaustive()
    }
}

impl<'a> Statement<'a> {
    /// With placeholders `$1`, `$2` if they are numbered, else `?`.
    pub(super) fn new(text: impl Into<String>, is_numbered: bool) -> Self {
        Self { text: text.into(), arguments: Vec::new(), is_numbered }
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds a placeholder and its value.
    pub(super) fn value(mut self, value: impl Into<Argument<'a>>) -> Self {
        self.arguments.push(value.into());
        if self.is_numbered {
            let _ = write!(self.text, "${}", self.arguments.len());
        } else {
            self.text.push('?');
        }
        self
    }

    /// Adds a text and a placeholder with its value, if there is a value.
    pub(super) fn maybe(self, text: &str, value: Option<impl Into<Argument<'a>>>) -> Self {
        match value {
            Some(value) => self.text(text).value(value),
            None => self,
        }
    }

    /// Adds placeholders in parentheses: `(?, ?)`.
    pub(super) fn values(self, values: impl IntoIterator<Item = impl Into<Argument<'a>>>) -> Self {
        let mut separator = "(";
        let mut statement = self;
        for value in values {
            statement = statement.text(separator).value(value);
            separator = ", ";
        }
        statement.text(")")
    }
}
