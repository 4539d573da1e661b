//! A process that works on its keys until it is done or killed.

use std::collections::HashSet;
use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use privacy_number::binding_ledger::{BindingLedger, LedgerError};
use privacy_number::{Advice, Outcome};

use crate::orders::{Goal, Orders};
use crate::stopping_store::StoppingStore;

/// What a child prints for each finished key, and at its end.
pub(crate) const FINISHED: &str = "finished";
pub(crate) const DONE: &str = "done";

const CONCURRENT: usize = 8;

pub(crate) async fn run(index: u64) -> Result<(), Box<dyn Error>> {
    let mut input = std::io::stdin().lines();
    let orders: Orders = serde_json::from_str(&input.next().ok_or("there is no input")??)?;
    let stop_at: Option<(i64, bool)> = serde_json::from_str(&input.next().ok_or("there is no input")??)?;
    let journal = orders.folder.join(format!("done-{index}"));
    let done = std::fs::read_to_string(&journal).unwrap_or_default();
    // The last line may be torn.
    let done: HashSet<u64> =
        done.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.parse().ok()).collect();
    let mut journal = OpenOptions::new().create(true).append(true).open(journal)?;
    journal.write_all(b"\n")?;
    let ledger = orders.stopping_ledger(stop_at).await?;
    let recovery = tokio::spawn(recover(ledger.clone()));

    let keys = (0..orders.keys).filter(|key| orders.is_of(*key, index) && !done.contains(key));
    let keys: Vec<u64> = keys.collect();
    let (ledger, orders) = (&ledger, &orders);
    let work = stream::iter(keys).map(|key| async move { work_on(ledger, orders, key).await.map(|()| key) });
    let mut work = Box::pin(work.buffer_unordered(CONCURRENT));
    while let Some(key) = work.try_next().await? {
        journal.write_all(format!("{key}\n").as_bytes())?;
        println!("{FINISHED}");
    }
    recovery.abort();
    println!("{DONE}");
    Ok(())
}

/// Finishes what killed processes left, again and again.
async fn recover(ledger: BindingLedger<StoppingStore>) {
    loop {
        // What fails is tried again the next time.
        let _ = ledger.recover().await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn work_on(ledger: &BindingLedger<StoppingStore>, orders: &Orders, index: u64) -> Result<(), LedgerError> {
    let (key, bind) = (Orders::key(index), orders.bind(index));
    again(async || ledger.bind(&key, &bind).await.map(drop)).await?;
    match Orders::goal(index) {
        Goal::Bound => Ok(()),
        Goal::Renewed => again(async || ledger.renew(&key, orders.day(14)).await.map(drop)).await,
        Goal::Unbound => again(async || ledger.unbind(&key).await.map(drop)).await,
    }
}

/// Calls again as long as the advice is to retry, as a program does that must come to an end.
async fn again(call: impl AsyncFn() -> Result<(), LedgerError>) -> Result<(), LedgerError> {
    loop {
        match call().await {
            Err(error) if error.advice() == Advice::Retry || error.outcome() == Outcome::Unknown => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result,
        }
    }
}
