//! The state of one call. The call continues with it when a refused session or key is replaced.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::meter::Meter;
use crate::limit::PermitWait;

/// The timeout of a client's calls, and how they wait for its limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Duration,
    permit_wait: PermitWait,
}

impl CallOptions {
    /// The options of calls outside a workflow.
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, permit_wait: PermitWait::default() }
    }

    /// The same options with another timeout.
    pub(crate) fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The same options for the calls of a workflow. Such a call waits for the client's own limits as long as it is
    /// polled.
    pub(crate) fn of_workflow(self) -> Self {
        Self { permit_wait: PermitWait::Unbounded, ..self }
    }

    /// The state of a call that starts now.
    pub(crate) fn start(self) -> CallState {
        let started = Instant::now();
        let deadline = started.checked_add(self.timeout);
        CallState { started, deadline, permit_wait: self.permit_wait, attempts: 0, may_have_run: false, meter: None }
    }
}

/// The attempts and the time of a call, for its error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallHistory {
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    /// Whether the outcome of an earlier attempt is unknown.
    pub(super) may_have_run: bool,
}

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
    /// Counts what its attempts use.
    pub(super) meter: Option<Arc<dyn Meter>>,
}

impl CallState {
    /// The same call, with a meter for what its attempts use.
    pub(crate) fn metered(self, meter: Option<Arc<dyn Meter>>) -> Self {
        Self { meter, ..self }
    }

    /// A call with one attempt, which was sent elsewhere.
    pub(super) fn after_one_attempt() -> Self {
        Self { attempts: 1, ..CallOptions::new(Duration::ZERO).start() }
    }

    /// The time since the call started.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// What the call's error reports of it.
    pub(super) fn history(&self) -> CallHistory {
        let Self { attempts, may_have_run, .. } = *self;
        CallHistory { attempts, elapsed: self.elapsed(), may_have_run }
    }

    /// The same for an error that was found in a successful answer: the answer tells the outcome.
    pub(crate) fn history_of_success(&self) -> CallHistory {
        CallHistory { may_have_run: false, ..self.history() }
    }

    /// The time until the deadline.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
