use std::fmt;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};

use crate::safety::Safety;
use crate::time::next_china_midnight;

/// Whether an operation was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was not executed: nothing was sent, there was no connection, or flow control refused it. It may be sent
    /// again.
    NotExecuted,
    /// The gateway refused it. The same request will be refused again.
    Rejected,
    /// It may have been executed: the response was lost or truncated, or does not show it.
    Unknown,
    /// It was executed, but the response could not be read completely.
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
    /// Send it again later: the failure is temporary, and a second execution does no harm.
    Retry,
    /// Flow control: send it again after this time.
    WaitFor(Duration),
    /// A quota is used up: send it again at this time, which is midnight in China for daily quotas.
    WaitUntil(DateTime<FixedOffset>),
    /// The session is missing, expired or not this application's: refresh it, or let the seller authorise again.
    RefreshSession,
    /// The OAID is not the order's current one: read the order again (`taobao.trade.fullinfo.get`) and use its OAID.
    RefreshOaid,
    /// Only the seller can resolve it: a setting, a permission or a quota of the shop.
    AskSeller,
    /// The account has no balance, no numbers left, or the product is not active: buy or top up.
    TopUp,
    /// The request or a setting is wrong. The same request will fail again.
    FixRequest,
    /// It may have been executed. Look for its result before sending it again.
    Reconcile,
    /// None of the above: report it to the gateway's support, with the request id.
    Report,
}

/// What can be done about a fault, regardless of the operation's safety, the remaining time and the gateway's wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// A temporary failure: retry after a backoff.
    Backoff,
    /// Flow control: retry after the wait that the gateway asks for, else after a longer backoff.
    Throttled,
    /// The client's clock is wrong: set it to the gateway's, once.
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
    /// Whether a retry within the same call can help.
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
