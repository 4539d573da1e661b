//! A call under a session or an access key, which is replaced if the gateway refuses it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::no_identity::NoIdentity;
use super::operation_info::OperationInfo;
use super::prepared::PreparedRequest;
use super::protocol::Protocol;
use super::sender::Sender;
use super::state::CallState;
use crate::error::Error;
use crate::operation::Operation;
use crate::params::Params;
use crate::sign::Stamp;

/// The source of the sessions or access keys that calls are signed with.
#[derive(Clone)]
pub(crate) enum IdentitySource<P: IdentityProvider> {
    Fixed(Arc<P::Identity>),
    Provided(P),
}

/// Returns sessions or access keys, and others in place of refused ones.
pub(crate) trait IdentityProvider: Sync {
    /// A session or an access key.
    type Identity: Send + Sync;

    /// The identity for a call that starts at `now` and ends by `deadline`.
    fn current(
        &self,
        now: DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> impl Future<Output = Result<Arc<Self::Identity>, NoIdentity>> + Send;

    /// Whether the gateway refused the identity of a call, and another one may be accepted.
    fn is_refusal(error: &Error) -> bool;

    /// An identity in place of one that the gateway refused.
    fn after_refusal(
        &self,
        refused: &Arc<Self::Identity>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> impl Future<Output = Result<Arc<Self::Identity>, NoIdentity>> + Send;

    /// To be called when the gateway accepted an identity.
    fn accepted(&self, identity: &Arc<Self::Identity>);

    /// To be called when the gateway also refused the identity that [`after_refusal`](Self::after_refusal) returned.
    fn refused_again(&self, identity: &Arc<Self::Identity>, refusal: &Error);
}

impl<P: IdentityProvider> IdentitySource<P> {
    async fn current(
        &self,
        now: impl FnOnce() -> DateTime<Utc>,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Arc<P::Identity>, NoIdentity> {
        match self {
            Self::Fixed(identity) => Ok(Arc::clone(identity)),
            Self::Provided(provider) => provider.current(now(), operation, deadline).await,
        }
    }

    async fn after_refusal(
        &self,
        refused: &Arc<P::Identity>,
        refusal: &Error,
        deadline: Option<Instant>,
    ) -> Result<Arc<P::Identity>, NoIdentity> {
        match self {
            Self::Fixed(_) => Err(NoIdentity::refused(refusal.clone())),
            Self::Provided(provider) => provider.after_refusal(refused, refusal, deadline).await,
        }
    }

    fn accepted(&self, identity: &Arc<P::Identity>) {
        if let Self::Provided(provider) = self {
            provider.accepted(identity);
        }
    }

    fn refused_again(&self, identity: &Arc<P::Identity>, refusal: &Error) {
        if let Self::Provided(provider) = self {
            provider.refused_again(identity, refusal);
        }
    }
}

impl<P: IdentityProvider> fmt::Debug for IdentitySource<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(***)",
            Self::Provided(_) => "Provided",
        })
    }
}

/// A call without its identity.
pub(crate) trait UnsignedCall: Sync {
    type Identity;

    /// The same call with its identity.
    type Signed: Protocol + Send;

    /// The same call under an identity.
    fn signed_with(&self, identity: Arc<Self::Identity>) -> Self::Signed;
}

impl Sender {
    /// Checks an operation and encodes its parameters.
    pub(crate) fn params<O: Operation>(&self, operation: &O) -> Result<Params, Error> {
        params_at(operation, self.clock.now())
    }

    /// Sends an operation that was checked and encoded, under an identity of `source`. If the gateway refuses it, the
    /// call continues under another one.
    pub(crate) async fn call_as<O: Operation, P: IdentityProvider>(
        &self,
        operation: &O,
        call: &impl UnsignedCall<Identity = P::Identity>,
        source: &IdentitySource<P>,
        state: &mut CallState,
    ) -> Result<O::Output, Error> {
        let without = |reason: NoIdentity, state: &CallState| {
            reason.into_error(OperationInfo::of::<O>(), state.history(), self.clock.now())
        };
        let identity = source.current(|| self.clock.now(), O::NAME, state.deadline).await;
        let identity = identity.map_err(|reason| without(reason, state))?;
        let refusal = match self.call(operation, &call.signed_with(Arc::clone(&identity)), state).await {
            Err(error) if P::is_refusal(&error) => error,
            result => {
                if result.is_ok() {
                    source.accepted(&identity);
                }
                return result;
            }
        };
        // If the identity was refused, nothing was executed. So even a call that may run only once is sent again.
        let identity = source.after_refusal(&identity, &refusal, state.deadline).await;
        let identity = identity.map_err(|reason| without(reason, state))?;
        let result = self.call(operation, &call.signed_with(Arc::clone(&identity)), state).await;
        match &result {
            Ok(_) => source.accepted(&identity),
            Err(error) if P::is_refusal(error) => source.refused_again(&identity, error),
            Err(_) => {}
        }
        result
    }

    /// Signs a request under an identity of `source`, without sending it.
    pub(crate) async fn prepare_as<O: Operation, P: IdentityProvider>(
        &self,
        call: &impl UnsignedCall<Identity = P::Identity>,
        source: &IdentitySource<P>,
        stamp: &Stamp,
        state: &CallState,
    ) -> Result<PreparedRequest, Error> {
        let identity = source.current(|| stamp.time, O::NAME, state.deadline).await;
        let identity =
            identity.map_err(|reason| reason.into_error(OperationInfo::of::<O>(), state.history(), stamp.time))?;
        Ok(call.signed_with(identity).request(stamp).into())
    }
}

/// Checks an operation at `now` and encodes its parameters.
pub(crate) fn params_at<O: Operation>(operation: &O, now: DateTime<Utc>) -> Result<Params, Error> {
    operation.validate(now)?;
    Ok(Params::from_struct(operation)?)
}
