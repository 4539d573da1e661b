//! Many changes that need not be made together.

use chrono::{DateTime, Utc};

use super::{Change, Query, Store, StoreError, Table, Written};

/// How many rows are changed in one transaction.
pub(crate) const PAGE: u32 = 100;

/// Makes each change that the store allows, in one transaction; the indexes of those that were refused.
pub(crate) async fn write_each(store: &impl Store, changes: &[Change<'_>]) -> Result<Vec<usize>, StoreError> {
    let mut open: Vec<_> = changes.iter().copied().enumerate().collect();
    let mut refused = Vec::new();
    while !open.is_empty() {
        let batch: Vec<_> = open.iter().map(|(_, change)| *change).collect();
        match store.write(&batch).await? {
            Written::Done(_) => break,
            Written::Refused(index) if index < open.len() => refused.push(open.remove(index).0),
            Written::Refused(_) => return Err(StoreError::Refused("it refused a change that it was not given".into())),
        }
    }
    Ok(refused)
}

/// Removes the rows of a state whose time is not after `until`; how many.
pub(crate) async fn delete_due(
    store: &impl Store,
    table: Table,
    state: &str,
    until: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut deleted = 0_u64;
    loop {
        let rows = store.list(table, &Query::new(PAGE).state(state).due_until(until)).await?;
        if rows.is_empty() {
            return Ok(deleted);
        }
        let changes: Vec<_> =
            rows.iter().map(|row| Change::Delete { table, key: &row.key, version: Some(row.version) }).collect();
        let refused = write_each(store, &changes).await?;
        let made = rows.len().saturating_sub(refused.len());
        deleted = deleted.saturating_add(u64::try_from(made).unwrap_or(u64::MAX));
    }
}
