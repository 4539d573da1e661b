use chrono::{DateTime, Utc};

use crate::aliyun::{BindError, Binding};
use crate::error::{Advice, Error, Outcome};
use crate::invalid::InvalidRequest;
use crate::store::StoreError;

/// The error of a [`BindingLedger`](super::BindingLedger). Cheap to clone.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The request or the settings break a rule. Nothing was sent.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The store failed before anything was sent.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway did its part, and the store failed after that. The store still has what was intended:
    /// [`recover`](super::BindingLedger::recover), or the same call again, finishes it.
    #[error("the gateway has done it, but the ledger could not write that: {error}")]
    NotRecorded {
        /// The binding that was made, renewed or removed.
        binding: Box<Binding>,
        /// The store's error.
        error: StoreError,
    },
    /// The bind failed. If its outcome is unknown, the ledger still has the intent:
    /// [`recover`](super::BindingLedger::recover), or the same call again, finishes it. After any other outcome the key
    /// is free again.
    #[error("the bind: {0}")]
    Bind(Box<BindError>),
    /// An earlier process may have made the binding, and the search for it failed. The ledger still has the intent.
    #[error("an earlier process may have bound it, and the search failed: {0}")]
    Search(#[source] Error),
    /// Another call of the gateway failed. The ledger still has the binding, and what was to be done with it if the
    /// outcome is unknown.
    #[error(transparent)]
    Call(#[from] Error),
    /// The key has another request. Nothing was sent.
    #[error("another request was bound under this key; nothing was sent")]
    KeyInUse,
    /// No binding has this key.
    #[error("no binding has this key; nothing was sent")]
    UnknownKey,
    /// Another call works on this key, here or on another machine. Try again.
    #[error("another call works on this key, until {until} at the latest")]
    InProgress {
        /// When the other call's lease ends, unless it is extended.
        until: DateTime<Utc>,
    },
    /// Nobody but a person can find out whether the binding was made: no operation is known that reads bindings of 700
    /// numbers. See [`adopt`](super::BindingLedger::adopt) and [`forget`](super::BindingLedger::forget).
    #[error(
        "it is not known whether the bind was made, and nothing can find out; look in the console and `adopt` or `forget`"
    )]
    Unresolved {
        /// When it was found to be so.
        since: Option<DateTime<Utc>>,
    },
    /// No X of the pool has room: each known one has as many bindings as the settings allow, or refused.
    #[error("no known X of pool {pool_key} has room{}", refused(.refusal.as_deref()))]
    NoNumber {
        /// The pool.
        pool_key: String,
        /// The gateway's last refusal, if it was asked.
        refusal: Option<Box<BindError>>,
    },
    /// The binding that exists at the requested X belongs to another key. Name another X, or none.
    #[error("the binding at this X belongs to another key")]
    OtherKey,
    /// The task stopped before its end, because the runtime was shut down. [`recover`](super::BindingLedger::recover)
    /// finishes what it did.
    #[error("the runtime was shut down")]
    Stopped,
}

impl LedgerError {
    /// What is known about the call of the gateway.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Invalid(_) | Self::Store(_) | Self::KeyInUse | Self::UnknownKey => Outcome::NotExecuted,
            Self::NotRecorded { .. } => Outcome::Executed,
            Self::Bind(error) => error.error.outcome(),
            Self::Call(error) => error.outcome(),
            Self::NoNumber { .. } | Self::OtherKey => Outcome::Rejected,
            Self::InProgress { .. } | Self::Unresolved { .. } | Self::Search(_) | Self::Stopped => Outcome::Unknown,
        }
    }

    /// What to do. [`Advice::Retry`]: the same call again, which binds nothing twice.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Invalid(_) | Self::KeyInUse | Self::UnknownKey | Self::OtherKey => Advice::FixRequest,
            Self::Store(error) if !error.is_transient() => Advice::Report,
            Self::Store(_) | Self::NotRecorded { .. } | Self::InProgress { .. } | Self::Stopped => Advice::Retry,
            Self::Bind(error) => match error.error.advice() {
                // The ledger has the intent, and looks for the binding.
                Advice::Reconcile if !error.kind.is_700() => Advice::Retry,
                advice => advice,
            },
            Self::Search(error) | Self::Call(error) => error.advice(),
            Self::NoNumber { refusal, .. } => {
                refusal.as_ref().map_or(Advice::FixRequest, |refusal| refusal.error.advice())
            }
            Self::Unresolved { .. } => Advice::Reconcile,
        }
    }
}

fn refused(refusal: Option<&BindError>) -> String {
    refusal.map(|refusal| format!(": {refusal}")).unwrap_or_default()
}
