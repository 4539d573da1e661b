//! A row that this call may change: only one call at a time has its lease.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::{Either, select};

use super::ledger::BindingLedger;
use super::record::{Entry, Record, State, group, id_key};
use crate::aliyun::Binding;
use crate::store::{Change, NewRow, Store, StoreError, Table, Written};

/// Versions of new rows are random, so that a key that was free in between is not taken for the row before.
const MAX_FIRST_VERSION: u64 = 1 << 62;

/// A row whose lease this call has. Another call takes it when the lease has ended; then no write of this one succeeds.
pub(super) struct Held {
    pub(super) key: String,
    pub(super) state: State,
    pub(super) record: Record,
    version: u64,
}

/// The result of recording a binding.
pub(super) enum Recorded {
    Done,
    /// Another call has the row now.
    Lost,
    /// Another key has this binding.
    OtherKey,
}

impl<S: Store> BindingLedger<S> {
    /// Adds a row. `None` if the key has one.
    pub(super) async fn insert(&self, key: &str, mut record: Record) -> Result<Option<Held>, StoreError> {
        record.writer = fastrand::u64(..);
        let (value, group) = (record.to_bytes()?, record.group());
        let version = fastrand::u64(1..MAX_FIRST_VERSION);
        let state = State::Binding;
        let row = NewRow::new(&value).state(state.as_str()).group(&group).due(self.lease_end()).first_version(version);
        let written = self.write(&[Change::Insert { table: Table::Bindings, key, row }], Some(version)).await?;
        Ok(written.is_done().then(|| Held { key: key.to_owned(), state, record, version }))
    }

    /// Takes the lease of a row and sets its state. `None` if another call was faster.
    pub(super) async fn take(&self, key: &str, entry: Entry, state: State) -> Result<Option<Held>, StoreError> {
        let Entry { version, record, .. } = entry;
        let mut held = Held { key: key.to_owned(), state, record, version };
        let is_taken = self.save(&mut held, state, Some(self.lease_end())).await?;
        Ok(is_taken.then_some(held))
    }

    /// Writes the record, its state and its time. `false` if another call has the row now.
    pub(super) async fn save(
        &self,
        held: &mut Held,
        state: State,
        due: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        held.record.writer = fastrand::u64(..);
        let (value, group) = (held.record.to_bytes()?, held.record.group());
        let row = NewRow::new(&value).state(state.as_str()).group(&group).due(due);
        let (version, next) = (held.version, held.version.saturating_add(1));
        let change = Change::Update { table: Table::Bindings, key: &held.key, version, row };
        let is_done = self.write(&[change], Some(next)).await?.is_done();
        if is_done {
            (held.version, held.state) = (next, state);
        }
        Ok(is_done)
    }

    /// Writes that the key has this binding, and that the binding has this key: both or neither.
    pub(super) async fn record(&self, held: &mut Held, binding: &Binding) -> Result<Recorded, StoreError> {
        let mut record = held.record.clone();
        (record.binding, record.writer) = (Some(binding.clone()), fastrand::u64(..));
        if record.x().is_none() {
            record.number_x = Some(binding.secret_no.clone());
        }
        let (value, numbers_group) = (record.to_bytes()?, record.group());
        let row = NewRow::new(&value).state(State::Bound.as_str()).group(&numbers_group);
        let row = row.due(binding.expiration.to_utc());
        let (version, next) = (held.version, held.version.saturating_add(1));
        let id = id_key(&binding.pool_key, &binding.subs_id);
        let id_group = group(&binding.pool_key, &binding.secret_no);
        let changes = [
            Change::Update { table: Table::Bindings, key: &held.key, version, row },
            Change::Insert { table: Table::Numbers, key: &id, row: NewRow::new(held.key.as_bytes()).group(&id_group) },
        ];
        Ok(match self.write(&changes, Some(next)).await? {
            Written::Done(_) => {
                (held.record, held.version, held.state) = (record, next, State::Bound);
                Recorded::Done
            }
            Written::Refused(0) => Recorded::Lost,
            Written::Refused(_) => Recorded::OtherKey,
        })
    }

    /// Removes the row, and what says whose binding it was. `false` if another call has the row now.
    pub(super) async fn remove(&self, held: &Held) -> Result<bool, StoreError> {
        self.remove_row(&held.key, held.version, held.record.binding.as_ref()).await
    }

    /// The same for a row that was read.
    pub(super) async fn remove_row(
        &self,
        key: &str,
        version: u64,
        binding: Option<&Binding>,
    ) -> Result<bool, StoreError> {
        let row = Change::Delete { table: Table::Bindings, key, version: Some(version) };
        if let Some(binding) = binding {
            let id = id_key(&binding.pool_key, &binding.subs_id);
            let changes = [row, Change::Delete { table: Table::Numbers, key: &id, version: None }];
            match self.write(&changes, None).await? {
                Written::Done(_) => return Ok(true),
                Written::Refused(0) => return Ok(false),
                Written::Refused(_) => {}
            }
        }
        Ok(self.write(&[row], None).await?.is_done())
    }

    /// Waits for a call of the gateway, and extends the lease meanwhile. If the lease is lost, the call goes on: the
    /// write of its result tells.
    pub(super) async fn under_lease<T>(&self, held: &mut Held, call: impl Future<Output = T> + Send) -> T {
        let mut call = pin!(call);
        let pause = self.parts.settings.lease.checked_div(3).unwrap_or(Duration::ZERO).max(Duration::from_millis(1));
        loop {
            if let Either::Left((result, _)) = select(call.as_mut(), pin!(tokio::time::sleep(pause))).await {
                return result;
            }
            let (state, due) = (held.state, Some(self.lease_end()));
            // The call must be polled while the store answers.
            let mut extension = pin!(self.save(held, state, due));
            let result = match select(call.as_mut(), extension.as_mut()).await {
                Either::Left((result, _)) => result,
                Either::Right(_) => continue,
            };
            // `held` has the row's version only after the write has ended.
            let _ = extension.await;
            return result;
        }
    }
}
