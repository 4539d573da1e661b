//! The faults that are injected, and the errors that they lead to.

use std::time::Duration;

use privacy_number::emulator::{Fault, Throttle};
use privacy_number::{Advice, Error, Outcome, Safety, TransportKind};

use crate::options::Options;

/// The most attempts of a call.
pub(crate) const ATTEMPTS: u32 = 3;
/// The largest response that the clients read, in bytes.
pub(crate) const MAX_BODY: usize = 16 * 1024;

const TOO_LARGE: u64 = 20_000;
/// Every response has at least this many bytes.
const SHORTEST_ANSWER: u32 = 40;

/// The effect of a fault on its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symptom {
    Interrupted,
    TimedOut,
    ServerError,
    Unreadable,
    NonceUsed,
    Throttled,
    Quota,
}

/// All faults that affect one request only. (A wrong clock would affect all later requests, and refused connections are
/// not in the ledger.)
pub(crate) fn faults(options: &Options) -> Vec<Fault> {
    let timeout = options.patience();
    let too_long = timeout + Duration::from_secs(1);
    let faults = [
        Fault::reset_before_execution(),
        Fault::reset_after_execution(),
        Fault::torn_body(),
        Fault::wrong_gzip(),
        Fault::delay_before(too_long),
        Fault::delay_after(too_long),
        Fault::slow_drip(too_long / SHORTEST_ANSWER),
        Fault::internal_error(),
        Fault::internal_error().executed(),
        Fault::unavailable(),
        Fault::bad_gateway_page(),
        Fault::torn_json(),
        Fault::garbled(),
        Fault::oversized(TOO_LARGE),
        Fault::throttled(Throttle::App, Duration::ZERO),
        Fault::quota_exceeded(),
        Fault::nonce_used(),
    ];
    let count = u32::try_from(faults.len()).map_or(1.0, f64::from);
    let each = options.fault_percent / 100.0 / count;
    faults.into_iter().zip(options.seed..).map(|(fault, seed)| fault.probability(each, seed)).collect()
}

impl Symptom {
    /// The symptom of a fault of the ledger.
    pub(crate) fn of_fault(name: &str) -> Option<Self> {
        Some(match name {
            "reset_before_execution" | "reset_after_execution" | "torn_body" | "wrong_gzip" => Self::Interrupted,
            "delay_before" | "delay_after" | "slow_drip" => Self::TimedOut,
            "internal_error" | "unavailable" | "bad_gateway_page" => Self::ServerError,
            "torn_json" | "garbled" | "oversized" => Self::Unreadable,
            "throttled" => Self::Throttled,
            "quota_exceeded" => Self::Quota,
            "nonce_used" => Self::NonceUsed,
            _ => return None,
        })
    }

    pub(crate) fn of_error(error: &Error) -> Option<Self> {
        Some(match error {
            Error::Transport(error) => match error.kind() {
                TransportKind::Interrupted => Self::Interrupted,
                TransportKind::Timeout => Self::TimedOut,
                _ => return None,
            },
            Error::Decode(error) => match error.http_status() {
                500 | 502 | 503 => Self::ServerError,
                200 => Self::Unreadable,
                _ => return None,
            },
            Error::Service(error) if error.is_throttled() => Self::Throttled,
            Error::Service(error) => match error.sub_code().unwrap_or(error.code()) {
                "isv.decryption-quota-exceeded" | "isv.BUY_NUM_OVER_LIMIT" => Self::Quota,
                "SignatureNonceUsed" => Self::NonceUsed,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether the error of a call is as documented: an operation that may have been executed and must run only once is
    /// never retried, and all others are retried as often as the policy allows.
    pub(crate) fn agrees_with(self, error: &Error, safety: Safety) -> bool {
        let (outcome, advice, attempts) = (error.outcome(), error.advice(), error.attempts());
        let is_exhausted = attempts == ATTEMPTS;
        let may_have_run = safety != Safety::Once && attempts > 1 && outcome == Outcome::Unknown;
        match self {
            Self::Throttled => {
                let is_known = outcome == Outcome::NotExecuted || may_have_run;
                is_known && matches!(advice, Advice::WaitFor(_)) && is_exhausted
            }
            Self::Quota => {
                let is_known = outcome == Outcome::Rejected || may_have_run;
                is_known && matches!(advice, Advice::WaitUntil(_) | Advice::Report)
            }
            _ if outcome != Outcome::Unknown => false,
            _ if safety == Safety::Once => advice == Advice::Reconcile,
            // A response that is too large would be too large again.
            Self::Unreadable if advice == Advice::Report => true,
            _ => advice == Advice::Retry && is_exhausted,
        }
    }
}
