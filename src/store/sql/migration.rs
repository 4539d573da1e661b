//! The versions of the schema.
//!
//! Each step of [`STEPS`] leads to the next version. A released step never changes: a later schema is a further step.
//! Each statement of a step must succeed when it is run again, because MySQL cannot roll back a half-done step.

use sqlx::{Connection, Pool};

use super::cause::Cause;
use super::dialect::Dialect;
use super::failure::{Failure, cause_of};
use super::names::Names;
use super::statement::Statement;
use crate::store::StoreError;

/// The statements that lead from each version to the next; the first step begins with an empty database.
fn steps<DB: Dialect>(names: &Names) -> [Vec<String>; 2] {
    let tables = names.tables().map(|table| {
        format!(
            "CREATE TABLE IF NOT EXISTS {table} (row_key {key} NOT NULL PRIMARY KEY, version BIGINT NOT NULL, \
             counted BIGINT NOT NULL, due BIGINT, state {state} NOT NULL, row_group {group} NOT NULL, \
             value {content} NOT NULL){options}",
            key = DB::bytes(512),
            state = DB::bytes(32),
            group = DB::bytes(255),
            content = DB::CONTENT,
            options = DB::TABLE_OPTIONS,
        )
    });
    let indexes = names.tables().flat_map(|table| {
        let create = DB::CREATE_INDEX;
        [
            format!("{create} {table}_by_due ON {table} (state, due, row_key)"),
            format!("{create} {table}_by_group ON {table} (row_group, state, row_key)"),
        ]
    });
    [tables.collect(), indexes.collect()]
}

/// Brings the tables to the latest version.
pub(super) async fn migrate<DB: Dialect>(pool: &Pool<DB>, names: &Names) -> Result<(), Failure> {
    let steps = steps::<DB>(names);
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?;
    // A user without the right to make tables can use those that are there.
    match version::<DB>(&mut connection, names).await {
        Ok(found) if found == latest(&steps) => return Ok(()),
        Ok(found) => check(found, &steps)?,
        Err(error) if cause_of::<DB>(&error) == Some(Cause::NoTable) => {}
        Err(error) => return Err(Failure::of::<DB>(error)),
    }
    drop(connection);
    if DB::ROLLS_BACK_SCHEMA {
        let mut transaction = pool.begin_with(DB::BEGIN).await.map_err(Failure::of::<DB>)?;
        run_steps::<DB>(&mut transaction, names, &steps).await?;
        return transaction.commit().await.map_err(Failure::of::<DB>);
    }
    // A connection of its own: if this future is dropped, the connection closes and the server releases the lock.
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?.detach();
    run_steps::<DB>(&mut connection, names, &steps).await?;
    connection.close().await.map_err(Failure::of::<DB>)
}

async fn run_steps<DB: Dialect>(
    connection: &mut DB::Connection,
    names: &Names,
    steps: &[Vec<String>],
) -> Result<(), Failure> {
    let failure = Failure::of::<DB>;
    if let Some(lock) = DB::LOCK {
        DB::execute(connection, named::<DB>(lock, names)).await.map_err(failure)?;
    }
    let create = format!(
        "CREATE TABLE IF NOT EXISTS {} (name {} NOT NULL PRIMARY KEY, version BIGINT NOT NULL){}",
        names.schema(),
        DB::bytes(32),
        DB::TABLE_OPTIONS
    );
    DB::execute(connection, DB::statement(create)).await.map_err(failure)?;
    let found = version::<DB>(connection, names).await.map_err(failure)?;
    check(found, steps)?;
    for (number, step) in (1_i64..).zip(steps).skip_while(|(number, _)| *number <= found) {
        for statement in step {
            match DB::execute(connection, DB::statement(statement.as_str())).await {
                Err(error) if cause_of::<DB>(&error) == Some(Cause::IndexExists) => {}
                result => drop(result.map_err(failure)?),
            }
        }
        set_version::<DB>(connection, names, number).await.map_err(failure)?;
    }
    if let Some(unlock) = DB::UNLOCK {
        DB::execute(connection, named::<DB>(unlock, names)).await.map_err(failure)?;
    }
    Ok(())
}

/// A statement with the lock's name as its value.
fn named<'a, DB: Dialect>(text: &str, names: &'a Names) -> Statement<'a> {
    let (before, after) = text.split_once('?').unwrap_or((text, ""));
    DB::statement(before).value(names.schema()).text(after)
}

/// The version of the tables; 0 if there are none.
async fn version<DB: Dialect>(connection: &mut DB::Connection, names: &Names) -> Result<i64, sqlx::Error> {
    let query = DB::statement(format!("SELECT name, version FROM {}", names.schema()));
    Ok(DB::counts(connection, query).await?.first().map_or(0, |row| row.number))
}

async fn set_version<DB: Dialect>(
    connection: &mut DB::Connection,
    names: &Names,
    version: i64,
) -> Result<(), sqlx::Error> {
    let schema = names.schema();
    let update = DB::statement(format!("UPDATE {schema} SET version = ")).value(version);
    if DB::execute(connection, update).await? == 0 {
        let insert = DB::statement(format!("INSERT INTO {schema} (name, version) VALUES ("));
        DB::execute(connection, insert.value("schema").text(", ").value(version).text(")")).await?;
    }
    Ok(())
}

fn latest(steps: &[Vec<String>]) -> i64 {
    steps.len().try_into().unwrap_or(i64::MAX)
}

fn check(found: i64, steps: &[Vec<String>]) -> Result<(), StoreError> {
    let expected = latest(steps);
    if found > expected { Err(StoreError::Schema { found, expected }) } else { Ok(()) }
}
