use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sqlx::Pool;

use super::cause::Cause;
use super::dialect::Dialect;
use super::failure::{Failure, cause_of};
use super::names::Names;
use crate::store::{Change, NewRow, Written};

/// What one change did.
enum Made {
    /// It was made, with the new count if it counts.
    Yes(Option<i64>),
    /// The state of the store does not allow it.
    No,
}

impl Made {
    fn if_one(rows: u64) -> Self {
        if rows == 1 { Self::Yes(None) } else { Self::No }
    }
}

pub(super) async fn write<DB: Dialect>(
    pool: &Pool<DB>,
    names: &Names,
    changes: &[Change<'_>],
) -> Result<Written, Failure> {
    let result = match changes {
        [] => Ok(Written::Done(Vec::new())),
        // One statement is atomic without a transaction.
        [Change::Insert { .. } | Change::Update { .. } | Change::Delete { .. }] => alone(pool, names, changes).await,
        _ => in_transaction(pool, names, changes).await,
    };
    result.map_err(Failure::of::<DB>)
}

async fn alone<DB: Dialect>(pool: &Pool<DB>, names: &Names, changes: &[Change<'_>]) -> Result<Written, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    make_all::<DB>(&mut connection, names, changes).await
}

async fn in_transaction<DB: Dialect>(
    pool: &Pool<DB>,
    names: &Names,
    changes: &[Change<'_>],
) -> Result<Written, sqlx::Error> {
    let mut transaction = pool.begin_with(DB::BEGIN).await?;
    let written = make_all::<DB>(&mut transaction, names, changes).await?;
    if written.is_done() {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(written)
}

/// Makes changes in a transaction of the user, all or none.
pub(super) async fn write_in<DB: Dialect>(
    connection: &mut DB::Connection,
    names: &Names,
    changes: &[Change<'_>],
) -> Result<Written, sqlx::Error> {
    let run = |text: &'static str| DB::statement(text);
    DB::execute(connection, run("SAVEPOINT privacy_number")).await?;
    let written = make_all::<DB>(connection, names, changes).await;
    if !written.as_ref().is_ok_and(Written::is_done) {
        // After an error the transaction may be gone, and the savepoint with it: the error is what counts.
        let undone = DB::execute(connection, run("ROLLBACK TO SAVEPOINT privacy_number")).await;
        let written = written?;
        undone?;
        DB::execute(connection, run("RELEASE SAVEPOINT privacy_number")).await?;
        return Ok(written);
    }
    DB::execute(connection, run("RELEASE SAVEPOINT privacy_number")).await?;
    written
}

/// Makes changes up to the first one that is refused.
async fn make_all<DB: Dialect>(
    connection: &mut DB::Connection,
    names: &Names,
    changes: &[Change<'_>],
) -> Result<Written, sqlx::Error> {
    if let Some(lock) = DB::LOCK_NUMBERS.filter(|_| changes.len() > 1) {
        lock_keys::<DB>(connection, names, changes, lock).await?;
    }
    let mut counts = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        match make::<DB>(connection, names.table(change.table()), change).await? {
            Made::Yes(count) => counts.extend(count),
            Made::No => return Ok(Written::Refused(index)),
        }
    }
    Ok(Written::Done(counts))
}

/// Locks the keys of all changes in an order that all writers keep, so that two of them do not wait for each other.
async fn lock_keys<DB: Dialect>(
    connection: &mut DB::Connection,
    names: &Names,
    changes: &[Change<'_>],
    (begin, end): (&str, &str),
) -> Result<(), sqlx::Error> {
    let numbers: BTreeSet<i64> =
        changes.iter().map(|change| number_of(names.table(change.table()), change.key())).collect();
    let mut statement = DB::statement(begin);
    for (index, number) in numbers.into_iter().enumerate() {
        statement = statement.text(if index == 0 { "" } else { "), (" }).value(number);
    }
    DB::execute(connection, statement.text(end)).await.map(drop)
}

/// The number whose lock stands for a row. If two rows have the same number, their writers only wait longer.
fn number_of(table: &str, key: &str) -> i64 {
    let hash = Sha256::new().chain_update(table).chain_update([0]).chain_update(key).finalize();
    let mut number = [0; 8];
    number.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
    i64::from_be_bytes(number)
}

async fn make<DB: Dialect>(
    connection: &mut DB::Connection,
    table: &str,
    change: &Change<'_>,
) -> Result<Made, sqlx::Error> {
    match *change {
        Change::Insert { key, row, .. } => insert::<DB>(connection, table, key, &row, 0).await.map(Made::if_one),
        Change::Update { key, version, row, .. } => {
            let statement = DB::statement(format!("UPDATE {table} SET version = version + 1, state = "))
                .value(row.state)
                .text(", row_group = ")
                .value(row.group)
                .text(", due = ")
                .value(microseconds(&row))
                .text(", value = ")
                .value(row.value)
                .text(" WHERE row_key = ")
                .value(key)
                .text(" AND version = ")
                .value(stored(version));
            DB::execute(connection, statement).await.map(Made::if_one)
        }
        Change::Delete { key, version, .. } => {
            let statement = DB::statement(format!("DELETE FROM {table} WHERE row_key = "))
                .value(key)
                .maybe(" AND version = ", version.map(stored));
            DB::execute(connection, statement).await.map(Made::if_one)
        }
        Change::Add { key, by, max, row, .. } => {
            let max = if by > 0 { max.unwrap_or(i64::MAX) } else { i64::MAX };
            if let Some(count) = add::<DB>(connection, table, key, by, max).await? {
                return Ok(Made::Yes(Some(count)));
            }
            if by <= max && insert::<DB>(connection, table, key, &row, by).await? == 1 {
                return Ok(Made::Yes(Some(by)));
            }
            // Another one may have made the row since.
            Ok(add::<DB>(connection, table, key, by, max).await?.map_or(Made::No, |count| Made::Yes(Some(count))))
        }
    }
}

/// Inserts a row; the number of rows inserted.
async fn insert<DB: Dialect>(
    connection: &mut DB::Connection,
    table: &str,
    key: &str,
    row: &NewRow<'_>,
    count: i64,
) -> Result<u64, sqlx::Error> {
    let columns = "row_key, version, counted, due, state, row_group, value";
    let statement = DB::statement(format!("INSERT INTO {table} ({columns}) VALUES ("))
        .value(key)
        .text(", ")
        .value(stored(row.first_version))
        .text(", ")
        .value(count)
        .text(", ")
        .value(microseconds(row))
        .text(", ")
        .value(row.state)
        .text(", ")
        .value(row.group)
        .text(", ")
        .value(row.value)
        .text(")")
        .text(DB::ON_CONFLICT);
    match DB::execute(connection, statement).await {
        Err(error) if cause_of::<DB>(&error) == Some(Cause::Exists) => Ok(0),
        result => result,
    }
}

/// Adds to the count of a row that exists, within `i64` and up to `max`; the new count.
async fn add<DB: Dialect>(
    connection: &mut DB::Connection,
    table: &str,
    key: &str,
    by: i64,
    max: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let statement = DB::statement(format!("UPDATE {table} SET counted = counted + "))
        .value(by)
        .text(" WHERE row_key = ")
        .value(key);
    let statement = if by > 0 {
        statement.text(" AND counted <= ").value(max.saturating_sub(by))
    } else {
        statement.text(" AND counted >= ").value(i64::MIN.saturating_sub(by))
    };
    if DB::execute(connection, statement).await? == 0 {
        return Ok(None);
    }
    // The row is locked by the update until the transaction ends.
    let statement = DB::statement(format!("SELECT row_key, counted FROM {table} WHERE row_key = ")).value(key);
    Ok(DB::counts(connection, statement).await?.first().map(|row| row.number))
}

fn microseconds(row: &NewRow<'_>) -> Option<i64> {
    row.due.map(|due| due.timestamp_micros())
}

/// A version as the database has it.
fn stored(version: u64) -> i64 {
    version.try_into().unwrap_or(i64::MAX)
}
