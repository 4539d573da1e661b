//! Finishing what dead processes left.

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};

use super::error::LedgerError;
use super::finish::Finished;
use super::ledger::BindingLedger;
use super::record::{Entry, State};
use crate::store::{Query, Row, Store, StoreError, Table};

/// How many rows are read at once.
pub(super) const PAGE: u32 = 200;

/// How many keys are worked on at once.
pub(super) const CONCURRENT: usize = 8;

/// What [`BindingLedger::recover`] did.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Recovered {
    /// How many bindings of earlier processes were found at the gateway.
    pub adopted: u64,
    /// How many binds were sent, because the gateway had no binding.
    pub bound: u64,
    /// How many renewals were sent again.
    pub renewed: u64,
    /// How many removals were sent again.
    pub unbound: u64,
    /// The keys of which a person must find out whether they were bound, with the time since when. Those of earlier
    /// calls are among them.
    pub unresolved: Vec<(String, Option<DateTime<Utc>>)>,
    /// The keys that could not be finished, with their errors. [`LedgerError::outcome`] tells whether the intent is
    /// still there.
    pub failed: Vec<(String, LedgerError)>,
}

enum Did {
    Adopted,
    Bound,
    Renewed,
    Unbound,
    /// Another call was faster.
    Nothing,
}

impl<S: Store> BindingLedger<S> {
    /// Finishes the binds, renewals and removals whose process does not work on them any more. Call it when a process
    /// starts, and every minute or so; several may run at once.
    ///
    /// For a bind it looks at X: it adopts the binding if it is there, and sends the bind if it is not. A bind of a 700
    /// number cannot be looked for: it becomes [`unresolved`](Recovered::unresolved). A bind whose expiration has
    /// passed is dropped with an error.
    ///
    /// If the future is dropped, what it did not finish is finished by a later call, after the lease.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store cannot be listed. Errors of single keys are in the result.
    pub async fn recover(&self) -> Result<Recovered, LedgerError> {
        let mut recovered = Recovered::default();
        let now = Utc::now();
        for state in State::OPEN {
            let mut last = None;
            loop {
                let rows = self.page(state, now, last.as_ref()).await?;
                let Some(end) = rows.last().cloned() else { break };
                last = Some(end);
                // Owned rows: a future that borrows them is not `Send` for every lifetime.
                let results = stream::iter(rows).map(|row| async move {
                    let result = self.finish_row(&row).await;
                    (row, result)
                });
                let mut results = Box::pin(results.buffer_unordered(CONCURRENT));
                while let Some((row, result)) = results.next().await {
                    recovered.count(row, result);
                }
            }
        }
        let mut last = None;
        loop {
            let rows = self.page(State::Unresolved, DateTime::<Utc>::MAX_UTC, last.as_ref()).await?;
            recovered.unresolved.extend(rows.iter().map(|row| (row.key.clone(), row.due)));
            match rows.into_iter().last() {
                Some(row) => last = Some(row),
                None => return Ok(recovered),
            }
        }
    }

    /// The rows of a state that are due, after the last one of the page before.
    pub(super) async fn page(
        &self,
        state: State,
        until: DateTime<Utc>,
        last: Option<&Row>,
    ) -> Result<Vec<Row>, StoreError> {
        let query = Query::new(PAGE).state(state.as_str()).due_until(until);
        let query = last.map_or(query, |row| query.after(row));
        self.parts.store.list(Table::Bindings, &query).await
    }

    async fn finish_row(&self, row: &Row) -> Result<Did, LedgerError> {
        let entry = Entry::try_from(row)?;
        let state = entry.state;
        let Some(held) = self.take(&row.key, entry, state).await? else { return Ok(Did::Nothing) };
        Ok(match state {
            State::Binding => match Box::pin(self.finish_bind(held, false)).await? {
                Finished::Done(bound) if bound.is_adopted => Did::Adopted,
                Finished::Done(_) => Did::Bound,
                Finished::Lost => Did::Nothing,
            },
            State::Renewing => match Box::pin(self.finish_renewal(held)).await? {
                Finished::Done(_) => Did::Renewed,
                Finished::Lost => Did::Nothing,
            },
            State::Unbinding => match Box::pin(self.finish_unbind(held)).await? {
                Finished::Done(_) => Did::Unbound,
                Finished::Lost => Did::Nothing,
            },
            State::Bound | State::Unresolved => Did::Nothing,
        })
    }
}

impl Recovered {
    fn count(&mut self, row: Row, result: Result<Did, LedgerError>) {
        let count = match result {
            Ok(Did::Adopted) => &mut self.adopted,
            Ok(Did::Bound) => &mut self.bound,
            Ok(Did::Renewed) => &mut self.renewed,
            Ok(Did::Unbound) => &mut self.unbound,
            // It is listed with all unresolved ones.
            Ok(Did::Nothing) | Err(LedgerError::Unresolved { .. }) => return,
            Err(error) => return self.failed.push((row.key, error)),
        };
        *count = count.saturating_add(1);
    }
}
