//! The faults, and the documented result of a call with each.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::emulator::{Fault, Throttle};
use privacy_number::{Advice, Format, Outcome, Safety};

pub(super) const MOST_ATTEMPTS: u32 = 4;
pub(super) const PAUSE: Duration = Duration::from_millis(1);
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(300);
/// Longer than an attempt may take, on a busy machine too.
pub(super) const DELAY: Duration = Duration::from_millis(1500);
const BAN: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Frequency {
    Once,
    Always,
}

impl Frequency {
    pub(super) const ALL: [Self; 2] = [Self::Once, Self::Always];
}

/// What helps against a fault.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Help {
    /// A retry, where it does no harm.
    Retry,
    /// A retry after a pause.
    RetryLater,
    /// A retry with the gateway's time.
    CorrectClock,
    /// Nothing within this call.
    Nothing(Advice),
}

#[derive(Debug, Clone)]
pub(super) struct FaultCase {
    pub(super) name: &'static str,
    pub(super) once: Fault,
    pub(super) always: Fault,
    pub(super) format: Format,
    /// What is known of an attempt with this fault.
    pub(super) outcome: Outcome,
    pub(super) help: Help,
    /// Whether the gateway executes the request before the fault.
    pub(super) is_executed_first: bool,
    pub(super) is_timeout: bool,
    pub(super) is_refusal: bool,
    pub(super) is_skew: bool,
    /// Whether the request is executed only if the client waits for it.
    pub(super) is_undone_by_hanging_up: bool,
}

/// The expected result of a call.
#[derive(Debug)]
pub(super) struct Expected {
    /// `None` if it succeeds.
    pub(super) error: Option<(Outcome, Advice)>,
    pub(super) attempts: std::ops::RangeInclusive<u32>,
}

impl FaultCase {
    fn new(name: &'static str, fault: Fault, outcome: Outcome, help: Help) -> Self {
        Self {
            name,
            once: fault.clone().times(1),
            always: fault,
            format: Format::Json,
            outcome,
            help,
            is_executed_first: false,
            is_timeout: false,
            is_refusal: false,
            is_skew: false,
            is_undone_by_hanging_up: false,
        }
    }

    /// Unknown to the client, and executed.
    fn after_execution(name: &'static str, fault: Fault) -> Self {
        Self { is_executed_first: true, ..Self::new(name, fault, Outcome::Unknown, Help::Retry) }
    }

    /// Unknown to the client, and not executed.
    fn before_execution(name: &'static str, fault: Fault) -> Self {
        Self::new(name, fault, Outcome::Unknown, Help::Retry)
    }

    pub(super) fn expected(&self, frequency: Frequency, safety: Safety) -> Expected {
        let harmless = self.outcome == Outcome::NotExecuted || safety != Safety::Once;
        let advice = match self.help {
            _ if self.outcome == Outcome::Unknown && safety == Safety::Once => Advice::Reconcile,
            Help::Retry => Advice::Retry,
            Help::RetryLater => Advice::WaitFor(Duration::from_secs(1)),
            Help::CorrectClock => Advice::FixRequest,
            Help::Nothing(advice) => advice,
        };
        let failure = |attempts| Expected { error: Some((self.outcome, advice)), attempts };
        match (self.help, frequency) {
            (Help::Nothing(_), _) => failure(1..=1),
            (Help::Retry | Help::RetryLater, _) if !harmless => failure(1..=1),
            (Help::Retry | Help::RetryLater, Frequency::Once) if self.is_refusal => {
                Expected { error: None, attempts: 1..=1000 }
            }
            (Help::Retry | Help::RetryLater, Frequency::Once) => Expected { error: None, attempts: 2..=2 },
            // The deadline may come first.
            (Help::Retry | Help::RetryLater, Frequency::Always) if self.is_timeout => failure(2..=MOST_ATTEMPTS),
            (Help::Retry | Help::RetryLater, Frequency::Always) => failure(MOST_ATTEMPTS..=MOST_ATTEMPTS),
            // Corrected by a clock that was wrong for one request: once per call, and no more.
            (Help::CorrectClock, Frequency::Once) => failure(2..=2),
            (Help::CorrectClock, Frequency::Always) => Expected { error: None, attempts: 2..=2 },
        }
    }
}

pub(super) fn fault_cases(is_top: bool) -> Vec<FaultCase> {
    let refused = |lasting| Fault::connection_refused(Duration::from_millis(lasting));
    let throttled = |ban| Fault::throttled(Throttle::App, ban);
    let skewed = |name, hours| FaultCase {
        is_skew: true,
        ..FaultCase::new(name, Fault::clock_skew(TimeDelta::hours(hours)), Outcome::NotExecuted, Help::CorrectClock)
    };
    // TOP rounds its seconds down, so the client waits one second more.
    let (ban, quota) = if is_top {
        let midnight = chrono::DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
        (BAN + Duration::from_secs(1), Advice::WaitUntil(midnight))
    } else {
        (BAN, Advice::Report)
    };
    let mut fault_cases = vec![
        FaultCase {
            once: refused(40),
            is_refusal: true,
            ..FaultCase::new("connection refused", refused(60_000), Outcome::NotExecuted, Help::Retry)
        },
        FaultCase::before_execution("reset before execution", Fault::reset_before_execution()),
        FaultCase::after_execution("reset after execution", Fault::reset_after_execution()),
        FaultCase::after_execution("reset inside the body", Fault::torn_body()),
        FaultCase {
            is_timeout: true,
            is_undone_by_hanging_up: true,
            ..FaultCase::before_execution("timeout before execution", Fault::delay_before(DELAY))
        },
        FaultCase {
            is_timeout: true,
            ..FaultCase::after_execution("timeout after execution", Fault::delay_after(DELAY))
        },
        FaultCase {
            is_timeout: true,
            ..FaultCase::after_execution("slow drip", Fault::slow_drip(Duration::from_millis(20)))
        },
        FaultCase::before_execution("500 without a body", Fault::internal_error()),
        FaultCase::after_execution("500 although executed", Fault::internal_error().executed()),
        FaultCase::before_execution("503 without a body", Fault::unavailable()),
        FaultCase::before_execution("502 with a page", Fault::bad_gateway_page()),
        FaultCase::new("throttled, JSON", throttled(Duration::ZERO), Outcome::NotExecuted, Help::RetryLater),
        FaultCase {
            format: Format::Xml,
            ..FaultCase::new("throttled, XML", throttled(Duration::ZERO), Outcome::NotExecuted, Help::RetryLater)
        },
        FaultCase::new("banned for 60 s", throttled(BAN), Outcome::NotExecuted, Help::Nothing(Advice::WaitFor(ban))),
        FaultCase::new("quota used up", Fault::quota_exceeded(), Outcome::Rejected, Help::Nothing(quota)),
        FaultCase::after_execution("torn JSON", Fault::torn_json()),
        FaultCase { format: Format::Xml, ..FaultCase::after_execution("torn XML", Fault::torn_json()) },
        FaultCase::after_execution("garbled", Fault::garbled()),
        FaultCase::after_execution("garbled gzip", Fault::wrong_gzip()),
        FaultCase {
            help: Help::Nothing(Advice::Report),
            ..FaultCase::after_execution("body over the cap", Fault::oversized(200_000))
        },
        skewed("clock 1 h ahead", 1),
        skewed("clock 1 h behind", -1),
    ];
    if !is_top {
        fault_cases.push(FaultCase::before_execution("nonce used", Fault::nonce_used()));
    }
    fault_cases
}
