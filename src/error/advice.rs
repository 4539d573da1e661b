use std::fmt;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};

use crate::safety::Safety;
use crate::time::next_china_midnight;

/// Whether an operation was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was not: nothing was sent, no connection was made, or flow control turned it away. It may be sent again.
    NotExecuted,
    /// The gateway refused it; sending it again as it is gives the same answer.
    Rejected,
    /// It may have been: the answer was lost, cut off, or says nothing about it.
    Unknown,
    /// It was, and the answer could not be read whole.
    Executed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotExecuted => "not executed",
            Self::Rejected => "rejected",
            Self::Unknown => "outcome unknown",
            Self::Executed => "executed",
        })
    }
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Send it again later: a passing fault, and a second run does no harm.
    Retry,
    /// Flow control: send it again after this time.
    WaitFor(Duration),
    /// A quota is used up: send it again at this time, midnight in China for daily ones.
    WaitUntil(DateTime<FixedOffset>),
    /// The session is missing, expired or not this application's: refresh it, or let the seller authorise again.
    RefreshSession,
    /// The OAID is not the order's current one: read the order again (`taobao.trade.fullinfo.get`) and use its OAID.
    RefreshOaid,
    /// Only the seller can change it: a switch, a permission or a quota of the shop.
    AskSeller,
    /// The account has no balance, no numbers left, or the product is not active: buy or top up.
    TopUp,
    /// The request or a setting is wrong; the same request fails again.
    FixRequest,
    /// It may have been executed and must not be sent blindly again: look for its result first.
    Reconcile,
    /// None of these helps: report it to the gateway's support, with the request id.
    Report,
}

/// What a code calls for, before the time, the operation's safety and the gateway's own hints are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// A passing fault: again after a short pause.
    Backoff,
    /// Flow control: again after the gateway's own hint, or a longer pause.
    Throttled,
    /// Our clock is wrong: take the gateway's, once.
    CorrectClock,
    /// A daily quota is used up.
    NextDay,
    RefreshSession,
    RefreshOaid,
    AskSeller,
    TopUp,
    FixRequest,
    Report,
}

impl Remedy {
    /// Whether another attempt of the same call can help.
    pub(crate) fn is_transient(self) -> bool {
        matches!(self, Self::Backoff | Self::Throttled | Self::CorrectClock)
    }

    pub(crate) fn advice(self, outcome: Outcome, safety: Safety, wait: Option<Duration>, now: DateTime<Utc>) -> Advice {
        if safety == Safety::Once && matches!(outcome, Outcome::Unknown | Outcome::Executed) {
            return Advice::Reconcile;
        }
        match self {
            Self::Backoff => wait.map_or(Advice::Retry, Advice::WaitFor),
            Self::Throttled => Advice::WaitFor(wait.unwrap_or(Duration::from_secs(1))),
            Self::NextDay => Advice::WaitUntil(next_china_midnight(now)),
            Self::RefreshSession => Advice::RefreshSession,
            Self::RefreshOaid => Advice::RefreshOaid,
            Self::AskSeller => Advice::AskSeller,
            Self::TopUp => Advice::TopUp,
            Self::CorrectClock | Self::FixRequest => Advice::FixRequest,
            Self::Report => Advice::Report,
        }
    }
}
