//! The attempts of one call: until one succeeds, or a retry is no longer safe, useful or in time.

use chrono::{DateTime, Utc};

use super::exchange::RawResponse;
use super::failure::Failure;
use super::fault::{Cause, Fault};
use super::meter::Usage;
use super::operation_info::OperationInfo;
use super::protocol::Protocol;
use super::retry::Decision;
use super::sender::Sender;
use super::state::CallState;
use crate::error::{Error, Outcome, Remedy};
use crate::limit::{BanReason, BanScope, Call, NoPermit, Permit};
use crate::sign::Stamp;
use crate::sign::explain::Explanation;

/// The attempts of one call. [`next_answer`](Self::next_answer) sends an attempt; the code that reads the answer
/// reports that it [`succeeded`](Self::succeeded) or [`failed`](Self::failed).
pub(super) struct Attempts<'a> {
    sender: &'a Sender,
    protocol: &'a dyn Protocol,
    operation: OperationInfo,
    /// What an attempt is charged for; 0 if it is not charged.
    units: u32,
    state: &'a mut CallState,
    /// The attempts so far under this session or key.
    count: u32,
    clock_corrected: bool,
    /// The fault of the last attempt, and the stamp that its request was signed with.
    last: Option<(Fault, Stamp)>,
}

/// An attempt whose request was sent.
pub(super) struct Sent {
    permit: Permit,
    /// What was counted for it.
    usage: Option<Usage>,
    stamp: Stamp,
    /// The `Date` of the answer.
    server_time: Option<DateTime<Utc>>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        sender: &'a Sender,
        protocol: &'a dyn Protocol,
        operation: OperationInfo,
        units: u32,
        state: &'a mut CallState,
    ) -> Self {
        sender.budget.deposit();
        Self { sender, protocol, operation, units, state, count: 0, clock_corrected: false, last: None }
    }

    /// Whether an earlier attempt of the call may have been executed.
    pub(super) fn may_have_run(&self) -> bool {
        self.state.may_have_run
    }

    /// Makes attempts until one has an answer.
    pub(super) async fn next_answer(&mut self) -> Result<(Sent, RawResponse), Error> {
        loop {
            let permit = self.permit().await?;
            let usage = self.count_usage().await?;
            let timeout = self.sender.attempt_timeout.min(self.state.time_left());
            if timeout.is_zero() {
                self.give_back(usage, Outcome::NotExecuted).await;
                return Err(self.stop());
            }
            self.count = self.count.saturating_add(1);
            self.state.attempts = self.state.attempts.saturating_add(1);
            let time = self.sender.clock.now();
            let stamp = Stamp::new(time, self.sender.nonces.next(time));
            match self.sender.transport.send(self.protocol.request(&stamp), timeout).await {
                Ok(answer) => {
                    let server_time = answer.date();
                    if let Some(date) = server_time {
                        self.sender.clock.observe(date);
                    }
                    return Ok((Sent { permit, usage, stamp, server_time }, answer));
                }
                Err(fault) => self.failed(Sent { permit, usage, stamp, server_time: None }, fault).await?,
            }
        }
    }

    /// The answer was read and reports success.
    pub(super) fn succeeded(&self, sent: Sent) {
        self.trace(None);
        sent.permit.passed();
    }

    /// The attempt failed. Waits until it may be retried; returns the call's error if it may not.
    pub(super) async fn failed(&mut self, sent: Sent, fault: Fault) -> Result<(), Error> {
        self.trace(Some(&fault));
        if matches!(fault.outcome, Outcome::NotExecuted | Outcome::Rejected) {
            self.give_back(sent.usage, fault.outcome).await;
        }
        let can_correct_clock = correct_clock(self.sender, &fault, sent.server_time) && !self.clock_corrected;
        let ban = self.ban(&fault).await;
        if ban.is_none() && fault.passed_flow_control() {
            sent.permit.passed();
        } else {
            drop(sent.permit);
        }
        let limits_wait = ban.unwrap_or_default();
        let (safety, time_left) = (self.operation.safety, self.state.time_left());
        let decision = self.sender.retry.decide(&fault, safety, self.count, time_left, can_correct_clock);
        let outcome = fault.outcome;
        self.last = Some((fault, sent.stamp));
        match decision {
            Decision::RetryAfter(pause) if self.sender.budget.withdraw() => {
                // The limits wait for the end of a ban, and wake up if it is lifted.
                if !limits_wait {
                    tokio::time::sleep(pause).await;
                }
            }
            Decision::RetryWithCorrectedClock => self.clock_corrected = true,
            Decision::RetryAfter(_) | Decision::Stop => return Err(self.stop()),
        }
        self.state.may_have_run |= outcome == Outcome::Unknown;
        Ok(())
    }

    async fn permit(&mut self) -> Result<Permit, Error> {
        let call = self.limited_call();
        let refused = self.sender.limits.permit(call, &mut self.state.deadline, self.state.permit_wait).await;
        refused.map_err(|NoPermit { wait, ban }| match self.last.take() {
            Some((fault, stamp)) => self.error(Fault { wait: Some(wait), ..fault }, Some(&stamp), false),
            None => self.error(Fault::without_permit(ban.as_deref(), wait), None, ban.is_some()),
        })
    }

    /// Counts the next attempt, if the operation is charged and the call has a meter.
    async fn count_usage(&mut self) -> Result<Option<Usage>, Error> {
        let Some(meter) = self.state.meter.clone().filter(|_| self.units > 0) else { return Ok(None) };
        let usage = Usage { operation: self.operation.name, units: self.units, time: self.sender.clock.now() };
        match meter.count(usage).await {
            Ok(()) => Ok(Some(usage)),
            Err(refusal) => {
                let (fault, cause) = refusal.into_fault();
                let failure = Failure { cause, ..Failure::new(fault) };
                Err(failure.into_error(self.operation, self.state.history(), self.sender.clock.now()))
            }
        }
    }

    /// Tells the meter that an attempt was not executed, or was rejected.
    async fn give_back(&self, usage: Option<Usage>, outcome: Outcome) {
        if let (Some(meter), Some(usage)) = (&self.state.meter, usage) {
            meter.give_back(usage, outcome).await;
        }
    }

    /// Holds back what a refusal bans. Says whether that is for as long as the gateway asks; `None` if nothing is
    /// banned.
    async fn ban(&self, fault: &Fault) -> Option<bool> {
        let ban = fault.wait.filter(|wait| fault.remedy == Remedy::Throttled && !wait.is_zero())?;
        let (scope, reason) = match &fault.cause {
            Cause::Service { facts, meaning } => {
                let (code, sub_code) = (facts.code.clone(), facts.sub_code.clone());
                (self.protocol.ban_scope(facts)?, Some(BanReason { code, sub_code, meaning }))
            }
            Cause::Transport(..) | Cause::Decode(_) => (BanScope::Operation, None),
        };
        Some(self.sender.limits.ban(self.limited_call(), scope, reason, ban, self.state.deadline).await)
    }

    fn limited_call(&self) -> Call<'a> {
        let OperationInfo { gateway, name, qps, .. } = self.operation;
        Call { gateway, operation: name, documented: qps, session: self.protocol.session() }
    }

    /// The error of a call that is not tried again.
    fn stop(&mut self) -> Error {
        match self.last.take() {
            Some((fault, stamp)) => self.error(fault, Some(&stamp), false),
            None => self.error(Fault::deadline_over(), None, false),
        }
    }

    fn error(&self, fault: Fault, stamp: Option<&Stamp>, held_back: bool) -> Error {
        let explanation = stamp.and_then(|stamp| explanation(self.protocol, stamp, &fault));
        let failure = Failure { explanation, held_back, ..Failure::new(fault) };
        failure.into_error(self.operation, self.state.history(), self.sender.clock.now())
    }

    /// The one place that logs calls. These fields are all there are: no parameter, URL or body is ever logged.
    fn trace(&self, fault: Option<&Fault>) {
        // Computed only if a subscriber is interested.
        let elapsed_ms = || u64::try_from(self.state.elapsed().as_millis()).unwrap_or(u64::MAX);
        let OperationInfo { gateway, name: operation, .. } = self.operation;
        let attempt = self.state.attempts;
        match fault {
            None => tracing::debug!(gateway, operation, attempt, elapsed_ms = elapsed_ms(), "call succeeded"),
            Some(fault) => tracing::debug!(
                gateway,
                operation,
                attempt,
                elapsed_ms = elapsed_ms(),
                outcome = %fault.outcome,
                code = fault.code().map(tracing::field::display),
                "attempt failed"
            ),
        }
    }
}

/// If the fault calls for it, sets the clock to the server's time. Says whether it did.
pub(super) fn correct_clock(sender: &Sender, fault: &Fault, server_time: Option<DateTime<Utc>>) -> bool {
    let server_time = server_time.filter(|_| fault.remedy == Remedy::CorrectClock);
    server_time.inspect(|time| sender.clock.correct(*time)).is_some()
}

/// For a refused signature: what was signed under this stamp.
pub(super) fn explanation(protocol: &dyn Protocol, stamp: &Stamp, fault: &Fault) -> Option<Explanation> {
    match &fault.cause {
        Cause::Service { facts, .. } => protocol.explain(stamp, facts),
        Cause::Transport(..) | Cause::Decode(_) => None,
    }
}
