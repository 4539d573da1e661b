use chrono::{DateTime, TimeDelta, Utc};

use super::run::{BrokenRule, Fault, OTHER_TABLE, Run, TABLE, rule, same};
use crate::store::{NewRow, Query, Row, StateStats, Store};

pub(super) async fn check<S: Store>(run: &Run<'_, S>) -> Result<(), BrokenRule> {
    rule("a list has the rows of its state and its group", selected(run).await)?;
    rule("a list by time is ordered by it, and has no row without one", by_time(run).await)?;
    rule("the pages of a list have each row once", pages(run).await)?;
    rule("groups are counted in the order asked for", groups(run).await)?;
    rule("stats count the rows of each state", stats(run).await)
}

/// A time that is the same in all rows of these checks, in microseconds.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_672_000_000_001).unwrap_or_default()
}

fn after_noon(microseconds: i64) -> DateTime<Utc> {
    noon().checked_add_signed(TimeDelta::microseconds(microseconds)).unwrap_or_default()
}

/// A state of this run alone: 32 bytes.
fn own_state<S: Store>(run: &Run<'_, S>, letter: char) -> String {
    run.prefix.chars().skip(1).chain([letter]).collect()
}

/// The keys of rows, without what begins all of them.
fn names<'r, S: Store>(run: &Run<'_, S>, rows: &'r [Row]) -> Vec<&'r str> {
    rows.iter().map(|row| row.key.get(run.prefix.len()..).unwrap_or_default()).collect()
}

async fn selected<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (one, two, group) = (own_state(run, 'a'), own_state(run, 'b'), run.key("selected"));
    for (name, state, group) in
        [("sel-1", &one, ""), ("sel-2", &one, &group), ("sel-3", &two, &group), ("sel-4", &two, "")]
    {
        run.insert(&run.key(name), NewRow::new(name.as_bytes()).state(state).group(group)).await?;
    }
    let all = Query::new(100);
    for (query, expected) in [
        (all.state(&one), vec!["-sel-1", "-sel-2"]),
        (all.group(&group), vec!["-sel-2", "-sel-3"]),
        (all.state(&two).group(&group), vec!["-sel-3"]),
        (all.state(&two).group(""), vec!["-sel-4"]),
        (all.state(&two).group("no such group"), vec![]),
        (Query::new(0).state(&one), vec![]),
    ] {
        let rows = run.store.list(TABLE, &query).await?;
        let mut found = names(run, &rows);
        found.sort_unstable();
        same("the rows", found, expected)?;
        let is_whole = |row: &Row| {
            row.value.as_slice() == row.key.as_bytes().get(run.prefix.len().saturating_add(1)..).unwrap_or_default()
        };
        same("the rows are whole", rows.iter().all(is_whole), true)?;
    }
    Ok(())
}

async fn by_time<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let state = own_state(run, 'c');
    run.insert(&run.key("time-never"), NewRow::new(b"").state(&state)).await?;
    for (name, microseconds) in [("2nd", 1), ("4th", 3), ("1st", -5), ("3rd", 2)] {
        let row = NewRow::new(b"").state(&state).due(after_noon(microseconds));
        run.insert(&run.key(&format!("time-{name}")), row).await?;
    }
    let due = |microseconds| Query::new(100).state(&state).due_until(after_noon(microseconds));
    for (query, expected) in [
        (due(-6), vec![]),
        (due(2), vec!["-time-1st", "-time-2nd", "-time-3rd"]),
        (due(3), vec!["-time-1st", "-time-2nd", "-time-3rd", "-time-4th"]),
        (Query { limit: 2, ..due(3) }, vec!["-time-1st", "-time-2nd"]),
    ] {
        let rows = run.store.list(TABLE, &query).await?;
        same("the rows", names(run, &rows), expected)?;
    }
    Ok(())
}

async fn pages<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let state = own_state(run, 'd');
    for number in 0..25 {
        // Several rows of each time.
        let row = NewRow::new(b"").state(&state).due(after_noon(number % 4));
        run.insert(&run.key(&format!("page-{number}")), row).await?;
    }
    for query in [Query::new(7).state(&state), Query::new(7).state(&state).due_until(after_noon(9))] {
        let mut all: Vec<Row> = Vec::new();
        loop {
            let page = run.store.list(TABLE, &all.last().map_or(query, |last| query.after(last))).await?;
            same("the rows of a page", page.len(), 25_usize.saturating_sub(all.len()).min(7))?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        if query.due_until.is_some() {
            same("the rows are ordered by time", all.is_sorted_by_key(|row| row.due), true)?;
        }
        all.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        all.dedup_by(|one, other| one.key == other.key);
        same("different rows", all.len(), 25)?;
    }
    Ok(())
}

async fn groups<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (three, one, none) = (run.key("group-3"), run.key("group-1"), run.key("group-0"));
    for (name, group, state) in [("g-1", &three, "x"), ("g-2", &three, "x"), ("g-3", &three, "y"), ("g-4", &one, "x")] {
        run.insert(&run.key(name), NewRow::new(b"").group(group).state(state)).await?;
    }
    let asked = [none.as_str(), &three, &one, &three];
    same("all states", run.store.count_groups(TABLE, None, &asked).await?, vec![0, 3, 1, 3])?;
    same("one state", run.store.count_groups(TABLE, Some("x"), &asked).await?, vec![0, 2, 1, 2])?;
    same("another state", run.store.count_groups(TABLE, Some("z"), &asked).await?, vec![0; 4])?;
    same("another table", run.store.count_groups(OTHER_TABLE, None, &asked).await?, vec![0; 4])?;
    same("no groups", run.store.count_groups(TABLE, None, &[]).await?, vec![])
}

async fn stats<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (timed, untimed) = (own_state(run, 'e'), own_state(run, 'f'));
    for (name, state, due) in [
        ("s-1", &timed, Some(after_noon(2))),
        ("s-2", &timed, Some(noon())),
        ("s-3", &timed, None),
        ("s-4", &untimed, None),
    ] {
        run.insert(&run.key(name), NewRow::new(b"").state(state).due(due)).await?;
    }
    let mut stats = run.store.stats(TABLE).await?;
    stats.retain(|state| [&timed, &untimed].contains(&&state.state));
    stats.sort_by(|one, other| one.state.cmp(&other.state));
    same("the stats", stats, vec![StateStats::new(timed, 3, Some(noon())), StateStats::new(untimed, 1, None)])
}
