//! Comparing the ledger with the gateway.

use std::collections::BTreeSet;

use super::error::LedgerError;
use super::ledger::BindingLedger;
use super::record::{Entry, State, group};
use super::recover::PAGE;
use crate::aliyun::QuerySubsId;
use crate::number::VirtualNumber;
use crate::store::{Query, Row, Store, Table};

/// What [`BindingLedger::sweep`] found.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Sweep {
    /// How many bindings have ended, and were removed from the ledger.
    pub expired: u64,
    /// Bindings that have ended for the ledger and still exist at the gateway, by their keys: somebody else renewed
    /// them. The ledger keeps them; [`unbind`](BindingLedger::unbind) removes its record of them only, so remove them
    /// yourself.
    pub outlived: Vec<String>,
    /// Bindings at known X numbers that the ledger does not have.
    pub unknown_here: Vec<UnknownBinding>,
    /// Keys of the ledger whose bindings the gateway does not have any more: somebody else removed them.
    /// [`forget`](BindingLedger::forget) makes the key free.
    pub unknown_there: Vec<String>,
}

/// A binding of the gateway that the ledger does not have. Remove it by
/// [`UnbindSubscription`](crate::aliyun::UnbindSubscription).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownBinding {
    /// The pool.
    pub pool_key: String,
    /// X.
    pub number_x: VirtualNumber,
    /// The binding's id.
    pub subs_id: String,
}

impl<S: Store> BindingLedger<S> {
    /// Removes ended bindings from the ledger, and compares the others with the gateway at every X of the
    /// [settings](super::LedgerSettings): one [`QuerySubsId`] for each. Bindings of 700 numbers cannot be compared.
    /// What calls change meanwhile is left out, and X numbers with an open bind are not searched for unknown bindings.
    ///
    /// # Errors
    /// [`LedgerError::Store`], and [`LedgerError::Call`] if a query fails. It can be called again.
    pub async fn sweep(&self) -> Result<Sweep, LedgerError> {
        let mut sweep = Sweep::default();
        self.sweep_ended(&mut sweep).await?;
        for (pool_key, number) in self.parts.settings.all_numbers() {
            self.sweep_number(pool_key, number, &mut sweep).await?;
        }
        Ok(sweep)
    }

    async fn sweep_ended(&self, sweep: &mut Sweep) -> Result<(), LedgerError> {
        let now = self.parts.client.now();
        let mut last = None;
        loop {
            let rows = self.page(State::Bound, now, last.as_ref()).await?;
            for row in &rows {
                let entry = Entry::try_from(row)?;
                let Some(binding) = entry.record.binding.as_ref().filter(|_| self.has_ended(&entry)) else { continue };
                let exists = !binding.kind.is_700()
                    && self.ids(&binding.pool_key, &binding.secret_no).await?.contains(&binding.subs_id);
                if exists {
                    sweep.outlived.push(row.key.clone());
                } else if self.remove_row(&row.key, entry.version, Some(binding)).await? {
                    sweep.expired = sweep.expired.saturating_add(1);
                }
            }
            match rows.into_iter().last() {
                Some(row) => last = Some(row),
                None => return Ok(()),
            }
        }
    }

    async fn sweep_number(&self, pool_key: &str, number: &VirtualNumber, sweep: &mut Sweep) -> Result<(), LedgerError> {
        let before = self.rows_at(pool_key, number).await?;
        let ids = self.ids(pool_key, number).await?;
        let after = self.rows_at(pool_key, number).await?;
        let unchanged: BTreeSet<_> = after.iter().map(|(row, entry)| (row.key.as_str(), entry.version)).collect();
        for (row, entry) in &before {
            let binding = entry
                .record
                .binding
                .as_ref()
                .filter(|binding| entry.state == State::Bound && !binding.kind.is_700() && !self.has_ended(entry));
            let Some(binding) = binding else { continue };
            if !ids.contains(&binding.subs_id) && unchanged.contains(&(row.key.as_str(), entry.version)) {
                sweep.unknown_there.push(row.key.clone());
            }
        }
        // An open bind may have made a binding that is not written yet.
        let has_open = |rows: &[(Row, Entry)]| rows.iter().any(|(_, entry)| entry.state == State::Binding);
        if has_open(&before) || has_open(&after) {
            return Ok(());
        }
        for subs_id in ids {
            if self.key_of(pool_key, &subs_id).await?.is_none() {
                let (pool_key, number_x) = (pool_key.to_owned(), number.clone());
                sweep.unknown_here.push(UnknownBinding { pool_key, number_x, subs_id });
            }
        }
        Ok(())
    }

    async fn ids(&self, pool_key: &str, number: &VirtualNumber) -> Result<BTreeSet<String>, LedgerError> {
        let query = QuerySubsId::builder().pool_key(pool_key).phone_no_x(number.clone()).build();
        Ok(self.parts.client.send(&query).await?.subs_ids.into_iter().collect())
    }

    async fn rows_at(&self, pool_key: &str, number: &VirtualNumber) -> Result<Vec<(Row, Entry)>, LedgerError> {
        let group = group(pool_key, number);
        let mut found: Vec<(Row, Entry)> = Vec::new();
        loop {
            let query = Query::new(PAGE).group(&group);
            let query = found.last().map_or(query, |(row, _)| query.after(row));
            let rows = self.parts.store.list(Table::Bindings, &query).await?;
            if rows.is_empty() {
                return Ok(found);
            }
            for row in rows {
                let entry = Entry::try_from(&row)?;
                found.push((row, entry));
            }
        }
    }
}
