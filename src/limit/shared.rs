//! The trait of a store of permits and bans that several machines share.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// A store of the permits and bans of one account, shared by several machines. You can implement it on any store that
/// can change a value atomically. `RedisLimit` (feature `redis`) is an implementation. A [`Fleet`](crate::Fleet)
/// connects it to [`Limits`](crate::Limits).
///
/// For each operation it stores the time at which the next permit is due, and the time until which the operation is
/// banned. Both use one clock for all machines:
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
///         let permit = next.map_or(now, |next| next.max(now));
///         if permit - now > wanted.longest_wait {
///             return Ok(Reserved::TooLate(permit - now));
///         }
///         *next = permit.checked_add(wanted.cost());
///         Ok(Reserved::After(permit - now))
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
/// A ban of a whole application or account is stored under the gateway's name
/// ([`Gateway::NAME`](crate::Gateway::NAME)), as if that were an operation. No permits are reserved under that name.
pub trait SharedLimit: Send + Sync + 'static {
    /// Reserves the next permits of an operation, if the first is due soon enough and the operation is not banned.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no reply within [`Reservation::timeout`]. Calls then continue without the store.
    fn reserve(&self, wanted: &Reservation) -> impl Future<Output = Result<Reserved, Unavailable>> + Send;

    /// Bans an operation for `ban` from now; never shortens a longer ban.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no reply within the timeout.
    fn ban(
        &self,
        operation: &str,
        ban: Duration,
        timeout: Duration,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Ends an operation's ban early. The default implementation fails, and the ban lasts until its end.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no reply within the timeout, or bans cannot be lifted.
    fn lift(&self, operation: &str, timeout: Duration) -> impl Future<Output = Result<(), Unavailable>> + Send {
        let _ = (operation, timeout);
        std::future::ready(Err(Unavailable::new("it cannot lift bans")))
    }
}

/// A machine's request for permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// The operation's name on the wire; the gateway's for bans of a whole account.
    pub operation: &'static str,
    /// How many permits, all to be used when the first is due. 0 only asks whether the operation is banned.
    pub permits: u32,
    /// How long after each permit the next one of the operation is due.
    pub spacing: Duration,
    /// If the first permit is due later than this, none is reserved.
    pub longest_wait: Duration,
    /// How long the reply may take; after that it must be [`Unavailable`].
    pub timeout: Duration,
}

impl Reservation {
    /// A request without a longest wait, with a timeout of 50 ms.
    #[must_use]
    pub const fn new(operation: &'static str, permits: u32, spacing: Duration) -> Self {
        Self { operation, permits, spacing, longest_wait: Duration::MAX, timeout: Duration::from_millis(50) }
    }

    /// By how much this reservation delays the operation's next permit.
    #[must_use]
    pub const fn cost(&self) -> Duration {
        self.spacing.saturating_mul(self.permits)
    }
}

/// The reply to a [`Reservation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reserved {
    /// The permits are reserved. The first is due after this time from now.
    After(Duration),
    /// No permit is reserved: the first would be due after this time from now.
    TooLate(Duration),
    /// No permit is reserved: the gateway bans the operation for this time from now.
    Banned(Duration),
}

/// Why a [`SharedLimit`] cannot be used. The reason is logged, so it must hold no secret, address or URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable(&'static str);

impl Unavailable {
    /// A reason that may be logged.
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

/// [`SharedLimit`] as a trait object.
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
