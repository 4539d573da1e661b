//! Renewing and removing the binding of a key, and what a person found out about it.

use chrono::{DateTime, FixedOffset};

use super::binding::{Waiting, is_at_work};
use super::error::LedgerError;
use super::finish::Finished;
use super::held::Recorded;
use super::ledger::BindingLedger;
use super::record::{Entry, State};
use crate::aliyun::{Binding, Unbound};
use crate::store::Store;

impl<S: Store> BindingLedger<S> {
    /// Removes the binding of a key; then the key is free. A key without a binding is
    /// [`AlreadyGone`](Unbound::AlreadyGone), so that the call can be repeated. A bind that another process left is
    /// finished first.
    ///
    /// # Errors
    /// [`LedgerError`]. If the outcome is unknown, or the process dies, [`recover`](Self::recover) or the same call
    /// again finishes it.
    pub async fn unbind(&self, key: &str) -> Result<Unbound, LedgerError> {
        let (ledger, key) = (self.clone(), key.to_owned());
        self.in_task(async move { ledger.unbind_key(&key).await }).await
    }

    async fn unbind_key(&self, key: &str) -> Result<Unbound, LedgerError> {
        let mut waiting = Waiting::new(self.parts.settings.wait);
        while let Some(entry) = self.read(key).await? {
            if self.has_ended(&entry) {
                self.remove_row(key, entry.version, entry.record.binding.as_ref()).await?;
                continue;
            }
            if is_at_work(&entry) {
                waiting.pause(&entry).await?;
                continue;
            }
            match entry.state {
                State::Unresolved => return Err(LedgerError::Unresolved { since: entry.due }),
                State::Bound | State::Renewing | State::Unbinding => {
                    let Some(held) = self.take(key, entry, State::Unbinding).await? else { continue };
                    if let Finished::Done(unbound) = Box::pin(self.finish_unbind(held)).await? {
                        return Ok(unbound);
                    }
                }
                State::Binding => {
                    let Some(held) = self.take(key, entry, State::Binding).await? else { continue };
                    if let Err(error) = Box::pin(self.finish_bind(held, false)).await
                        && self.read(key).await?.is_some()
                    {
                        return Err(error);
                    }
                }
            }
        }
        Ok(Unbound::AlreadyGone)
    }

    /// Changes the expiration of the binding of a key.
    ///
    /// # Errors
    /// [`LedgerError`]: among others [`UnknownKey`](LedgerError::UnknownKey) if the key has no binding, or one that has
    /// ended. If the outcome is unknown, or the process dies, [`recover`](Self::recover) or the same call again
    /// finishes it.
    pub async fn renew(&self, key: &str, expiration: impl Into<DateTime<FixedOffset>>) -> Result<Binding, LedgerError> {
        let (ledger, key, expiration) = (self.clone(), key.to_owned(), expiration.into());
        self.in_task(async move { ledger.renew_key(&key, expiration).await }).await
    }

    async fn renew_key(&self, key: &str, expiration: DateTime<FixedOffset>) -> Result<Binding, LedgerError> {
        let mut waiting = Waiting::new(self.parts.settings.wait);
        while let Some(mut entry) = self.read(key).await? {
            if self.has_ended(&entry) {
                break;
            }
            if is_at_work(&entry) {
                waiting.pause(&entry).await?;
                continue;
            }
            match entry.state {
                State::Unresolved => return Err(LedgerError::Unresolved { since: entry.due }),
                State::Bound | State::Renewing => {
                    if let Some(binding) = has_expiration(&entry, expiration) {
                        return Ok(binding);
                    }
                    entry.record.set_renew_to(Some(expiration));
                    let Some(held) = self.take(key, entry, State::Renewing).await? else { continue };
                    if let Finished::Done(binding) = Box::pin(self.finish_renewal(held)).await? {
                        return Ok(binding);
                    }
                }
                State::Unbinding => break,
                State::Binding => {
                    if let Some(held) = self.take(key, entry, State::Binding).await? {
                        Box::pin(self.finish_bind(held, false)).await?;
                    }
                }
            }
        }
        Err(LedgerError::UnknownKey)
    }

    /// Writes that a key has this binding: what a person found out about a key that is
    /// [`Unresolved`](LedgerError::Unresolved). Nothing is sent.
    ///
    /// # Errors
    /// [`UnknownKey`](LedgerError::UnknownKey) if the ledger has no such unresolved key,
    /// [`OtherKey`](LedgerError::OtherKey) if another key has this binding; [`LedgerError::Store`].
    pub async fn adopt(&self, key: &str, binding: &Binding) -> Result<(), LedgerError> {
        let entry = self.read(key).await?.filter(|entry| entry.state == State::Unresolved);
        let entry = entry.ok_or(LedgerError::UnknownKey)?;
        // Two persons may do the same.
        let Some(mut held) = self.take(key, entry, State::Unresolved).await? else {
            return Err(LedgerError::UnknownKey);
        };
        match self.record(&mut held, binding).await? {
            Recorded::Done => Ok(()),
            Recorded::Lost => Err(LedgerError::UnknownKey),
            Recorded::OtherKey => Err(LedgerError::OtherKey),
        }
    }

    /// Removes what the ledger has of a key, without sending anything: for a binding that a person or
    /// [`sweep`](Self::sweep) found not to exist. The key is free then. `false` if it was.
    ///
    /// # Errors
    /// [`InProgress`](LedgerError::InProgress) if a call works on the key; [`LedgerError::Store`].
    pub async fn forget(&self, key: &str) -> Result<bool, LedgerError> {
        while let Some(entry) = self.read(key).await? {
            if is_at_work(&entry) {
                return Err(LedgerError::InProgress { until: entry.due.unwrap_or_default() });
            }
            if self.remove_row(key, entry.version, entry.record.binding.as_ref()).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The binding, if it has this expiration already.
fn has_expiration(entry: &Entry, expiration: DateTime<FixedOffset>) -> Option<Binding> {
    let binding = entry.record.binding.as_ref().filter(|_| entry.state == State::Bound)?;
    // It is sent to the second.
    (binding.expiration.timestamp() == expiration.timestamp()).then(|| binding.clone())
}
