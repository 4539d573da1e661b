//! What people do: look at failed items, and say that items need not wait any longer.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::item::ParkedItem;
use super::queue::{Parked, TABLE, encode};
use super::reason::ParkReason;
use crate::store::{Change, Cursor, NewRow, PAGE, Query, Store, StoreError, write_each};

impl<S: Store, T: Serialize + DeserializeOwned> Parked<S, T> {
    /// The list for people: items that are not tried any more, at most `limit`; for the next page, those after the last
    /// item of the page before. [`ParkedItem::code`] and [`ParkedItem::reason`] tell what was wrong.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn failed(&self, limit: u32, after: Option<&ParkedItem<T>>) -> Result<Vec<ParkedItem<T>>, StoreError> {
        let (state, key) = (self.state(ParkReason::Failed), after.map(|item| self.row_key(&item.key)));
        let after = key.as_deref().map(|key| Cursor::new(key, None));
        let rows = self.store.list(TABLE, &Query { after, ..Query::new(limit).state(&state) }).await?;
        rows.iter().map(|row| self.item(row)).collect()
    }

    /// Tries an item of the list for people again, from the beginning and with its content as it is now. `false` if it
    /// has changed since.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn retry(&self, item: &ParkedItem<T>) -> Result<bool, StoreError> {
        let (now, state) = (Utc::now(), self.state(ParkReason::New));
        let ParkedItem { key, content, version, .. } = item;
        let fresh = ParkedItem {
            key: String::new(),
            content,
            reason: ParkReason::New,
            attempts: 0,
            since: now,
            code: None,
            version: 0,
        };
        let value = encode(&fresh)?;
        self.store.update(TABLE, &self.row_key(key), *version, NewRow::new(&value).state(&state).due(now)).await
    }

    /// Removes an item, whatever state it has. `false` if the key is not there.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove(&self, key: &str) -> Result<bool, StoreError> {
        self.store.delete(TABLE, &self.row_key(key), None).await
    }

    /// Makes all items due that wait for this reason: after a top-up, a new authorisation, a talk with the seller. How
    /// many. Without effect for items at work and for failed ones.
    ///
    /// # Errors
    /// See [`StoreError`]. It can be called again.
    pub async fn wake(&self, reason: ParkReason) -> Result<u64, StoreError> {
        let (now, state, mut woken) = (Utc::now(), self.state(reason), 0_u64);
        if matches!(reason, ParkReason::AtWork | ParkReason::Failed) {
            return Ok(woken);
        }
        let mut last = None::<(String, Option<DateTime<Utc>>)>;
        loop {
            let after = last.as_ref().map(|(key, due)| Cursor::new(key, *due));
            let rows = self.store.list(TABLE, &Query { after, ..Query::new(PAGE).state(&state) }).await?;
            let waiting = rows.iter().filter(|row| row.due.is_some_and(|due| due > now));
            let changes: Vec<_> = waiting
                .map(|row| {
                    let due = NewRow::new(&row.value).state(&state).due(now);
                    Change::Update { table: TABLE, key: &row.key, version: row.version, row: due }
                })
                .collect();
            let refused = write_each(&self.store, &changes).await?;
            woken = woken.saturating_add(changes.len().saturating_sub(refused.len()) as u64);
            match rows.last() {
                Some(row) => last = Some((row.key.clone(), row.due)),
                None => return Ok(woken),
            }
        }
    }
}
