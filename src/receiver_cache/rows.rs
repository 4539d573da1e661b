use chrono::{DateTime, TimeDelta, Utc};

use super::stored;
use crate::store::{Change, EncryptedStore, NewRow, Query, Row, Store, StoreError, Table, Written};
use crate::top::{Receiver, ReceiverQuery};

/// How long a receiver without a virtual number is kept.
const WITHOUT_EXPIRY: TimeDelta = TimeDelta::days(1);

/// The row that counts the receivers. No other key is like it.
const COUNT: &str = "count";

const STATE: &str = "receiver";

/// How many rows make room at once.
const EVICTED: u32 = 50;

/// The rows of one shop and application.
pub(super) struct Rows<S> {
    pub(super) store: EncryptedStore<S>,
    pub(super) application: String,
    pub(super) shop: String,
    pub(super) max_rows: u32,
}

impl<S: Store> Rows<S> {
    /// The key of an order's receiver. A hash: tids and OAIDs may be longer than a key of the store.
    pub(super) fn key(&self, query: &ReceiverQuery) -> String {
        let scene = query.scene.as_ref().map_or("", |scene| scene.as_str());
        let days = query.secret_no_days.map_or_else(String::new, |days| days.to_string());
        hashed(&[&self.application, &self.shop, &query.tid, query.oaid.expose(), scene, &days])
    }

    fn group(&self, tid: &str) -> String {
        hashed(&[&self.application, &self.shop, tid])
    }

    /// The receivers that are there and valid.
    pub(super) async fn get(&self, keys: &[&str]) -> Result<Vec<Option<Receiver>>, StoreError> {
        let now = Utc::now();
        let rows = self.store.get_many(Table::Receivers, keys).await?;
        let valid = |row: &Row| row.due.is_some_and(|due| now < due);
        let read = |row: Row| stored::read(&row.value).map(|(_, receiver)| receiver);
        rows.into_iter().map(|row| row.filter(valid).map(read).transpose()).collect()
    }

    /// Keeps a receiver, and drops those of the same order with another OAID.
    pub(super) async fn put(&self, query: &ReceiverQuery, receiver: &Receiver) -> Result<(), StoreError> {
        let (key, group) = (self.key(query), self.group(&query.tid));
        for row in self.of_group(&group).await? {
            if row.key != key && stored::read(&row.value)?.0 != query.oaid {
                self.remove(&row).await?;
            }
        }
        let expires = receiver.secret_no_expire_time.map(|time| time.to_utc());
        let due = expires.or_else(|| Utc::now().checked_add_signed(WITHOUT_EXPIRY));
        let value = stored::write(query, receiver)?;
        let row = NewRow::new(&value).state(STATE).group(&group).due(due);
        if let Some(expired) = self.store.get(Table::Receivers, &key).await? {
            self.store.update(Table::Receivers, &key, expired.version, row).await?;
            return Ok(());
        }
        let table = Table::Receivers;
        let count = Change::Add {
            table,
            key: COUNT,
            by: 1,
            max: Some(i64::from(self.max_rows)),
            row: NewRow::new(b"").state("count"),
        };
        // If there is still no room after others made place, the receiver is not kept.
        for _ in 0..3 {
            match self.store.write(&[Change::Insert { table, key: &key, row }, count]).await? {
                Written::Refused(1) => self.make_room().await?,
                Written::Done(_) | Written::Refused(_) => break,
            }
        }
        Ok(())
    }

    pub(super) async fn forget(&self, tid: &str) -> Result<u64, StoreError> {
        let mut forgotten = 0_u64;
        for row in self.of_group(&self.group(tid)).await? {
            forgotten = forgotten.saturating_add(self.remove(&row).await?.into());
        }
        Ok(forgotten)
    }

    /// Removes the receivers that expire first, the expired ones among them.
    async fn make_room(&self) -> Result<(), StoreError> {
        let query = Query::new(EVICTED).state(STATE).due_until(DateTime::<Utc>::MAX_UTC);
        for row in self.store.list(Table::Receivers, &query).await? {
            self.remove(&row).await?;
        }
        Ok(())
    }

    /// The number of receivers of all shops, and when the first one expires.
    pub(super) async fn count(&self) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        let stats = self.store.stats(Table::Receivers).await?;
        let receivers = stats.into_iter().find(|state| state.state == STATE);
        Ok(receivers.map_or((0, None), |state| (state.rows, state.earliest_due)))
    }

    /// All rows of an order: one for each scene, OAID and number of days.
    async fn of_group(&self, group: &str) -> Result<Vec<Row>, StoreError> {
        self.store.list(Table::Receivers, &Query::new(1000).group(group)).await
    }

    /// Removes a row and counts it. `false` if another one did.
    async fn remove(&self, row: &Row) -> Result<bool, StoreError> {
        let (table, count) = (Table::Receivers, NewRow::new(b"").state("count"));
        let changes = [
            Change::Delete { table, key: &row.key, version: None },
            Change::Add { table, key: COUNT, by: -1, max: None, row: count },
        ];
        Ok(self.store.write(&changes).await?.is_done())
    }
}

/// A short text for several ones. What tells two lists of texts apart is in it: the length of each.
fn hashed(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
