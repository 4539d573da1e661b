//! What the attempts need to know of an operation, without its type.

use crate::operation::{Gateway, Operation};
use crate::safety::Safety;

/// What the attempts need to know of an operation.
#[derive(Clone, Copy)]
pub(crate) struct OperationInfo {
    /// The gateway's name.
    pub(super) gateway: &'static str,
    /// The operation's name on the wire.
    pub(super) name: &'static str,
    pub(super) safety: Safety,
    /// The documented limit, in calls per second.
    pub(super) qps: Option<u32>,
}

impl OperationInfo {
    pub(crate) fn of<O: Operation>() -> Self {
        Self { gateway: <O::Gateway as Gateway>::NAME, name: O::NAME, safety: O::SAFETY, qps: O::QPS }
    }
}
