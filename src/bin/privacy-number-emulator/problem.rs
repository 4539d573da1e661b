//! What goes wrong, in words, and what to do about it.

use std::error::Error;
use std::fmt;

/// An error message, and what to do about it.
#[derive(Debug)]
pub(crate) struct Problem {
    what: String,
    remedy: String,
}

impl Problem {
    pub(crate) fn new(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self { what: what.to_string(), remedy: remedy.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}\nwhat to do: {}", self.what, self.remedy)
    }
}

impl Error for Problem {}
