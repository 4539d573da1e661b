use std::collections::HashMap;

use sqlx::Pool;

use super::columns::{COLUMNS, time};
use super::dialect::Dialect;
use super::failure::Failure;
use crate::store::{Query, Row, StateStats};

/// The most keys or groups of one query.
const BATCH: usize = 200;

pub(super) async fn get_many<DB: Dialect>(
    pool: &Pool<DB>,
    table: &str,
    keys: &[&str],
) -> Result<Vec<Option<Row>>, Failure> {
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?;
    let mut found = HashMap::new();
    for keys in keys.chunks(BATCH) {
        let query = DB::statement(format!("SELECT {COLUMNS} FROM {table} WHERE row_key IN "));
        let rows = DB::rows(&mut connection, query.values(keys.iter().copied())).await.map_err(Failure::of::<DB>)?;
        found.extend(rows.into_iter().map(|row| (row.key.clone(), row)));
    }
    Ok(keys.iter().map(|key| found.get(*key).cloned()).collect())
}

pub(super) async fn list<DB: Dialect>(pool: &Pool<DB>, table: &str, query: &Query<'_>) -> Result<Vec<Row>, Failure> {
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?;
    // A first condition that is always true, so that the others all begin with AND.
    let mut statement = DB::statement(format!("SELECT {COLUMNS} FROM {table} WHERE version > 0"))
        .maybe(" AND state = ", query.state)
        .maybe(" AND row_group = ", query.group);
    let order = if let Some(until) = query.due_until {
        statement = statement.text(" AND due <= ").value(until.timestamp_micros());
        if let Some(after) = query.after {
            let due = after.due.map(|due| due.timestamp_micros());
            statement = statement.text(" AND due >= ").value(due).text(" AND (due > ").value(due);
            statement = statement.text(" OR row_key > ").value(after.key).text(")");
        }
        " ORDER BY due, row_key LIMIT "
    } else {
        statement = statement.maybe(" AND row_key > ", query.after.map(|after| after.key));
        " ORDER BY row_key LIMIT "
    };
    let statement = statement.text(order).value(i64::from(query.limit));
    DB::rows(&mut connection, statement).await.map_err(Failure::of::<DB>)
}

pub(super) async fn count_groups<DB: Dialect>(
    pool: &Pool<DB>,
    table: &str,
    state: Option<&str>,
    groups: &[&str],
) -> Result<Vec<u64>, Failure> {
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?;
    let mut found = HashMap::new();
    for groups in groups.chunks(BATCH) {
        let statement = DB::statement(format!("SELECT row_group, COUNT(*) FROM {table} WHERE row_group IN "))
            .values(groups.iter().copied())
            .maybe(" AND state = ", state)
            .text(" GROUP BY row_group");
        let counts = DB::counts(&mut connection, statement).await.map_err(Failure::of::<DB>)?;
        found.extend(counts.into_iter().map(|group| (group.name, group.number)));
    }
    let number = |group: &&str| found.get(*group).copied().and_then(|number| number.try_into().ok());
    Ok(groups.iter().map(|group| number(group).unwrap_or(0)).collect())
}

pub(super) async fn stats<DB: Dialect>(pool: &Pool<DB>, table: &str) -> Result<Vec<StateStats>, Failure> {
    let mut connection = pool.acquire().await.map_err(Failure::of::<DB>)?;
    let text = format!("SELECT state, COUNT(*), MIN(due) FROM {table} GROUP BY state ORDER BY state");
    let counts = DB::counts(&mut connection, DB::statement(text)).await.map_err(Failure::of::<DB>)?;
    let stats = counts.into_iter().map(|state| {
        let rows = state.number.try_into().unwrap_or(0);
        Ok(StateStats { state: state.name, rows, earliest_due: state.time.map(time).transpose()? })
    });
    stats.collect::<Result<_, sqlx::Error>>().map_err(Failure::of::<DB>)
}
