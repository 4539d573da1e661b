//! One row of the table of methods: a name, facts about the method, and the function that executes it.

use super::call::{Call, Success};
use super::refusal::Refusal;

/// A method of the gateway. Each family of methods is one file with one table of these.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// Whether a request must have a session.
    pub(super) needs_session: bool,
    pub(super) run: Run,
}

/// Executes a method.
pub(super) type Run = fn(&mut Call<'_>) -> Result<Success, Refusal>;

impl Method {
    pub(super) const fn new(name: &'static str, run: Run) -> Self {
        Self { name, needs_session: true, run }
    }

    pub(super) const fn without_session(mut self) -> Self {
        self.needs_session = false;
        self
    }
}
