//! Client-side limits: no more calls per second than the documents allow, and none while the gateway bans.

mod fleet;
mod gate;
mod outage;
mod pace;
#[cfg(feature = "redis")]
mod redis;
mod shared;

pub use fleet::Fleet;
#[cfg(feature = "redis")]
pub use redis::RedisLimit;
pub use shared::{Reservation, Reserved, SharedLimit, Unavailable};

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use gate::Gate;
use pace::Rate;

/// Keeps an account's calls within its limits, for all clients that share it. Clones are the same limits.
///
/// By default every operation has its documented limit ([`Operation::QPS`](crate::Operation::QPS)). A call waits for
/// its turn, first come first served; one whose turn would come after its deadline fails at once with
/// [`Advice::WaitFor`](crate::Advice::WaitFor). A ban by the gateway holds back all calls of that operation until it
/// ends. With [`shared`](Self::shared) all that holds for many machines together.
///
/// ```
/// use privacy_number::{Limits, Settings, aliyun};
///
/// let limits = Limits::new().of("BindAxb", 100).of("QuerySubsId", 50);
/// let settings = Settings::new().limits(limits.clone()); // and the same limits for other clients of the account
/// let client = aliyun::Client::builder().access_key("id", "secret").settings(settings).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[doc(alias = "流控")]
#[derive(Clone)]
pub struct Limits {
    own: Arc<HashMap<String, u32>>,
    documented: bool,
    gates: Arc<Mutex<HashMap<&'static str, Arc<Gate>>>>,
    fleet: Option<Arc<Fleet>>,
}

impl Limits {
    /// The documented limits.
    #[must_use]
    pub fn new() -> Self {
        Self { own: Arc::default(), documented: true, gates: Arc::default(), fleet: None }
    }

    /// No limits but those set with [`of`](Self::of); bans are kept all the same.
    #[must_use]
    pub fn none() -> Self {
        Self { documented: false, ..Self::new() }
    }

    /// Another limit for an operation, in calls per second, by its name on the wire. 0 is no limit.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>, calls_per_second: u32) -> Self {
        Arc::make_mut(&mut self.own).insert(operation.into(), calls_per_second);
        self
    }

    /// The same limits for all machines of a fleet together, instead of for each: the quota belongs to the account, not
    /// to the machine. Bans are shared too. Set the same limits on every machine.
    ///
    /// While what they share is out of reach, calls go on, each machine keeping to its part: [`Fleet`].
    #[must_use]
    pub fn shared(mut self, fleet: Fleet) -> Self {
        self.fleet = Some(Arc::new(fleet));
        self
    }

    /// Waits for the operation's turn. Dropping the future leaves the queue of this process as if it had never been in
    /// it; what it may cost a fleet is told at [`Fleet`].
    pub(crate) async fn turn(
        &self,
        operation: &'static str,
        documented: Option<u32>,
        deadline: Option<Instant>,
    ) -> Result<(), TooLate> {
        let limit =
            self.own.get(operation).copied().or(documented.filter(|_| self.documented)).filter(|limit| *limit > 0);
        let gate = self.gate(operation);
        match (&self.fleet, limit) {
            (None, Some(limit)) => gate.turn(Rate::of(limit), deadline).await,
            (None, None) => gate.wait_for_ban(deadline).await,
            // Boxed, so that calls without a fleet do not carry its future along.
            (Some(fleet), Some(limit)) => Box::pin(fleet.turn(&gate, operation, limit, deadline)).await,
            (Some(fleet), None) => Box::pin(fleet.wait_for_ban(&gate, operation, deadline)).await,
        }
    }

    /// Holds back the operation's calls, on all machines.
    pub(crate) async fn ban(&self, operation: &'static str, ban: Duration, deadline: Option<Instant>) {
        self.gate(operation).ban(ban);
        if let Some(fleet) = &self.fleet {
            Box::pin(fleet.ban(operation, ban, deadline)).await;
        }
    }

    fn gate(&self, operation: &'static str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(operation).or_default())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("own", &self.own)
            .field("documented", &self.documented)
            .field("fleet", &self.fleet)
            .finish_non_exhaustive()
    }
}

/// The turn would come after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLate {
    /// When it would come.
    pub(crate) wait: Duration,
}

#[cfg(test)]
mod tests;
