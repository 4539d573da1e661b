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

/// What bans may concern.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) gateway: &'static str,
    pub(super) operation: &'static str,
    pub(super) session: Option<&'a Secret>,
    pub(super) longest_ban: Duration,
}

/// How long a call waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Patience {
    /// Until its deadline.
    #[default]
    OfCall,
    /// As long as it is polled, if only our own limits hold it back.
    OfWorkflow,
}

/// The turn would come after the deadline.
#[derive(Debug, Clone)]
pub(crate) struct TooLate {
    /// When it would come.
    pub(crate) wait: Duration,
    /// What the gateway said, if a ban holds the call back and not a limit of our own.
    pub(crate) ban: Option<Arc<BanReason>>,
}
