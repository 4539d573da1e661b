//! Renewing all bindings that end soon.

use chrono::{DateTime, FixedOffset, TimeDelta};
use futures_util::stream::{self, StreamExt};

use super::error::LedgerError;
use super::ledger::BindingLedger;
use super::record::State;
use super::recover::CONCURRENT;
use crate::aliyun::Binding;
use crate::store::Store;

/// What [`BindingLedger::renew_due`] did.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Renewals {
    /// The renewed bindings, with their keys.
    pub renewed: Vec<(String, Binding)>,
    /// The keys that were not renewed, with their errors.
    pub failed: Vec<(String, LedgerError)>,
}

impl<S: Store> BindingLedger<S> {
    /// Renews all bindings that end within a time from now, to this expiration. A binding that has ended already cannot
    /// be renewed and is left to [`sweep`](Self::sweep).
    ///
    /// # Errors
    /// [`LedgerError::Invalid`] if the expiration is not after that time, [`LedgerError::Store`] if the store cannot be
    /// listed. Errors of single keys are in the result.
    pub async fn renew_due(
        &self,
        within: TimeDelta,
        expiration: impl Into<DateTime<FixedOffset>>,
    ) -> Result<Renewals, LedgerError> {
        let expiration = expiration.into();
        let now = self.parts.client.now();
        let until = now.checked_add_signed(within).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC);
        if expiration <= until {
            let reason = "must be later than the bindings that are renewed end";
            return Err(crate::invalid::InvalidRequest::new("expiration", reason).into());
        }
        let (mut renewals, mut last) = (Renewals::default(), None);
        loop {
            let rows = self.page(State::Bound, until, last.as_ref()).await?;
            let Some(end) = rows.last().cloned() else { return Ok(renewals) };
            last = Some(end);
            let living = rows.into_iter().filter(|row| row.due.is_some_and(|end| end > now));
            let results = stream::iter(living).map(|row| async move {
                let result = self.renew(&row.key, expiration).await;
                (row, result)
            });
            let mut results = Box::pin(results.buffer_unordered(CONCURRENT));
            while let Some((row, result)) = results.next().await {
                match result {
                    Ok(binding) => renewals.renewed.push((row.key, binding)),
                    // It was removed meanwhile.
                    Err(LedgerError::UnknownKey) => {}
                    Err(error) => renewals.failed.push((row.key, error)),
                }
            }
        }
    }
}
