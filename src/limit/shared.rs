//! What several machines share: the contract of a store of turns and bans.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// Gives the turns of one account to several machines, and knows its bans. Implement it on any store that can change a
/// value atomically; `RedisLimit` (feature `redis`) is one. Put behind [`Limits`](crate::Limits) by
/// [`Fleet`](crate::Fleet).
///
/// For each operation it keeps when the next turn may go and until when the operation is banned, both on one clock for
/// all machines:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
/// use privacy_number::{Reservation, Reserved, SharedLimit, Unavailable};
///
/// #[derive(Default)]
/// struct InMemory(Mutex<HashMap<String, (Option<Instant>, Option<Instant>)>>);
///
/// impl SharedLimit for InMemory {
///     async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
///         let mut operations = self.0.lock().map_err(|_| Unavailable::new("the lock is poisoned"))?;
///         let (next, banned_until) = operations.entry(wanted.operation.to_owned()).or_default();
///         let now = Instant::now();
///         if let Some(end) = banned_until.filter(|end| *end > now) {
///             return Ok(Reserved::Banned(end - now));
///         }
///         let turn = next.map_or(now, |next| next.max(now));
///         if turn - now > wanted.longest_wait {
///             return Ok(Reserved::TooLate(turn - now));
///         }
///         *next = turn.checked_add(wanted.cost());
///         Ok(Reserved::After(turn - now))
///     }
///
///     async fn ban(&self, operation: &str, ban: Duration, _timeout: Duration) -> Result<(), Unavailable> {
///         let mut operations = self.0.lock().map_err(|_| Unavailable::new("the lock is poisoned"))?;
///         let (_, banned_until) = operations.entry(operation.to_owned()).or_default();
///         *banned_until = (*banned_until).max(Instant::now().checked_add(ban));
///         Ok(())
///     }
///
///     async fn lift(&self, operation: &str, _timeout: Duration) -> Result<(), Unavailable> {
///         let mut operations = self.0.lock().map_err(|_| Unavailable::new("the lock is poisoned"))?;
///         let (_, banned_until) = operations.entry(operation.to_owned()).or_default();
///         *banned_until = None;
///         Ok(())
///     }
/// }
/// ```
///
/// A ban of a whole application or account is kept under the gateway's name
/// ([`Gateway::NAME`](crate::Gateway::NAME)) as if that were an operation; no turns are reserved under it.
pub trait SharedLimit: Send + Sync + 'static {
    /// Reserves the next turns of an operation, if the first comes soon enough and the operation is not banned.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no answer within [`Reservation::timeout`]: calls then go on without.
    fn reserve(&self, wanted: &Reservation) -> impl Future<Output = Result<Reserved, Unavailable>> + Send;

    /// Bans an operation for `ban` from now on. A longer ban stays.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no answer within the time-out.
    fn ban(
        &self,
        operation: &str,
        ban: Duration,
        timeout: Duration,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Ends an operation's ban before its time. The provided method does not: a store that leaves it as it is keeps
    /// every ban to its end.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no answer within the time-out, or bans cannot be lifted.
    fn lift(&self, operation: &str, timeout: Duration) -> impl Future<Output = Result<(), Unavailable>> + Send {
        let _ = (operation, timeout);
        std::future::ready(Err(Unavailable::new("it cannot lift bans")))
    }
}

/// The turns that a machine asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// The operation's name on the wire; the gateway's for bans of a whole account.
    pub operation: &'static str,
    /// How many turns, all to be used when the first is due. 0 only asks whether the operation is banned.
    pub turns: u32,
    /// How much time each turn takes up of the operation's quota.
    pub spacing: Duration,
    /// If the first turn comes later than this, none is to be taken.
    pub longest_wait: Duration,
    /// How long the answer may take. Later it is of no use, and the answer must be [`Unavailable`].
    pub timeout: Duration,
}

impl Reservation {
    /// Turns that may come at any time, to be answered within 50 ms.
    #[must_use]
    pub const fn new(operation: &'static str, turns: u32, spacing: Duration) -> Self {
        Self { operation, turns, spacing, longest_wait: Duration::MAX, timeout: Duration::from_millis(50) }
    }

    /// How much later the operation's next turn is because of this reservation.
    #[must_use]
    pub const fn cost(&self) -> Duration {
        self.spacing.saturating_mul(self.turns)
    }
}

/// What became of a [`Reservation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reserved {
    /// The turns are taken, and the first is due after so long from now.
    After(Duration),
    /// The first turn would be due after so long from now. None is taken.
    TooLate(Duration),
    /// The gateway bans the operation for so long from now on. No turn is taken.
    Banned(Duration),
}

/// A [`SharedLimit`] cannot be asked, and why. The reason goes to the log: no secret, address or URL can be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable(&'static str);

impl Unavailable {
    /// The reason, in words that a log may show.
    #[must_use]
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }

    /// The reason.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unavailable {}

/// A shared limit that can be stored.
pub(super) trait AnySharedLimit: Send + Sync {
    fn reserve<'a>(&'a self, wanted: &'a Reservation) -> BoxFuture<'a, Result<Reserved, Unavailable>>;
    fn ban<'a>(
        &'a self,
        operation: &'a str,
        ban: Duration,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<(), Unavailable>>;
    fn lift<'a>(&'a self, operation: &'a str, timeout: Duration) -> BoxFuture<'a, Result<(), Unavailable>>;
}

impl<L: SharedLimit> AnySharedLimit for L {
    fn reserve<'a>(&'a self, wanted: &'a Reservation) -> BoxFuture<'a, Result<Reserved, Unavailable>> {
        Box::pin(SharedLimit::reserve(self, wanted))
    }

    fn ban<'a>(
        &'a self,
        operation: &'a str,
        ban: Duration,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(SharedLimit::ban(self, operation, ban, timeout))
    }

    fn lift<'a>(&'a self, operation: &'a str, timeout: Duration) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(SharedLimit::lift(self, operation, timeout))
    }
}
