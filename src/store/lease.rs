use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::change::MAX_FIRST_VERSION;
use super::{NewRow, Store, StoreError, Table};

/// The shortest and the longest wait between two looks at a lease of another holder.
const POLL: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));

/// The right to do a piece of work, held by at most one of all tasks, processes and machines that use a store.
///
/// It ends when it is [released](Self::release), or at its time: then another one may take it, even if its holder is
/// still at work. So what the work writes must be safe on its own, by an insert or an update of a known version. The
/// times are those of the machines' clocks: they must differ by less than the duration of a lease.
///
/// ```
/// # #[cfg(feature = "store-sqlite")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("privacy-number-lease-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let store = privacy_number::store::SqliteStore::open(folder.join("doc.db"), "").await?;
/// use std::time::Duration;
/// use privacy_number::store::Lease;
///
/// let lease = Lease::take(&store, "shop-1/order-1", Duration::from_secs(30)).await?;
/// let lease = lease.expect("nobody else has it");
/// assert!(Lease::take(&store, "shop-1/order-1", Duration::from_secs(30)).await?.is_none());
/// lease.release(&store).await?;
/// # drop(store);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "store-sqlite"))]
/// # fn main() {}
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it is held until it is released or ends"]
pub struct Lease {
    name: String,
    /// The row's version. A later holder's row has another one.
    version: u64,
    until: DateTime<Utc>,
}

impl Lease {
    /// Takes the lease of this name, 1 to 512 bytes, if nobody holds it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take(store: &impl Store, name: &str, duration: Duration) -> Result<Option<Self>, StoreError> {
        Ok(Self::try_take(store, name, duration).await?.ok())
    }

    /// Takes the lease, or waits until it is free. The waiter polls the store.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn wait(store: &impl Store, name: &str, duration: Duration) -> Result<Self, StoreError> {
        let mut longest = POLL.0;
        loop {
            match Self::try_take(store, name, duration).await? {
                Ok(lease) => return Ok(lease),
                Err(ends) => {
                    // A random wait, so that the waiters of one lease do not come all at once.
                    let jitter = longest.mul_f64(fastrand::f64().max(0.5));
                    let remaining = ends.signed_duration_since(Utc::now()).to_std().unwrap_or(POLL.0);
                    tokio::time::sleep(jitter.min(remaining.max(POLL.0))).await;
                    longest = longest.saturating_mul(2).min(POLL.1);
                }
            }
        }
    }

    /// Holds the lease longer: `duration` from now. `false` if it has ended and another one took it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn extend(&mut self, store: &impl Store, duration: Duration) -> Result<bool, StoreError> {
        let until = end(duration);
        let extended = store.update(Table::Leases, &self.name, self.version, row(until)).await?;
        if extended {
            self.version = self.version.saturating_add(1);
            self.until = until;
        }
        Ok(extended)
    }

    /// Gives the lease back. `false` if it had ended and another one took it.
    ///
    /// # Errors
    /// See [`StoreError`]. Then it ends at its time.
    pub async fn release(self, store: &impl Store) -> Result<bool, StoreError> {
        store.delete(Table::Leases, &self.name, Some(self.version)).await
    }

    /// When the lease ends.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// The lease, or when the one of another holder ends.
    async fn try_take(
        store: &impl Store,
        name: &str,
        duration: Duration,
    ) -> Result<Result<Self, DateTime<Utc>>, StoreError> {
        let until = end(duration);
        let held = |version| Self { name: name.to_owned(), version, until };
        let now = Utc::now();
        let Some(found) = store.get(Table::Leases, name).await? else {
            // A holder whose lease ended long ago must not release a later one.
            let version = fastrand::u64(1..MAX_FIRST_VERSION);
            let inserted = store.insert(Table::Leases, name, row(until).first_version(version)).await?;
            return Ok(if inserted { Ok(held(version)) } else { Err(now) });
        };
        match found.due {
            Some(ends) if ends > now => Ok(Err(ends)),
            _ if store.update(Table::Leases, name, found.version, row(until)).await? => {
                Ok(Ok(held(found.version.saturating_add(1))))
            }
            _ => Ok(Err(now)),
        }
    }
}

/// Does not show the name: it may hold the number of an order.
impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("until", &self.until).finish_non_exhaustive()
    }
}

fn row(until: DateTime<Utc>) -> NewRow<'static> {
    NewRow::new(&[]).state("held").due(until)
}

fn end(duration: Duration) -> DateTime<Utc> {
    let duration = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    Utc::now().checked_add_signed(duration).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
