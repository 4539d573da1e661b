use super::run::{BrokenRule, Fault, Run, TABLE, rule, same};
use crate::store::{Change, NewRow, Store, Written};

pub(super) async fn check<S: Store>(run: &Run<'_, S>) -> Result<(), BrokenRule> {
    rule("insert refuses a key that exists", insert(run).await)?;
    rule("update needs the version that was read", update(run).await)?;
    rule("delete removes the row, of the version if one is given", delete(run).await)?;
    rule("add counts, up to its maximum", add(run).await)?;
    rule("add stays within 64 bits", add_limits(run).await)?;
    rule("update leaves the count, and add leaves the version", count_and_version(run).await)?;
    rule("the changes of one write are made in their order", in_order(run).await)?;
    rule("the changes of one write are made all or none", all_or_none(run).await)
}

async fn insert<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let key = run.key("insert");
    run.insert(&key, NewRow::new(b"first").state("one")).await?;
    same("inserted again", run.store.insert(TABLE, &key, NewRow::new(b"second").state("two")).await?, false)?;
    let row = run.must_read(&key).await?;
    same("the row", (row.version, row.state.as_str(), row.value.as_slice()), (1, "one", b"first".as_slice()))
}

async fn update<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (key, new) = (run.key("update"), NewRow::new(b"new").state("two").group("g"));
    same("updated without a row", run.store.update(TABLE, &key, 1, new).await?, false)?;
    run.insert(&key, NewRow::new(b"old").state("one").due(chrono::Utc::now())).await?;
    for version in [0, 2, u64::MAX] {
        same("updated with another version", run.store.update(TABLE, &key, version, new).await?, false)?;
    }
    same("the state", run.must_read(&key).await?.state.as_str(), "one")?;
    same("updated", run.store.update(TABLE, &key, 1, new).await?, true)?;
    let row = run.must_read(&key).await?;
    same("the row", (row.version, row.state.as_str(), row.due), (2, "two", None))?;
    same("the group and the content", (row.group.as_str(), row.value.as_slice()), ("g", b"new".as_slice()))?;
    same("updated with the first version again", run.store.update(TABLE, &key, 1, new).await?, false)?;
    // The same content again is an update as well.
    same("updated", run.store.update(TABLE, &key, 2, new).await?, true)?;
    same("the version", run.must_read(&key).await?.version, 3)
}

async fn delete<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let key = run.key("delete");
    same("deleted without a row", run.store.delete(TABLE, &key, None).await?, false)?;
    run.insert(&key, NewRow::new(b"").first_version(7)).await?;
    same("deleted with another version", run.store.delete(TABLE, &key, Some(8)).await?, false)?;
    same("deleted", run.store.delete(TABLE, &key, Some(7)).await?, true)?;
    same("the row", run.read(&key).await?, None)?;
    run.insert(&key, NewRow::new(b"again")).await?;
    same("deleted", run.store.delete(TABLE, &key, None).await?, true)?;
    same("the row", run.read(&key).await?, None)
}

async fn add<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (key, row) = (run.key("add"), NewRow::new(b"content").state("counted").group("day"));
    let add = |by, max| run.store.add(TABLE, &key, by, max, row);
    same("more than the maximum at once", add(4, Some(3)).await?, None)?;
    same("the row", run.read(&key).await?, None)?;
    for (by, max, expected) in [
        (2, Some(3), Some(2)),
        (2, Some(3), None),
        (1, Some(3), Some(3)),
        (1, Some(3), None),
        (0, Some(1), Some(3)),
        (1, None, Some(4)),
        (-1, Some(1), Some(3)),
        (-5, None, Some(-2)),
        (2, Some(0), Some(0)),
    ] {
        same(format_args!("the count after adding {by} up to {max:?}"), add(by, max).await?, expected)?;
    }
    let read = run.must_read(&key).await?;
    same("the row", (read.version, read.state.as_str(), read.group.as_str()), (1, "counted", "day"))?;
    same("the content and the count", (read.value.as_slice(), read.count), (b"content".as_slice(), 0))
}

async fn add_limits<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    for (name, most, one) in [("add-most", i64::MAX, 1), ("add-least", i64::MIN, -1)] {
        let key = run.key(name);
        let add = |by| run.store.add(TABLE, &key, by, None, NewRow::new(b""));
        same("the count", add(most).await?, Some(most))?;
        same("one more", add(one).await?, None)?;
        same("the count", run.must_read(&key).await?.count, most)?;
    }
    Ok(())
}

async fn count_and_version<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let key = run.key("count");
    run.insert(&key, NewRow::new(b"first")).await?;
    same("the count", run.store.add(TABLE, &key, 5, None, NewRow::new(b"not used")).await?, Some(5))?;
    same("updated", run.store.update(TABLE, &key, 1, NewRow::new(b"second")).await?, true)?;
    same("the count", run.store.add(TABLE, &key, 1, None, NewRow::new(b"not used")).await?, Some(6))?;
    let row = run.must_read(&key).await?;
    same("the row", (row.version, row.count, row.value.as_slice()), (2, 6, b"second".as_slice()))
}

async fn in_order<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (key, other) = (run.key("order"), run.key("order-count"));
    let (table, key) = (TABLE, key.as_str());
    let add = |by, max| Change::Add { table, key: &other, by, max, row: NewRow::new(b"") };
    let written = run
        .store
        .write(&[
            Change::Insert { table, key, row: NewRow::new(b"one") },
            add(3, None),
            Change::Update { table, key, version: 1, row: NewRow::new(b"two") },
            Change::Delete { table, key, version: Some(2) },
            add(-1, None),
            Change::Insert { table, key, row: NewRow::new(b"three") },
        ])
        .await?;
    same("the write", written, Written::Done(vec![3, 2]))?;
    same("the content", run.must_read(key).await?.value.as_slice(), b"three")?;
    same("no changes", run.store.write(&[]).await?, Written::Done(vec![]))
}

async fn all_or_none<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (there, new, counted) = (run.key("all-there"), run.key("all-new"), run.key("all-counted"));
    run.insert(&there, NewRow::new(b"there")).await?;
    let (table, row) = (TABLE, NewRow::new(b"new"));
    let first = [
        Change::Insert { table, key: &new, row },
        Change::Update { table, key: &there, version: 1, row },
        Change::Add { table, key: &counted, by: 1, max: None, row },
    ];
    for refused in [
        Change::Insert { table, key: &there, row },
        Change::Update { table, key: &there, version: 1, row },
        Change::Delete { table, key: &there, version: Some(1) },
        Change::Add { table, key: &counted, by: 1, max: Some(1), row },
    ] {
        let changes: Vec<_> = first.into_iter().chain([refused]).collect();
        same("the write", run.store.write(&changes).await?, Written::Refused(3))?;
        same("the new row", run.read(&new).await?, None)?;
        same("the counted row", run.read(&counted).await?, None)?;
        same("the content of the other row", run.must_read(&there).await?.value.as_slice(), b"there")?;
    }
    same("a write that is not refused", run.store.write(&first).await?, Written::Done(vec![1]))
}
