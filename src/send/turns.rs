//! What limits and bans mean to a call.

use tokio::time::Instant;

use super::Sender;
use super::fault::{Cause, Fault};
use super::protocol::Protocol;
use crate::error::{Code, Outcome, Remedy, ServiceFacts};
use crate::limit::{BanScope, Call};

/// This crate's own code for a call that was not sent, because its [`Limits`](crate::Limits) leave no turn before its
/// deadline.
pub const LIMIT_REACHED: &str = "limit-reached";

impl Fault {
    /// No turn before the deadline, because of a ban or else of the client's own limits.
    pub(super) fn without_turn(ban: Option<&ServiceFacts>) -> Self {
        let facts = ban.cloned().unwrap_or_else(|| ServiceFacts {
            code: Code::from(LIMIT_REACHED.to_owned()),
            sub_code: None,
            message: None,
            request_id: None,
            http_status: None,
            meaning: "the client's own limit of calls per second leaves no turn in time",
            throttled: true,
            explanation: None,
        });
        let cause = Cause::Service(Box::new(facts));
        Self { cause, outcome: Outcome::NotExecuted, remedy: Remedy::Throttled, wait: None }
    }

    /// Whether the gateway itself answered, and not because of its flow control.
    pub(super) fn is_word_of_the_gateway(&self) -> bool {
        matches!(self.cause, Cause::Service(_)) && self.remedy != Remedy::Throttled
    }
}

impl Sender {
    /// Holds back what a refusal bans. Says whether that is for as long as the gateway asks; `None` if nothing is
    /// banned.
    pub(super) async fn ban(
        &self,
        call: Call<'_>,
        protocol: &dyn Protocol,
        fault: &Fault,
        deadline: Option<Instant>,
    ) -> Option<bool> {
        let ban = fault.wait.filter(|wait| fault.remedy == Remedy::Throttled && !wait.is_zero())?;
        let (scope, facts) = match &fault.cause {
            Cause::Service(facts) => (protocol.ban_scope(facts)?, Some(facts.of_ban())),
            Cause::Transport(..) | Cause::Decode(_) => (BanScope::Operation, None),
        };
        Some(self.limits.ban(call, scope, facts, ban, deadline).await)
    }
}
