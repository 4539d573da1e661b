//! The faults, and what the documents say of a call that meets one.

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
pub(super) enum Strike {
    Once,
    Always,
}

impl Strike {
    pub(super) const ALL: [Self; 2] = [Self::Once, Self::Always];
}

/// What helps against a fault.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Help {
    /// Another attempt, where it does no harm.
    Again,
    /// Another attempt after a pause.
    Slower,
    /// Another attempt under the gateway's clock.
    RightClock,
    /// Nothing within this call.
    Nothing(Advice),
}

#[derive(Debug, Clone)]
pub(super) struct Blow {
    pub(super) name: &'static str,
    pub(super) once: Fault,
    pub(super) always: Fault,
    pub(super) format: Format,
    /// What is known of an attempt that met it.
    pub(super) outcome: Outcome,
    pub(super) help: Help,
    /// Whether the gateway has carried the request out when it strikes.
    pub(super) is_late: bool,
    pub(super) is_timeout: bool,
    pub(super) is_refusal: bool,
    pub(super) is_skew: bool,
    /// Whether the request is carried out only if its sender waits for it.
    pub(super) is_undone_by_hanging_up: bool,
}

/// What a call must come to.
#[derive(Debug)]
pub(super) struct Expected {
    /// `None` if it succeeds.
    pub(super) error: Option<(Outcome, Advice)>,
    pub(super) attempts: std::ops::RangeInclusive<u32>,
}

impl Blow {
    fn new(name: &'static str, fault: Fault, outcome: Outcome, help: Help) -> Self {
        Self {
            name,
            once: fault.clone().times(1),
            always: fault,
            format: Format::Json,
            outcome,
            help,
            is_late: false,
            is_timeout: false,
            is_refusal: false,
            is_skew: false,
            is_undone_by_hanging_up: false,
        }
    }

    /// Unknown to the caller, and done.
    fn late(name: &'static str, fault: Fault) -> Self {
        Self { is_late: true, ..Self::new(name, fault, Outcome::Unknown, Help::Again) }
    }

    /// Unknown to the caller, and not done.
    fn early(name: &'static str, fault: Fault) -> Self {
        Self::new(name, fault, Outcome::Unknown, Help::Again)
    }

    pub(super) fn expected(&self, strike: Strike, safety: Safety) -> Expected {
        let harmless = self.outcome == Outcome::NotExecuted || safety != Safety::Once;
        let advice = match self.help {
            _ if self.outcome == Outcome::Unknown && safety == Safety::Once => Advice::Reconcile,
            Help::Again => Advice::Retry,
            Help::Slower => Advice::WaitFor(Duration::from_secs(1)),
            Help::RightClock => Advice::FixRequest,
            Help::Nothing(advice) => advice,
        };
        let failure = |attempts| Expected { error: Some((self.outcome, advice)), attempts };
        match (self.help, strike) {
            (Help::Nothing(_), _) => failure(1..=1),
            (Help::Again | Help::Slower, _) if !harmless => failure(1..=1),
            (Help::Again | Help::Slower, Strike::Once) if self.is_refusal => {
                Expected { error: None, attempts: 1..=1000 }
            }
            (Help::Again | Help::Slower, Strike::Once) => Expected { error: None, attempts: 2..=2 },
            // The deadline may come first.
            (Help::Again | Help::Slower, Strike::Always) if self.is_timeout => failure(2..=MOST_ATTEMPTS),
            (Help::Again | Help::Slower, Strike::Always) => failure(MOST_ATTEMPTS..=MOST_ATTEMPTS),
            // Corrected by a clock that was wrong for one request: once per call, and no more.
            (Help::RightClock, Strike::Once) => failure(2..=2),
            (Help::RightClock, Strike::Always) => Expected { error: None, attempts: 2..=2 },
        }
    }
}

pub(super) fn blows(is_top: bool) -> Vec<Blow> {
    let refused = |lasting| Fault::connection_refused(Duration::from_millis(lasting));
    let throttled = |ban| Fault::throttled(Throttle::App, ban);
    let skewed = |name, hours| Blow {
        is_skew: true,
        ..Blow::new(name, Fault::clock_skew(TimeDelta::hours(hours)), Outcome::NotExecuted, Help::RightClock)
    };
    // TOP's count of seconds is rounded down, so that one more is waited.
    let (ban, quota) = if is_top {
        let midnight = chrono::DateTime::parse_from_rfc3339("2026-01-07T00:00:00+08:00").unwrap();
        (BAN + Duration::from_secs(1), Advice::WaitUntil(midnight))
    } else {
        (BAN, Advice::Report)
    };
    let mut blows = vec![
        Blow {
            once: refused(40),
            is_refusal: true,
            ..Blow::new("connection refused", refused(60_000), Outcome::NotExecuted, Help::Again)
        },
        Blow::early("reset before execution", Fault::reset_before_execution()),
        Blow::late("reset after execution", Fault::reset_after_execution()),
        Blow::late("reset inside the body", Fault::torn_body()),
        Blow {
            is_timeout: true,
            is_undone_by_hanging_up: true,
            ..Blow::early("time-out before execution", Fault::delay_before(DELAY))
        },
        Blow { is_timeout: true, ..Blow::late("time-out after execution", Fault::delay_after(DELAY)) },
        Blow { is_timeout: true, ..Blow::late("slow drip", Fault::slow_drip(Duration::from_millis(20))) },
        Blow::early("500 without a body", Fault::internal_error()),
        Blow::late("500 although executed", Fault::internal_error().executed()),
        Blow::early("503 without a body", Fault::unavailable()),
        Blow::early("502 with a page", Fault::bad_gateway_page()),
        Blow::new("throttled, JSON", throttled(Duration::ZERO), Outcome::NotExecuted, Help::Slower),
        Blow {
            format: Format::Xml,
            ..Blow::new("throttled, XML", throttled(Duration::ZERO), Outcome::NotExecuted, Help::Slower)
        },
        Blow::new("banned for 60 s", throttled(BAN), Outcome::NotExecuted, Help::Nothing(Advice::WaitFor(ban))),
        Blow::new("quota used up", Fault::quota_exceeded(), Outcome::Rejected, Help::Nothing(quota)),
        Blow::late("torn JSON", Fault::torn_json()),
        Blow { format: Format::Xml, ..Blow::late("torn XML", Fault::torn_json()) },
        Blow::late("garbled", Fault::garbled()),
        Blow::late("garbled gzip", Fault::wrong_gzip()),
        Blow { help: Help::Nothing(Advice::Report), ..Blow::late("body over the cap", Fault::oversized(200_000)) },
        skewed("clock 1 h ahead", 1),
        skewed("clock 1 h behind", -1),
    ];
    if !is_top {
        blows.push(Blow::early("nonce used", Fault::nonce_used()));
    }
    blows
}
