//! Brings what was intended to its end: the call of the gateway, and the write of its result.

use std::collections::BTreeSet;

use chrono::{TimeDelta, Utc};

use super::error::LedgerError;
use super::held::{Held, Recorded};
use super::ledger::BindingLedger;
use super::record::State;
use crate::aliyun::{BindError, Binding, FoundBinding, Unbound};
use crate::error::{Error, Outcome};
use crate::store::{Store, StoreError};

/// The gateway accepts requests from hosts whose clocks are wrong by 15 minutes.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(16);

/// What became of an intent.
pub(super) enum Finished<T> {
    Done(T),
    /// Another call took the row: read it again.
    Lost,
}

/// The binding of a finished bind, and whether an earlier process had made it.
pub(super) struct Bound {
    pub(super) binding: Binding,
    pub(super) is_adopted: bool,
}

impl<S: Store> BindingLedger<S> {
    /// Finishes the bind of a row. `is_fresh` says that no attempt was sent for it before.
    pub(super) async fn finish_bind(&self, mut held: Held, mut is_fresh: bool) -> Result<Finished<Bound>, LedgerError> {
        let client = &self.parts.client;
        if held.record.request.kind().is_700() && !is_fresh {
            let since = Utc::now();
            let is_saved = self.save(&mut held, State::Unresolved, Some(since)).await?;
            return if is_saved { Err(LedgerError::Unresolved { since: Some(since) }) } else { Ok(Finished::Lost) };
        }
        let (mut tried, mut refusal, mut attempts) = (BTreeSet::new(), None, 0_usize);
        loop {
            let form = held.record.form();
            if is_fresh && self.is_over_full(&held.record).await? {
                // Others chose the last place at the same time.
                tried.extend(held.record.number_x.clone());
            } else if !is_fresh {
                let since = held.record.since();
                let since = since.checked_sub_signed(CLOCK_TOLERANCE).unwrap_or(since);
                match self.under_lease(&mut held, form.find(client, since..)).await {
                    Ok(FoundBinding::Absent) => {
                        is_fresh = true;
                        continue;
                    }
                    Ok(FoundBinding::One(binding)) => match self.recorded(&mut held, &binding).await? {
                        Recorded::Done => return Ok(Finished::Done(Bound { binding, is_adopted: true })),
                        Recorded::Lost => return Ok(Finished::Lost),
                        // X refuses a second such binding, so this key's was never made.
                        Recorded::OtherKey => {}
                    },
                    Ok(FoundBinding::Several(_)) => {
                        let since = Utc::now();
                        self.save(&mut held, State::Unresolved, Some(since)).await?;
                        return Err(LedgerError::Unresolved { since: Some(since) });
                    }
                    Err(error) => {
                        let _ = self.give_back(&mut held).await;
                        return Err(LedgerError::Search(error));
                    }
                }
            } else {
                match self.under_lease(&mut held, form.bind(client)).await {
                    Ok(binding) => match self.recorded(&mut held, &binding).await? {
                        Recorded::Done => return Ok(Finished::Done(Bound { binding, is_adopted: false })),
                        Recorded::Lost => return Ok(Finished::Lost),
                        Recorded::OtherKey => {}
                    },
                    Err(error) if held.record.is_chosen() && leads_to_the_next(&error) => refusal = Some(error),
                    Err(error) if is_known_absent(&error) => {
                        self.remove(&held).await?;
                        return Err(LedgerError::Bind(Box::new(error)));
                    }
                    Err(error) if error.kind.is_700() => {
                        self.save(&mut held, State::Unresolved, Some(Utc::now())).await?;
                        return Err(LedgerError::Bind(Box::new(error)));
                    }
                    Err(error) => {
                        // An error of the store changes nothing here: the lease ends by itself.
                        let _ = self.give_back(&mut held).await;
                        return Err(LedgerError::Bind(Box::new(error)));
                    }
                }
            }
            if !held.record.is_chosen() {
                self.remove(&held).await?;
                return Err(LedgerError::OtherKey);
            }
            is_fresh = true;
            attempts = attempts.saturating_add(1);
            if !self.choose_again(&mut held.record, &mut tried, attempts).await? {
                self.remove(&held).await?;
                let pool_key = held.record.request.pool_key().to_owned();
                return Err(LedgerError::NoNumber { pool_key, refusal: refusal.map(Box::new) });
            }
            if !self.save(&mut held, State::Binding, Some(self.lease_end())).await? {
                return Ok(Finished::Lost);
            }
        }
    }

    /// Removes the binding of a row, and the row.
    pub(super) async fn finish_unbind(&self, mut held: Held) -> Result<Finished<Unbound>, LedgerError> {
        let Some(binding) = held.record.binding.clone() else { return Err(no_binding().into()) };
        match self.under_lease(&mut held, self.parts.client.unbind(&binding)).await {
            Ok(unbound) => match self.remove(&held).await {
                Ok(true) => Ok(Finished::Done(unbound)),
                Ok(false) => Ok(Finished::Lost),
                Err(error) => Err(LedgerError::NotRecorded { binding: Box::new(binding), error }),
            },
            Err(error) => Err(self.undo(held, &binding, error).await),
        }
    }

    /// Renews the binding of a row.
    pub(super) async fn finish_renewal(&self, mut held: Held) -> Result<Finished<Binding>, LedgerError> {
        let record = &held.record;
        let (Some(before), Some(until)) = (record.binding.clone(), record.renew_to()) else {
            return Err(no_binding().into());
        };
        let mut binding = before.clone();
        match self.under_lease(&mut held, self.parts.client.renew(&mut binding, until)).await {
            Ok(()) => {
                held.record.binding = Some(binding.clone());
                held.record.set_renew_to(None);
                match self.save(&mut held, State::Bound, Some(binding.expiration.to_utc())).await {
                    Ok(true) => Ok(Finished::Done(binding)),
                    Ok(false) => Ok(Finished::Lost),
                    Err(error) => Err(LedgerError::NotRecorded { binding: Box::new(binding), error }),
                }
            }
            Err(error) => Err(self.undo(held, &before, error).await),
        }
    }

    /// After a failed renewal or removal: the row is `Bound` again if nothing was done, otherwise the intent stays.
    async fn undo(&self, mut held: Held, binding: &Binding, error: Error) -> LedgerError {
        let written = if matches!(error.outcome(), Outcome::Rejected | Outcome::NotExecuted) {
            held.record.set_renew_to(None);
            self.save(&mut held, State::Bound, Some(binding.expiration.to_utc())).await
        } else {
            self.give_back(&mut held).await
        };
        // If the store fails, the intent stays, and is tried again after its lease.
        drop(written);
        error.into()
    }

    async fn recorded(&self, held: &mut Held, binding: &Binding) -> Result<Recorded, LedgerError> {
        let recorded = self.record(held, binding).await;
        recorded.map_err(|error| LedgerError::NotRecorded { binding: Box::new(binding.clone()), error })
    }

    /// Ends the lease, so that another call can take the row at once.
    async fn give_back(&self, held: &mut Held) -> Result<bool, StoreError> {
        let state = held.state;
        self.save(held, state, Some(Utc::now())).await
    }
}

/// Whether this X refuses, and another one may not.
fn leads_to_the_next(error: &BindError) -> bool {
    let is_of_x = |code| matches!(code, "isv.BIND_CONFLICT" | "isv.NO_AVAILABLE_NUMBER");
    is_known_absent(error) && error.error.code().is_some_and(is_of_x)
}

/// Whether the failed bind made no binding. For a 700 number the advice is `Reconcile` because of an earlier process,
/// but the ledger knows that there was none.
fn is_known_absent(error: &BindError) -> bool {
    let is_refused = matches!(error.error.outcome(), Outcome::Rejected | Outcome::NotExecuted);
    is_refused && (!error.needs_reconciling() || error.kind.is_700())
}

fn no_binding() -> StoreError {
    StoreError::Corrupt("its state needs a binding, and it has none".into())
}
