//! What the limits need to know of a call, and how they refuse it.

use std::sync::Arc;
use std::time::Duration;

use super::ban_reason::BanReason;
use crate::redact::Secret;

/// What the limits need to know of a call.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) gateway: &'static str,
    pub(crate) operation: &'static str,
    /// The documented limit.
    pub(crate) documented: Option<u32>,
    pub(crate) session: Option<&'a Secret>,
}

/// What a ban may hold back.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) gateway: &'static str,
    pub(super) operation: &'static str,
    pub(super) session: Option<&'a Secret>,
    pub(super) longest_ban: Duration,
}

/// How long a call waits for its permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PermitWait {
    /// Until its deadline.
    #[default]
    UntilDeadline,
    /// Beyond its deadline, while only the client's own limits hold it back. A call of a workflow waits like this.
    Unbounded,
}

/// There is no permit before the deadline.
#[derive(Debug, Clone)]
pub(crate) struct NoPermit {
    /// How long until there would be one.
    pub(crate) wait: Duration,
    /// The reason of the ban, if a ban holds the call back and not the client's own limits.
    pub(crate) ban: Option<Arc<BanReason>>,
}
