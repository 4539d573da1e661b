use std::time::Duration;

use std::future::Future;

use tokio::task::JoinSet;

use super::run::{BrokenRule, Fault, Run, TABLE, rule, same};
use crate::store::{Change, Lease, NewRow, Store, StoreError, Written};

/// How many tasks write at once.
const TASKS: usize = 16;

/// How often each one writes.
const WRITES: usize = 8;

pub(super) async fn check<S: Store>(run: &Run<'_, S>) -> Result<(), BrokenRule> {
    rule("of many inserts of one key one succeeds", one_insert(run).await)?;
    rule("of many updates of one version one succeeds", no_lost_update(run).await)?;
    rule("a count never passes its maximum, and no addition is lost", counts(run).await)?;
    rule("many rows are written at once in any order", crossing_writes(run).await)?;
    rule("a lease has one holder at a time", leases(run).await)
}

/// Runs a task for each handle in turn; the sum of their results.
async fn sum<S: Store, F>(run: &Run<'_, S>, task: impl Fn(S, usize) -> F) -> Result<usize, Fault>
where
    F: Future<Output = Result<usize, StoreError>> + Send + 'static,
{
    let mut tasks: JoinSet<_> = (0..TASKS).map(|number| task(run.handle(number), number)).collect();
    let mut sum = 0_usize;
    while let Some(result) = tasks.join_next().await {
        let number = result.map_err(|_| Fault("a task panicked".to_owned()))??;
        sum = sum.saturating_add(number);
    }
    Ok(sum)
}

async fn one_insert<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    for round in 0..WRITES {
        let key = run.key(&format!("race-{round}"));
        let inserted = sum(run, |store, _| {
            let key = key.clone();
            async move { Ok(usize::from(store.insert(TABLE, &key, NewRow::new(b"")).await?)) }
        });
        same("successful inserts", inserted.await?, 1)?;
    }
    Ok(())
}

async fn no_lost_update<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let key = run.key("compare-and-swap");
    run.insert(&key, NewRow::new(&0_u64.to_be_bytes())).await?;
    let updates = sum(run, |store, _| {
        let key = key.clone();
        async move {
            let mut updates = 0;
            while updates < WRITES {
                let Some(row) = store.get(TABLE, &key).await? else { return Ok(0) };
                let number = u64::from_be_bytes(row.value.as_slice().try_into().unwrap_or_default());
                let next = number.saturating_add(1).to_be_bytes();
                let updated = store.update(TABLE, &key, row.version, NewRow::new(&next)).await?;
                updates = updates.saturating_add(updated.into());
            }
            Ok(updates)
        }
    });
    let (updates, row) = (updates.await?, run.must_read(&key).await?);
    let expected = u64::try_from(updates).unwrap_or_default();
    same("the number in the row", row.value.as_slice(), expected.to_be_bytes().as_slice())?;
    same("the version", row.version, expected.saturating_add(1))
}

async fn counts<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let max = TASKS.saturating_mul(WRITES) / 2;
    let key = run.key("contended-count");
    let limit = i64::try_from(max).ok();
    // The sum of the counts tells whether two additions had the same one.
    let counts = sum(run, |store, _| {
        let key = key.clone();
        async move {
            let mut sum = 0_usize;
            for _ in 0..WRITES {
                let count = store.add(TABLE, &key, 1, limit, NewRow::new(b"")).await?.unwrap_or(0);
                sum = sum.saturating_add(count.try_into().unwrap_or_default());
            }
            Ok(sum)
        }
    });
    same("the sum of all counts", counts.await?, max.saturating_mul(max.saturating_add(1)) / 2)?;
    same("the count", Some(run.must_read(&key).await?.count), limit)
}

async fn crossing_writes<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let keys = [run.key("cross-1"), run.key("cross-2"), run.key("cross-3")];
    let written = sum(run, |store, number| {
        let mut keys = keys.clone();
        keys.rotate_left(number % 3);
        if number % 2 == 0 {
            keys.reverse();
        }
        async move {
            let row = NewRow::new(b"");
            let changes = keys.each_ref().map(|key| Change::Add { table: TABLE, key, by: 1, max: None, row });
            let mut written = 0_usize;
            for _ in 0..WRITES {
                let done = matches!(store.write(&changes).await?, Written::Done(counts) if counts.len() == 3);
                written = written.saturating_add(done.into());
            }
            Ok(written)
        }
    });
    let written = written.await?;
    same("writes", written, TASKS.saturating_mul(WRITES))?;
    for key in &keys {
        same("the count", run.must_read(key).await?.count, written.try_into().unwrap_or_default())?;
    }
    Ok(())
}

async fn leases<S: Store>(run: &Run<'_, S>) -> Result<(), Fault> {
    let (name, key) = (run.key("lease"), run.key("leased"));
    let overlaps = sum(run, |store, _| {
        let (name, key) = (name.clone(), key.clone());
        async move {
            let lease = Lease::wait(&store, &name, Duration::from_secs(60)).await?;
            // Refused if there is another holder.
            let alone = store.insert(TABLE, &key, NewRow::new(b"")).await?;
            store.delete(TABLE, &key, None).await?;
            let released = lease.release(&store).await?;
            Ok(usize::from(!alone || !released))
        }
    });
    same("tasks that held it together", overlaps.await?, 0)
}
