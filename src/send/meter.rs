//! Counts what the attempts of a call use, in a ledger above this layer.

use std::fmt;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::fault::Fault;
use crate::error::{Outcome, ProviderCause, Remedy, ServiceFacts};

/// What one attempt of a charged operation uses.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "store"), expect(dead_code, reason = "only a ledger in a store reads it"))]
pub(crate) struct Usage {
    /// The operation's name on the wire.
    pub(crate) operation: &'static str,
    /// [`Operation::charged_units`](crate::Operation::charged_units)
    pub(crate) units: u32,
    /// When it was counted, in the gateway's time.
    pub(crate) time: DateTime<Utc>,
}

/// Counts attempts. An attempt that is dropped stays counted: it may have been executed.
pub(crate) trait Meter: fmt::Debug + Send + Sync {
    /// Counts an attempt before it is sent, or refuses it.
    fn count(&self, usage: Usage) -> BoxFuture<'_, Result<(), MeterRefusal>>;

    /// An attempt ended without being executed, or was rejected: its count may be taken back.
    fn give_back(&self, usage: Usage, outcome: Outcome) -> BoxFuture<'_, ()>;
}

/// Why an attempt is not sent.
pub(crate) struct MeterRefusal {
    /// This crate's own code.
    pub(crate) code: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) remedy: Remedy,
    pub(crate) cause: Option<ProviderCause>,
}

impl MeterRefusal {
    /// The fault of the attempt, and its cause.
    pub(super) fn into_fault(self) -> (Fault, Option<ProviderCause>) {
        let facts = ServiceFacts::own(self.code, None);
        (Fault::service(facts, self.meaning, Outcome::NotExecuted, self.remedy, None), self.cause)
    }
}
