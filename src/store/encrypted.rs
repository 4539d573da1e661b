use std::fmt;

use super::encryption::{Cipher, EncryptionKeys, KeyId};
use super::{Change, Cursor, NewRow, Query, Row, StateStats, Store, StoreError, Table, Written};

/// A [`Store`] that keeps everything personal encrypted in another one.
///
/// The content, the key and the group of each row are encrypted with AES-256-GCM, bound to the table and the key. In
/// place of the key and the group the other store has their hashes (HMAC-SHA256 with the
/// [`LookupKey`](super::LookupKey)), which tell only whether two texts are the same. State, version, count and time are
/// in clear. A row is about 120 bytes longer than without encryption.
///
/// To replace the encryption key, give the new one and the old one: [`EncryptionKeys::previous`]. New rows are written
/// with the new key; [`reencrypt`](Self::reencrypt) rewrites the old ones, after which the old key can be dropped.
#[derive(Clone)]
pub struct EncryptedStore<S> {
    store: S,
    keys: EncryptionKeys,
}

impl<S: Store> EncryptedStore<S> {
    /// Encrypts what is in a store. The store remembers which keys were used, but not the keys.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if the store was used with another lookup key, or with encryption keys of which none is
    /// given. Then nothing is changed. And what [`StoreError`] lists.
    pub async fn open(store: S, keys: EncryptionKeys) -> Result<Self, StoreError> {
        let check = keys.lookup_check();
        if !store.insert(Table::Keys, "lookup", NewRow::new(&check)).await? {
            let row = store.get(Table::Keys, "lookup").await?;
            if row.is_none_or(|row| row.value.as_slice() != check) {
                return Err(StoreError::WrongKey("the lookup key is not the one that the store was made with".into()));
            }
        }
        register(&store, &keys).await?;
        Ok(Self { store, keys })
    }

    /// The store that has the encrypted rows.
    #[must_use]
    pub fn inner(&self) -> &S {
        &self.store
    }

    /// Encrypts the rows of a table again that have another key than the current one. Returns how many. Other
    /// programs may use the store meanwhile; a row's version becomes greater by one.
    ///
    /// # Errors
    /// See [`StoreError`]. It can be called again.
    pub async fn reencrypt(&self, table: Table) -> Result<u64, StoreError> {
        let (mut last, mut rewritten) = (None::<Row>, 0_u64);
        if table == Table::Keys {
            return Ok(rewritten);
        }
        loop {
            let query = last.as_ref().map_or(Query::new(PAGE), |row| Query::new(PAGE).after(row));
            let mut rows = self.store.list(table, &query).await?;
            for row in &rows {
                if Cipher::id_in(&row.value)? == self.keys.current().id() {
                    continue;
                }
                let content = self.keys.decrypt(&row.value, &bound_to(table, &row.key))?;
                let value = self.keys.current().encrypt(&content, &bound_to(table, &row.key))?;
                let new = NewRow::new(&value).state(&row.state).group(&row.group).due(row.due);
                // Refused if another program has written it since, with the current key.
                let written = self.store.update(table, &row.key, row.version, new).await?;
                rewritten = rewritten.saturating_add(written.into());
            }
            match rows.pop() {
                Some(row) => last = Some(row),
                None => return Ok(rewritten),
            }
        }
    }

    /// The key in the other store.
    fn key(&self, table: Table, key: &str) -> String {
        self.keys.lookup(table, "key", key)
    }

    /// The group in the other store. No group stays no group.
    fn group(&self, table: Table, group: &str) -> String {
        if group.is_empty() { String::new() } else { self.keys.lookup(table, "group", group) }
    }

    fn decrypted(&self, table: Table, mut row: Row) -> Result<Row, StoreError> {
        let content = self.keys.decrypt(&row.value, &bound_to(table, &row.key))?;
        let (key, rest) = split(&content)?;
        let (group, value) = split(rest)?;
        row.key = text(key)?;
        row.group = text(group)?;
        row.value = value.to_vec().into();
        Ok(row)
    }

    /// The changes as the other store gets them.
    pub(super) fn encrypted(&self, changes: &[Change<'_>]) -> Result<Vec<Encrypted>, StoreError> {
        let each = changes.iter().map(|change| {
            change.validate()?;
            let (table, key) = (change.table(), self.key(change.table(), change.key()));
            let (mut group, mut value) = (String::new(), Vec::new());
            if let Some(row) = change.row() {
                let content = joined(change.key(), row);
                value = self.keys.current().encrypt(&content, &bound_to(table, &key))?;
                group = self.group(table, row.group);
            }
            Ok(Encrypted { key, group, value })
        });
        each.collect()
    }
}

/// The hashed and encrypted columns of one change.
pub(super) struct Encrypted {
    key: String,
    group: String,
    value: Vec<u8>,
}

impl Encrypted {
    /// The change with these columns.
    pub(super) fn change<'a>(&'a self, change: &Change<'a>) -> Change<'a> {
        let key = self.key.as_str();
        let with = |row: NewRow<'a>| NewRow { group: &self.group, value: &self.value, ..row };
        match *change {
            Change::Insert { table, row, .. } => Change::Insert { table, key, row: with(row) },
            Change::Update { table, version, row, .. } => Change::Update { table, key, version, row: with(row) },
            Change::Delete { table, version, .. } => Change::Delete { table, key, version },
            Change::Add { table, by, max, row, .. } => Change::Add { table, key, by, max, row: with(row) },
        }
    }
}

impl<S: Store> Store for EncryptedStore<S> {
    async fn get_many(&self, table: Table, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
        let hashed: Vec<_> = keys.iter().map(|key| self.key(table, key)).collect();
        let hashed: Vec<_> = hashed.iter().map(String::as_str).collect();
        let rows = self.store.get_many(table, &hashed).await?;
        rows.into_iter().map(|row| row.map(|row| self.decrypted(table, row)).transpose()).collect()
    }

    async fn write(&self, changes: &[Change<'_>]) -> Result<Written, StoreError> {
        let encrypted = self.encrypted(changes)?;
        let changes: Vec<_> = encrypted.iter().zip(changes).map(|(columns, change)| columns.change(change)).collect();
        self.store.write(&changes).await
    }

    async fn list(&self, table: Table, query: &Query<'_>) -> Result<Vec<Row>, StoreError> {
        let group = query.group.map(|group| self.group(table, group));
        let key = query.after.map(|after| self.key(table, after.key));
        let after = key.as_deref().zip(query.after).map(|(key, after)| Cursor { key, ..after });
        let rows = self.store.list(table, &Query { group: group.as_deref(), after, ..*query }).await?;
        rows.into_iter().map(|row| self.decrypted(table, row)).collect()
    }

    async fn count_groups(&self, table: Table, state: Option<&str>, groups: &[&str]) -> Result<Vec<u64>, StoreError> {
        let hashed: Vec<_> = groups.iter().map(|group| self.group(table, group)).collect();
        let hashed: Vec<_> = hashed.iter().map(String::as_str).collect();
        self.store.count_groups(table, state, &hashed).await
    }

    async fn stats(&self, table: Table) -> Result<Vec<StateStats>, StoreError> {
        self.store.stats(table).await
    }
}

/// Shows neither keys nor rows.
impl<S: fmt::Debug> fmt::Debug for EncryptedStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedStore").field("store", &self.store).field("keys", &self.keys).finish()
    }
}

/// How many rows are encrypted again after one read.
const PAGE: u32 = 200;

/// Adds the current key's id to those that the store remembers, if the store was used with one of the keys.
async fn register(store: &impl Store, keys: &EncryptionKeys) -> Result<(), StoreError> {
    let current = keys.current().id();
    loop {
        let Some(row) = store.get(Table::Keys, "encryption").await? else {
            if store.insert(Table::Keys, "encryption", NewRow::new(current.as_bytes())).await? {
                return Ok(());
            }
            continue;
        };
        let known: Vec<_> = KeyId::all_in(&row.value).collect();
        if known.contains(&current) {
            return Ok(());
        }
        if let Some(last) = known.last()
            && !keys.ids().any(|id| known.contains(&id))
        {
            return Err(last.wrong_key());
        }
        let value = [row.value.as_slice(), current.as_bytes()].concat();
        if store.update(Table::Keys, "encryption", row.version, NewRow::new(&value)).await? {
            return Ok(());
        }
    }
}

/// What an encrypted row belongs to: it cannot be read in another place.
fn bound_to(table: Table, key: &str) -> Vec<u8> {
    [table.name().as_bytes(), &[0], key.as_bytes()].concat()
}

/// The key, the group and the content, each but the last with its length before it.
fn joined(key: &str, row: &NewRow<'_>) -> zeroize::Zeroizing<Vec<u8>> {
    let length = |text: &str| u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes();
    let parts: [&[u8]; 5] = [&length(key), key.as_bytes(), &length(row.group), row.group.as_bytes(), row.value];
    parts.concat().into()
}

/// The first part of what [`joined`] made, and the rest.
fn split(content: &[u8]) -> Result<(&[u8], &[u8]), StoreError> {
    let parts = content
        .split_first_chunk()
        .and_then(|(length, rest)| rest.split_at_checked(u16::from_be_bytes(*length).into()));
    parts.ok_or_else(damaged)
}

fn text(bytes: &[u8]) -> Result<String, StoreError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| damaged())
}

fn damaged() -> StoreError {
    StoreError::Corrupt("its parts do not have the lengths that they tell".into())
}
