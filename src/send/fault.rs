//! Why an attempt failed.

use std::time::Duration;

use super::exchange::RawResponse;
use crate::error::{Code, DecodeFacts, Outcome, Remedy, RequestId, ServiceFacts, TransportKind, outline};
use crate::limit::BanReason;

/// The meaning of an error code in an answer that also says success.
const DOUBTED: &str = "the answer says both success and this failure";

/// This crate's own code for a call that was not sent, because its [`Limits`](crate::Limits) give no permit before its
/// deadline.
pub const LIMIT_REACHED: &str = "limit-reached";

/// Why an attempt failed.
pub(crate) struct Fault {
    pub(crate) cause: Cause,
    pub(crate) outcome: Outcome,
    pub(crate) remedy: Remedy,
    /// How long the gateway asks to wait.
    pub(crate) wait: Option<Duration>,
}

pub(crate) enum Cause {
    /// The gateway reported an error.
    Service {
        facts: Box<ServiceFacts>,
        /// What the documents say that its code means; empty for a code that is in none.
        meaning: &'static str,
    },
    Transport(TransportKind, Option<reqwest::Error>),
    Decode(Box<DecodeFacts>),
}

impl Fault {
    /// An answer that is not the gateway's. Only its HTTP status tells the outcome.
    pub(crate) fn unreadable(answer: &RawResponse, problem: &'static str) -> Self {
        let (outcome, remedy) = match answer.status {
            429 => (Outcome::NotExecuted, Remedy::Throttled),
            300..=499 => (Outcome::Rejected, Remedy::FixRequest),
            _ => (Outcome::Unknown, Remedy::Backoff),
        };
        let facts = DecodeFacts {
            problem,
            path: String::new(),
            http_status: answer.status,
            request_id: None,
            beginning: outline(&answer.body),
        };
        Self { cause: Cause::Decode(Box::new(facts)), outcome, remedy, wait: answer.retry_after() }
    }

    /// An error that the gateway reported, and what its code means.
    pub(crate) fn service(
        facts: ServiceFacts,
        meaning: &'static str,
        outcome: Outcome,
        remedy: Remedy,
        wait: Option<Duration>,
    ) -> Self {
        Self { cause: Cause::Service { facts: Box::new(facts), meaning }, outcome, remedy, wait }
    }

    /// There is no permit before the deadline, because of a ban or else of the client's own limits.
    pub(super) fn without_permit(ban: Option<&BanReason>, wait: Duration) -> Self {
        let (facts, meaning) = match ban {
            Some(ban) => (ServiceFacts::new(ban.code.clone(), ban.sub_code.clone()), ban.meaning),
            None => (
                ServiceFacts::own(LIMIT_REACHED, None),
                "the client's own limit of calls per second leaves no permit in time",
            ),
        };
        Self::service(facts, meaning, Outcome::NotExecuted, Remedy::Throttled, Some(wait))
    }

    /// No attempt was made before the deadline.
    pub(super) fn deadline_over() -> Self {
        Self {
            cause: Cause::Transport(TransportKind::DeadlineOver, None),
            outcome: Outcome::NotExecuted,
            remedy: Remedy::Backoff,
            wait: None,
        }
    }

    /// An answer that says the call was executed, and lacks something that it must hold.
    pub(super) fn incomplete(answer: &RawResponse, request_id: Option<&str>, path: String) -> Self {
        let facts = DecodeFacts {
            problem: "the answer lacks a field or has one of the wrong kind",
            path,
            http_status: answer.status,
            request_id: request_id.map(|id| RequestId::from(id.to_owned())),
            beginning: String::new(),
        };
        Self { cause: Cause::Decode(Box::new(facts)), outcome: Outcome::Executed, remedy: Remedy::Report, wait: None }
    }

    /// An answer that says both success and failure, and has no code for the failure.
    pub(crate) fn contradictory(answer: &RawResponse, request_id: Option<&str>) -> Self {
        let mut fault = Self::incomplete(answer, request_id, String::new());
        if let Cause::Decode(facts) = &mut fault.cause {
            facts.problem = "the answer says both success and failure, or neither";
        }
        fault.doubted()
    }

    /// The same fault, of an answer that also says success: the outcome is unknown. It is not retried, because the
    /// gateway would answer the same.
    pub(crate) fn doubted(self) -> Self {
        let cause = match self.cause {
            Cause::Service { facts, .. } => Cause::Service { facts, meaning: DOUBTED },
            cause => cause,
        };
        Self { cause, outcome: Outcome::Unknown, remedy: Remedy::Report, wait: None }
    }

    pub(super) fn is_doubted(&self) -> bool {
        matches!(&self.cause, Cause::Service { meaning, .. } if *meaning == DOUBTED)
    }

    /// Whether the gateway answered, and its flow control did not refuse the request.
    pub(super) fn passed_flow_control(&self) -> bool {
        matches!(self.cause, Cause::Service { .. }) && self.remedy != Remedy::Throttled
    }

    /// The code that says most: TOP's second code, else the first.
    pub(super) fn code(&self) -> Option<&Code> {
        match &self.cause {
            Cause::Service { facts, .. } => Some(facts.sub_code.as_ref().unwrap_or(&facts.code)),
            Cause::Transport(..) | Cause::Decode(_) => None,
        }
    }
}
