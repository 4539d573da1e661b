use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::mark::{HANDLED, HANDLING, key};
use super::{ReceiptsSeen, SeenError};
use crate::aliyun::receipt::Receipt;
#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
use crate::store::{Change, TransactionalStore};
use crate::store::{NewRow, Store, StoreError, Table};

/// The greatest random version of a new mark.
const MAX_VERSION: u64 = 1 << 62;

/// How often a failed write of the mark is tried, and the first pause between.
const WRITES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// What became of a receipt. In both cases it can be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Handled<T> {
    /// The work was done now.
    Now(T),
    /// It was done before, and was not done again.
    Before,
}

/// A mark of this task, with the version that it has.
struct Claim {
    key: String,
    version: u64,
}

impl<S: Store> ReceiptsSeen<S> {
    /// Does the work of a receipt, unless it was done before. `work` is not polled if another one is doing it.
    ///
    /// If the work fails, or this future is dropped, or the process is killed, the receipt is handled when it is
    /// delivered again: at once after a failure, else when the [lease](Self::lease) has ended. If the process is killed
    /// between the end of the work and the mark, the work is done twice; [`begin`](Self::begin) has no such moment.
    ///
    /// # Errors
    /// [`SeenError`]. Do not acknowledge the receipt then.
    pub async fn handle<T, E>(
        &self,
        receipt: &Receipt,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Handled<T>, SeenError<E>> {
        let Some(mut claim) = self.claim(key(receipt)).await? else { return Ok(Handled::Before) };
        let result = self.run(&mut claim, work).await;
        match result {
            Ok(value) => {
                self.record(&claim).await.map_err(SeenError::NotRecorded)?;
                Ok(Handled::Now(value))
            }
            Err(error) => {
                // If the store fails, the lease ends at its time.
                let _ = self.store.delete(Table::Receipts, &claim.key, Some(claim.version)).await;
                Err(SeenError::Handler(error))
            }
        }
    }

    /// Claims a receipt; `None` if it was handled.
    async fn claim<E>(&self, key: String) -> Result<Option<Claim>, SeenError<E>> {
        loop {
            let until = after(self.lease);
            let row = NewRow::new(&[]).state(HANDLING).due(until);
            let version = match self.store.get(Table::Receipts, &key).await? {
                None => {
                    // A mark that was removed must not be taken for this one.
                    let version = fastrand::u64(1..MAX_VERSION);
                    let inserted = self.store.insert(Table::Receipts, &key, row.first_version(version)).await?;
                    inserted.then_some(version)
                }
                Some(found) if found.state == HANDLED => return Ok(None),
                Some(found) => match found.due.filter(|until| *until > Utc::now()) {
                    Some(until) => return Err(SeenError::InProgress { until }),
                    None => {
                        let taken = self.store.update(Table::Receipts, &key, found.version, row).await?;
                        taken.then_some(found.version.saturating_add(1))
                    }
                },
            };
            if let Some(version) = version {
                return Ok(Some(Claim { key, version }));
            }
        }
    }

    /// Runs the work, and extends the lease meanwhile.
    async fn run<T>(&self, claim: &mut Claim, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            if let Ok(result) = tokio::time::timeout(self.lease.mul_f64(0.3), &mut work).await {
                return result;
            }
            let row = NewRow::new(&[]).state(HANDLING).due(after(self.lease));
            // The work is not stopped if the store fails: it may be done before the lease ends.
            if let Ok(true) = self.store.update(Table::Receipts, &claim.key, claim.version, row).await {
                claim.version = claim.version.saturating_add(1);
            }
        }
    }

    /// Writes that the work was done.
    async fn record(&self, claim: &Claim) -> Result<(), StoreError> {
        let row = NewRow::new(&[]).state(HANDLED).due(self.mark_end());
        let mut pause = FIRST_PAUSE;
        for _ in 1..WRITES {
            match self.store.update(Table::Receipts, &claim.key, claim.version, row).await {
                Err(error) if error.is_transient() => tokio::time::sleep(pause).await,
                // If it is refused, the lease ended and another one took it, who writes its own mark; or an update
                // that failed was made after all.
                result => return result.map(|_| ()),
            }
            pause = pause.saturating_mul(2);
        }
        self.store.update(Table::Receipts, &claim.key, claim.version, row).await.map(|_| ())
    }

    /// When the mark of a receipt that is handled now may be removed.
    fn mark_end(&self) -> DateTime<Utc> {
        Utc::now().checked_add_signed(self.retention).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

#[cfg(any(feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
impl<S: TransactionalStore> ReceiptsSeen<S> {
    /// Begins a transaction that has the receipt's mark; `None` if the receipt was handled before. Do your own work in
    /// it and commit: the mark and the work are written together, or not at all. Dropping it rolls both back. While it
    /// is open, another one that begins the same receipt waits for its end.
    ///
    /// # Errors
    /// See [`StoreError`]. Do not acknowledge the receipt then. [`StoreError::Unavailable`] also while
    /// [`handle`](Self::handle) is at work on it, or was killed there: use only one of both for a type of receipt.
    pub async fn begin(
        &self,
        receipt: &Receipt,
    ) -> Result<Option<sqlx::Transaction<'static, S::Database>>, StoreError> {
        let key = key(receipt);
        let row = NewRow::new(&[]).state(HANDLED).due(self.mark_end());
        let mut transaction = self.store.begin().await?;
        let insert = Change::Insert { table: Table::Receipts, key: &key, row };
        if self.store.write_in(&mut transaction, &[insert]).await?.is_done() {
            return Ok(Some(transaction));
        }
        drop(transaction);
        match self.store.get(Table::Receipts, &key).await? {
            Some(row) if row.state == HANDLED => Ok(None),
            _ => Err(StoreError::Unavailable("another one is handling the receipt".into())),
        }
    }
}

fn after(duration: Duration) -> DateTime<Utc> {
    let duration = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    Utc::now().checked_add_signed(duration).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
