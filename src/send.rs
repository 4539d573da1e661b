//! One call: attempts until one succeeds or repeating is no longer safe, useful or in time.

#[cfg(any(test, fuzzing))]
mod answered;
mod budget;
pub(crate) mod endpoint;
mod fault;
mod fetch;
mod http;
mod in_time;
mod nonce;
mod prepared;
mod protocol;
mod read;
mod retry;
mod settings;
mod state;
mod turns;

pub use prepared::PreparedRequest;
pub use retry::RetryPolicy;
pub use settings::{Format, Settings};
pub use turns::LIMIT_REACHED;

pub(crate) use fault::{Cause, Fault};
pub(crate) use fetch::{FetchFault, Part};
pub(crate) use http::{RawAnswer, WireRequest};
pub(crate) use protocol::Protocol;
pub(crate) use state::CallState;

use std::time::Duration;

use crate::error::{CallReport, DecodeError, Error, Outcome, Remedy, ServiceError, TransportError};
use crate::invalid::InvalidRequest;
use crate::limit::{self, Limits, TooLate};
use crate::operation::{Gateway, Operation};
use crate::redact::Private;
use crate::safety::Safety;
use crate::sign::Stamp;
use crate::time::Clock;
use budget::RetryBudget;
use http::Transport;
use nonce::Nonces;
use retry::Decision;

/// Sends the requests of a client: the attempts of each call, with its limits, retries and timeouts.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    transport: Transport,
    retry: RetryPolicy,
    budget: RetryBudget,
    limits: Limits,
    attempt_timeout: Duration,
    pub(crate) call_timeout: Duration,
    nonces: Nonces,
    pub(crate) clock: Clock,
}

impl Sender {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            retry: settings.retry.clone(),
            budget: RetryBudget::new(settings.retry.budget_percent),
            limits: settings.limits.clone(),
            attempt_timeout: settings.attempt_timeout,
            call_timeout: settings.call_timeout,
            nonces: Nonces::new(),
            clock: settings.clock.clone(),
            transport: Transport::new(settings)?,
        })
    }

    /// Fetches a file by a link, from a byte on. No byte for the stall timeout is a broken connection.
    pub(crate) async fn fetch(&self, link: &Private, from: u64, stall_timeout: Duration) -> Result<Part, FetchFault> {
        fetch::fetch(self.transport.client(), link, from, stall_timeout).await
    }

    /// Waits before something is tried again that failed so many times in a row.
    pub(crate) async fn back_off(&self, faults: u32) {
        tokio::time::sleep(self.retry.backoff(faults)).await;
    }

    /// Sends an operation that was validated and encoded, as the whole of a call or as what follows a refused session or
    /// key. Generic only in how the answer is read; the attempts are [`Self::attempts`], compiled once.
    pub(crate) async fn call<O: Operation>(
        &self,
        operation: &O,
        protocol: &dyn Protocol,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let mut answered = None;
        let mut read = |answer: &RawAnswer, may_have_run: bool| {
            answered = Some(match read::output::<O>(protocol, answer) {
                Err(fault) if may_have_run => read::done_before::<O>(fault)?,
                result => result?,
            });
            Ok(())
        };
        let attempts = self.attempts(&Identity::of::<O>(), protocol, &mut read, state).await;
        attempts.map_err(|error| with_hint(error, operation))?;
        answered.ok_or_else(|| Error::Invalid(InvalidRequest::new("answer", "was not read")))
    }

    async fn attempts(
        &self,
        identity: &Identity,
        protocol: &dyn Protocol,
        read: &mut (dyn FnMut(&RawAnswer, bool) -> Result<(), Fault> + Send),
        state: &mut CallState,
    ) -> Result<(), Error> {
        let call = limit::Call {
            gateway: identity.gateway,
            operation: identity.operation,
            documented: identity.qps,
            session: protocol.session(),
        };
        let mut clock_corrected = false;
        let mut attempt = 0_u32;
        let mut last_fault = Fault::deadline_over();
        self.budget.pay_in();
        loop {
            let turn = match self.limits.turn(call, &mut state.deadline, state.patience).await {
                Ok(turn) => turn,
                Err(TooLate { wait, ban }) => {
                    let is_held_back = attempt == 0 && ban.is_some();
                    if attempt == 0 {
                        last_fault = Fault::without_turn(ban.as_deref());
                    }
                    last_fault.wait = Some(wait);
                    let error = self.error(identity, state, last_fault);
                    return Err(if is_held_back { error.held_back() } else { error });
                }
            };
            let timeout = self.attempt_timeout.min(state.time_left());
            let mut is_kept_by_limits = false;
            // A pause may end a little late: then the fault before it is what there is to tell.
            if !timeout.is_zero() {
                attempt = attempt.saturating_add(1);
                state.attempts = state.attempts.saturating_add(1);
                let may_have_run = state.may_have_run;
                let result = self.attempt(protocol, &mut |answer| read(answer, may_have_run), timeout).await;
                trace(identity, state, result.as_ref().err());
                let Err(fault) = result else {
                    turn.went_through();
                    return Ok(());
                };
                let ban = self.ban(call, protocol, &fault, state.deadline).await;
                if ban.is_none() && fault.is_word_of_the_gateway() {
                    turn.went_through();
                } else {
                    drop(turn);
                }
                is_kept_by_limits = ban.unwrap_or_default();
                last_fault = fault;
            }
            let decision = self.retry.decide(&last_fault, identity.safety, attempt, state.time_left(), clock_corrected);
            match decision {
                Decision::RetryAfter(pause) if self.budget.take() => {
                    // The limits wait for the end of a ban, and hear of it if it is lifted.
                    if !is_kept_by_limits {
                        tokio::time::sleep(pause).await;
                    }
                }
                Decision::RetryWithCorrectedClock => clock_corrected = true,
                Decision::RetryAfter(_) | Decision::Stop => return Err(self.error(identity, state, last_fault)),
            }
            state.may_have_run |= last_fault.outcome == Outcome::Unknown;
        }
    }

    async fn attempt(
        &self,
        protocol: &dyn Protocol,
        read: &mut (dyn FnMut(&RawAnswer) -> Result<(), Fault> + Send),
        timeout: Duration,
    ) -> Result<(), Fault> {
        let time = self.clock.now();
        let stamp = Stamp::new(time, self.nonces.next(time));
        let answer = self.transport.send(protocol.request(&stamp), timeout).await?;
        if let Some(date) = answer.date() {
            self.clock.observe(date);
        }
        self.understand(protocol, read, &stamp, &answer)
    }

    fn understand(
        &self,
        protocol: &dyn Protocol,
        read: &mut (dyn FnMut(&RawAnswer) -> Result<(), Fault> + Send),
        stamp: &Stamp,
        answer: &RawAnswer,
    ) -> Result<(), Fault> {
        read(answer).map_err(|mut fault| {
            if let Cause::Service(facts) = &mut fault.cause {
                facts.explanation = protocol.explain(stamp, facts);
            }
            if fault.remedy == Remedy::CorrectClock {
                match answer.date() {
                    Some(date) => self.clock.correct(date),
                    None => fault.remedy = Remedy::FixRequest,
                }
            }
            fault
        })
    }

    fn error(&self, identity: &Identity, state: &CallState, mut fault: Fault) -> Error {
        // That the last attempt did not run says nothing about an earlier one that may have.
        if state.may_have_run && fault.outcome != Outcome::Executed {
            fault.outcome = Outcome::Unknown;
        }
        let report = CallReport {
            operation: identity.operation,
            attempts: state.attempts,
            elapsed: state.elapsed(),
            outcome: fault.outcome,
            advice: fault.remedy.advice(fault.outcome, identity.safety, fault.wait, self.clock.now()),
        };
        match fault.cause {
            Cause::Service(facts) => Error::Service(Box::new(ServiceError::new(*facts, report))),
            Cause::Transport(kind, source) => {
                let source = source.map(|source| std::sync::Arc::new(source) as _);
                Error::Transport(Box::new(TransportError::new(kind, source, report)))
            }
            Cause::Decode(facts) => Error::Decode(Box::new(DecodeError::new(*facts, report))),
        }
    }
}

/// What the attempts need to know of an operation.
struct Identity {
    gateway: &'static str,
    operation: &'static str,
    safety: Safety,
    qps: Option<u32>,
}

impl Identity {
    fn of<O: Operation>() -> Self {
        Self { gateway: <O::Gateway as Gateway>::NAME, operation: O::NAME, safety: O::SAFETY, qps: O::QPS }
    }
}

/// Adds what the request knows more of an error than its code says.
fn with_hint<O: Operation>(mut error: Error, operation: &O) -> Error {
    if let Error::Service(error) = &mut error {
        error.hint = operation.hint(error);
    }
    error
}

/// The one place that logs calls. The fields are all there are: no parameter, URL or body ever becomes one.
fn trace(identity: &Identity, state: &CallState, fault: Option<&Fault>) {
    // Read only if somebody listens.
    let elapsed_ms = || u64::try_from(state.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Identity { gateway, operation, .. } = *identity;
    let attempt = state.attempts;
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
