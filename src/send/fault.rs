//! Why an attempt failed.

use std::time::Duration;

use super::http::RawAnswer;
use crate::error::{Code, DecodeFacts, Outcome, Remedy, RequestId, ServiceFacts, TransportKind, outline};

/// What the code of an answer means that says success too.
const DOUBTED: &str = "the answer says both success and this failure";

/// Why an attempt failed.
pub(crate) struct Fault {
    pub(crate) cause: Cause,
    pub(crate) outcome: Outcome,
    pub(crate) remedy: Remedy,
    /// How long the gateway asks to wait.
    pub(crate) wait: Option<Duration>,
}

pub(crate) enum Cause {
    Service(Box<ServiceFacts>),
    Transport(TransportKind, Option<reqwest::Error>),
    Decode(Box<DecodeFacts>),
}

impl Fault {
    /// An answer that is none of the gateway's: what it means is read from the HTTP status.
    pub(crate) fn unreadable(answer: &RawAnswer, problem: &'static str) -> Self {
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

    /// No attempt was made at all.
    pub(super) fn deadline_over() -> Self {
        Self {
            cause: Cause::Transport(TransportKind::DeadlineOver, None),
            outcome: Outcome::NotExecuted,
            remedy: Remedy::Backoff,
            wait: None,
        }
    }

    /// An answer that says the call was executed, and does not hold what it must.
    pub(super) fn incomplete(answer: &RawAnswer, request_id: Option<&str>, path: String) -> Self {
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
    pub(crate) fn contradictory(answer: &RawAnswer, request_id: Option<&str>) -> Self {
        let mut fault = Self::incomplete(answer, request_id, String::new());
        if let Cause::Decode(facts) = &mut fault.cause {
            facts.problem = "the answer says both success and failure, or neither";
        }
        fault.doubted()
    }

    /// The same fault of an answer that says success too: nobody can tell what was done. It is not repeated, because the
    /// gateway would say the same again.
    pub(crate) fn doubted(mut self) -> Self {
        if let Cause::Service(facts) = &mut self.cause {
            facts.throttled = false;
            facts.meaning = DOUBTED;
        }
        Self { outcome: Outcome::Unknown, remedy: Remedy::Report, wait: None, ..self }
    }

    pub(super) fn is_doubted(&self) -> bool {
        matches!(&self.cause, Cause::Service(facts) if facts.meaning == DOUBTED)
    }

    pub(super) fn code(&self) -> Option<&Code> {
        match &self.cause {
            Cause::Service(facts) => Some(facts.sub_code.as_ref().unwrap_or(&facts.code)),
            Cause::Transport(..) | Cause::Decode(_) => None,
        }
    }
}
