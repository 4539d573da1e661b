//! What goes wrong, in words, and what to do about it.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

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

    /// A file that cannot be read or written.
    pub(crate) fn of_file(path: &Path, error: &io::Error) -> Self {
        Self::of_text(path, error, "check the path and whether you may read and write there")
    }

    /// A file with a wrong content.
    pub(crate) fn of_text(path: &Path, reason: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::new(format_args!("{}: {reason}", path.display()), remedy)
    }

    /// A file with a wrong line.
    pub(crate) fn of_line(path: &Path, line: u64, reason: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::new(format_args!("{}, line {line}: {reason}", path.display()), remedy)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}\nwhat to do: {}", self.what, self.remedy)
    }
}

impl Error for Problem {}
