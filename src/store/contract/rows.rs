use chrono::{DateTime, Utc};

use super::run::{BrokenRule, Fault, OTHER_TABLE, Run, TABLE, rule, same};
use crate::store::{NewRow, Row, Store, StoreError};

pub(super) async fn check<S: Store>(run: &Run<'_, S>) -> Result<(), BrokenRule> {
    rule("a row that was never written is not there", absent(run).await)?;
    rule("a row is read as it was written", as_written(run).await)?;
    rule("times are kept to the microsecond", times(run).await)?;
    rule("keys are compared byte by byte", keys(run).await)?;
    rule("get_many answers in the order of its keys", many(run).await)?;
    rule("tables are separate", tables(run).await)?;
    rule("what is too long is refused, and nothing is written", lengths(run).await)
}

async fn absent<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    same("a row", run.read(&run.key("absent")).await?, None)
}

/// The contents and texts that a store must keep as they are.
async fn as_written<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    let long = all_bytes.repeat(4096);
    let (state, group) = ("x".repeat(32), "组".repeat(85));
    let rows = [
        ("empty", NewRow::new(&[])),
        ("bytes", NewRow::new(&all_bytes).state("open").group("a 'quoted' \"group\"; -- \\ %_")),
        ("long", NewRow::new(&long).state(&state).group(&group).first_version(1 << 62)),
        ("unicode", NewRow::new("张三😀".as_bytes()).state("等待").group("Ünïcödé \u{0} ")),
    ];
    for (name, row) in rows {
        let key = run.key(name);
        run.insert(&key, row).await?;
        compare(run.must_read(&key).await?, &Row::new(key, &row))?;
    }
    Ok(())
}

/// Compares rows. `Debug` shows no content, so the columns are named one by one.
fn compare(read: Row, written: &Row) -> Result<(), Fault> {
    same("the key is as written", read.key == written.key, true)?;
    same("the version", read.version, written.version)?;
    same("the state", &read.state, &written.state)?;
    same("the group is as written", read.group == written.group, true)?;
    same("the time", read.due, written.due)?;
    same("the count", read.count, written.count)?;
    same("the content is as written", read.value == written.value, true)
}

async fn times<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    for (number, microseconds) in
        [0, 1, -1, 1_767_664_800_123_456, -2_208_988_800_000_001, 253_402_300_799_999_999].into_iter().enumerate()
    {
        let due = DateTime::<Utc>::from_timestamp_micros(microseconds);
        let key = run.key(&format!("time-{number}"));
        run.insert(&key, NewRow::new(b"").due(due)).await?;
        same("the time", run.must_read(&key).await?.due, due)?;
    }
    Ok(())
}

async fn keys<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let long = "k".repeat(512_usize.saturating_sub(run.key("0").len()));
    let endings =
        ["", "a", "A", "a ", " a", "a\u{0}", "ä", "a\u{308}", "ß", "ss", "a%", "a_", "a'", "a\\", "钥", "钥匙", "😀"];
    let long = [format!("{long}0"), format!("{long}1")];
    let keys: Vec<_> = endings.into_iter().chain(long.iter().map(String::as_str)).map(|end| run.key(end)).collect();
    for (number, key) in (0_u32..).zip(&keys) {
        run.insert(key, NewRow::new(&number.to_be_bytes())).await?;
    }
    for (number, key) in (0_u32..).zip(&keys) {
        let row = run.must_read(key).await?;
        same("the content of this key", row.value.as_slice(), number.to_be_bytes().as_slice())?;
        same("the key is as written", row.key == *key, true)?;
    }
    Ok(())
}

async fn many<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let keys: Vec<_> = (0..450).map(|number| run.key(&format!("many-{number}"))).collect();
    for key in keys.iter().step_by(50) {
        run.insert(key, NewRow::new(key.as_bytes())).await?;
    }
    let first = keys.first().map(String::as_str);
    let asked: Vec<_> = keys.iter().rev().map(String::as_str).chain(first).collect();
    let rows = run.store.get_many(TABLE, &asked).await?;
    let expected = asked.iter().map(|key| keys.iter().step_by(50).any(|written| written == key).then_some(*key));
    let read: Vec<_> = rows.iter().map(|row| row.as_ref().map(|row| row.key.as_str())).collect();
    same("the rows are those of the keys, in their order", read == expected.collect::<Vec<_>>(), true)?;
    same("rows without keys", run.store.get_many(TABLE, &[]).await?, vec![])
}

async fn tables<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let key = run.key("tables");
    run.insert(&key, NewRow::new(b"one")).await?;
    same("the row in another table", run.store.get(OTHER_TABLE, &key).await?, None)?;
    same("inserted there", run.store.insert(OTHER_TABLE, &key, NewRow::new(b"two")).await?, true)?;
    same("the first row is as it was", run.must_read(&key).await?.value.as_slice(), b"one")
}

async fn lengths<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (long_key, state, group) = (run.key(&"k".repeat(512)), "s".repeat(33), "g".repeat(256));
    let key = run.key("lengths");
    for (what, key, row) in [
        ("an empty key", "", NewRow::new(b"")),
        ("a key of more than 512 bytes", long_key.as_str(), NewRow::new(b"")),
        ("a state of 33 bytes", key.as_str(), NewRow::new(b"").state(&state)),
        ("a group of 256 bytes", key.as_str(), NewRow::new(b"").group(&group)),
        ("the version 0", key.as_str(), NewRow::new(b"").first_version(0)),
    ] {
        let result = run.store.insert(TABLE, key, row).await;
        same(what, matches!(result, Err(StoreError::Invalid(_))), true)?;
    }
    same("the row", run.read(&key).await?, None)
}
