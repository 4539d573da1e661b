//! Whether an operation may be retried.

/// Whether an operation may be sent again if the outcome of an attempt is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Safety {
    /// Only reads, and costs nothing. Retried.
    Safe,
    /// Leaves the same state when executed twice. Retried.
    Idempotent,
    /// Binds, buys, orders or charges again when executed twice. Retried only if the earlier attempt is known not to
    /// have been executed.
    Once,
}
