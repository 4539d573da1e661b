//! Whether an operation may be repeated.

/// Whether an operation may be sent a second time when the outcome of the first is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Safety {
    /// Reads only, free of charge.
    Safe,
    /// A second run leaves the same state.
    Idempotent,
    /// A second run binds, buys, orders or charges again. Never repeated by this crate unless the first is known not
    /// to have been executed.
    Once,
}
