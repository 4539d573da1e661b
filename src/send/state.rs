//! The state of one call. The call continues with it when a refused session or key is replaced.

use std::time::Duration;

use tokio::time::Instant;

use crate::limit::PermitWait;

/// One call from its first attempt to its result.
#[derive(Debug)]
pub(crate) struct CallState {
    started: Instant,
    /// The deadline; `None` if it is too far away to represent.
    pub(crate) deadline: Option<Instant>,
    pub(crate) permit_wait: PermitWait,
    pub(crate) attempts: u32,
    /// Whether the outcome of an earlier attempt is unknown.
    pub(crate) may_have_run: bool,
}

impl CallState {
    /// A call that starts now.
    pub(crate) fn new(timeout: Duration, permit_wait: PermitWait) -> Self {
        let started = Instant::now();
        Self { started, deadline: started.checked_add(timeout), permit_wait, attempts: 0, may_have_run: false }
    }

    /// A call with one attempt, which was sent elsewhere.
    pub(crate) fn after_one_attempt() -> Self {
        Self { attempts: 1, ..Self::new(Duration::ZERO, PermitWait::default()) }
    }

    /// The time since the call started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The time until the deadline.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
