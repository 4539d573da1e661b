//! What goes wrong, and what a caller is told of it.

use std::time::Duration;

use privacy_number::emulator::{Fault, Throttle};
use privacy_number::{Advice, Error, Outcome, Safety, TransportKind};

use crate::Options;

/// How often the clients try.
pub(crate) const ATTEMPTS: u32 = 3;
/// The largest answer that they read, in bytes.
pub(crate) const MAX_BODY: usize = 16 * 1024;

const TOO_LARGE: u64 = 20_000;
/// No answer has fewer bytes.
const SHORTEST_ANSWER: u32 = 40;

/// What a caller sees of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    Interrupted,
    TimedOut,
    ServerError,
    Unreadable,
    NonceUsed,
    Throttled,
    Quota,
}

/// All kinds of faults that strike one request and leave nothing behind. (A clock that is wrong for one request would
/// mislead all that follow, and refused connections reach no ledger.)
pub(crate) fn faults(options: &Options) -> Vec<Fault> {
    let patience = options.patience();
    let too_long = patience + Duration::from_secs(1);
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

impl Sign {
    /// What is seen of a request that met this fault of the ledger, if it is the last.
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

    /// Whether a call that ends so is told what the documents say: what may have run is never repeated if it must run
    /// once, and everything else is tried as often as the policy allows.
    pub(crate) fn is_told_by(self, error: &Error, safety: Safety) -> bool {
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
            // An answer that is too large would be as large again.
            Self::Unreadable if advice == Advice::Report => true,
            _ => advice == Advice::Retry && is_exhausted,
        }
    }
}
