use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::LedgerError;
use super::record::{Entry, id_key};
use super::settings::LedgerSettings;
use crate::aliyun::{Binding, Client};
use crate::store::{Change, EncryptedStore, Store, StoreError, Table, Written};

/// How often a write is tried if the store does not answer, and the wait before the second attempt.
const WRITES: u32 = 3;
const WRITE_PAUSE: Duration = Duration::from_millis(100);

/// Bindings under keys of your own. Cheap to clone; clones, processes and machines share one store.
///
/// A call runs in a task of its own: if its future is dropped, the call still comes to its end. If the process dies,
/// [`recover`](Self::recover) or the next call with the key finishes what it began, after its lease.
///
/// **X.** A bind that names no `phone_no_x` gets one of the pool's numbers in the [settings](LedgerSettings), the one
/// with the fewest bindings first, in a pool of more than 50 numbers among 50 random ones; `expect_city` is not
/// considered. So the ledger always knows where to look for the
/// binding. An AXN extension binding without an `extension` gets a random one of three digits. No document says which
/// extensions an X has.
///
/// **700 numbers.** No operation is known that reads their bindings. After an attempt that may have made one, the key
/// is [`Unresolved`](LedgerError::Unresolved): nothing is sent again until a person calls [`adopt`](Self::adopt) or
/// [`forget`](Self::forget).
///
/// See the [module](crate::binding_ledger) for an example.
pub struct BindingLedger<S> {
    pub(super) parts: Arc<Parts<S>>,
}

pub(super) struct Parts<S> {
    pub(super) client: Client,
    pub(super) store: EncryptedStore<S>,
    pub(super) settings: LedgerSettings,
}

impl<S: Store> BindingLedger<S> {
    /// A ledger of the bindings of one account.
    #[must_use]
    pub fn new(client: Client, store: EncryptedStore<S>, settings: LedgerSettings) -> Self {
        Self { parts: Arc::new(Parts { client, store, settings }) }
    }

    /// The binding of a key, with the expiration that the ledger knows; `None` if there is none, or its bind or its
    /// removal has begun.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn get(&self, key: &str) -> Result<Option<Binding>, LedgerError> {
        let now = self.parts.client.now();
        let binding = self.read(key).await?.and_then(|entry| entry.record.binding.filter(|_| entry.state.is_bound()));
        Ok(binding.filter(|binding| binding.expiration > now))
    }

    pub(super) async fn read(&self, key: &str) -> Result<Option<Entry>, StoreError> {
        let row = self.parts.store.get(Table::Bindings, key).await?;
        row.as_ref().map(Entry::try_from).transpose()
    }

    /// The key that has a binding of the gateway.
    pub(super) async fn key_of(&self, pool_key: &str, subs_id: &str) -> Result<Option<String>, StoreError> {
        let row = self.parts.store.get(Table::Numbers, &id_key(pool_key, subs_id)).await?;
        let key = row.map(|row| String::from_utf8(row.value.to_vec()));
        key.transpose().map_err(|_| StoreError::Corrupt("it is no key of the ledger".into()))
    }

    /// Writes, and tries again if the store does not answer. `wanted` is the row that the first change makes: if an
    /// attempt that seemed to fail made it, that is a success.
    pub(super) async fn write(&self, changes: &[Change<'_>], wanted: Option<u64>) -> Result<Written, StoreError> {
        let (mut attempts, mut pause) = (1_u32, WRITE_PAUSE);
        loop {
            match self.parts.store.write(changes).await {
                Err(error) if error.is_transient() && attempts < WRITES => {
                    attempts = attempts.saturating_add(1);
                    tokio::time::sleep(pause).await;
                    pause = pause.saturating_mul(3);
                }
                Ok(Written::Refused(change)) if attempts > 1 => {
                    let was_made = self.was_made(changes, wanted).await?;
                    return Ok(if was_made { Written::Done(Vec::new()) } else { Written::Refused(change) });
                }
                written => return written,
            }
        }
    }

    async fn was_made(&self, changes: &[Change<'_>], wanted: Option<u64>) -> Result<bool, StoreError> {
        let Some(first) = changes.first() else { return Ok(true) };
        let row = self.parts.store.get(first.table(), first.key()).await?;
        Ok(match (row, first.row(), wanted) {
            // Each writer has its own number in the value.
            (Some(row), Some(new), Some(version)) => row.version == version && row.value.as_slice() == new.value,
            (None, None, _) => true,
            _ => false,
        })
    }

    /// Runs work in a task of its own.
    pub(super) async fn in_task<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, LedgerError>> + Send + 'static,
    ) -> Result<T, LedgerError> {
        match tokio::spawn(work).await {
            Ok(result) => result,
            Err(_) => Err(LedgerError::Stopped),
        }
    }

    /// When a lease ends that begins now.
    pub(super) fn lease_end(&self) -> DateTime<Utc> {
        let lease = TimeDelta::from_std(self.parts.settings.lease).unwrap_or(TimeDelta::MAX);
        Utc::now().checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl<S> Clone for BindingLedger<S> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts) }
    }
}

/// Shows no row.
impl<S> fmt::Debug for BindingLedger<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BindingLedger").field("settings", &self.parts.settings).finish_non_exhaustive()
    }
}
