//! Decrypts a list of orders that outlives the process. The first run stops in the middle, with orders that were
//! decrypted and whose contacts were not written; the second run goes on. Every order has its contact once, and none is
//! decrypted twice.
//!
//! The list, the contacts, the decrypted receivers and the quota are in one SQLite file. A contact and the end of its
//! order are one transaction. What was decrypted and not written is served from the cache. Only calls that are in flight
//! when a process is killed can be decrypted again: nobody has their answers.
//!
//! ```sh
//! cargo run --features emulator,store-sqlite --example resume_decryption
//! ```
#![allow(clippy::print_stdout)]

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use privacy_number::emulator::Emulator;
use privacy_number::ledger::LedgerError;
use privacy_number::parked::Parked;
use privacy_number::quota_ledger::QuotaLedger;
use privacy_number::store::{
    EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore, TransactionalStore,
};
use privacy_number::top::{ReceiverQuery, Shop};

const ORDERS: usize = 400;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let orders: Vec<_> = (0..ORDERS).map(|order| (format!("61{order:06}"), format!("oaid-{order}"))).collect();
    let emulator = Emulator::builder().orders(orders.clone()).start().await?;
    let folder = std::env::temp_dir().join(format!("privacy-number-resume-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("erp.db");
    let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?); // keep them
    for stop_after in [130, usize::MAX] {
        run(&file, keys.clone(), emulator.shop()?, &orders, stop_after).await?;
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

/// One process: it stops after so many contacts, as if it were killed.
async fn run(
    file: &Path,
    keys: EncryptionKeys,
    shop: Shop,
    orders: &[(String, String)],
    stop_after: usize,
) -> Result<(), Box<dyn Error>> {
    let database = SqliteStore::open(file, "pn_").await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS contacts (tid TEXT PRIMARY KEY)").execute(database.pool()).await?;
    let store = EncryptedStore::open(database.clone(), keys).await?;
    // A short lease, so that this example need not wait for the orders of the stopped process.
    let list = Parked::new(store.clone(), "decrypt")?.lease(Duration::from_secs(2));
    let done = sqlx::query_scalar("SELECT tid FROM contacts").fetch_all(database.pool()).await?;
    let done: HashSet<String> = done.into_iter().collect();
    let open = orders.iter().filter(|(tid, _)| !done.contains(tid));
    let queries = open.map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid.as_str()).build());
    let queries: Vec<_> = queries.collect();
    let added = list.add_all(queries.iter().map(|query| (query.tid.as_str(), query))).await?;
    println!("{added} orders added to the list");

    let quota = QuotaLedger::new(store.clone());
    let shop = shop.counted(&quota, "seller-1").cached(&store, "seller-1");
    let mut written = 0_usize;
    while !list.stats().await?.is_empty() {
        let items = list.due(100).await?;
        if items.is_empty() {
            tokio::time::sleep(Duration::from_millis(200)).await; // some are parked, or another process has them
        }
        let results = shop.decrypt(items.iter().map(|item| item.content.clone())).await;
        for (item, one) in items.into_iter().zip(results) {
            match one.result {
                Ok(_) if written == stop_after => {
                    println!("killed after {written} contacts");
                    return Ok(());
                }
                Ok(_) => {
                    let mut transaction = store.begin().await?;
                    let insert = sqlx::query("INSERT INTO contacts (tid) VALUES (?)").bind(&item.key);
                    insert.execute(&mut *transaction).await?; // and the receiver, in a table of your own
                    if list.done_in(&mut transaction, &item).await? {
                        transaction.commit().await?;
                        written = written.saturating_add(1);
                    }
                }
                Err(LedgerError::Call(error)) => drop(list.park_again(item, &error).await?),
                Err(error) => return Err(error.into()), // the store: the items come back
            }
        }
    }
    let contacts = sqlx::query("SELECT tid FROM contacts").fetch_all(database.pool()).await?.len();
    let today = Utc::now().with_timezone(&privacy_number::china()).date_naive();
    let decrypted: u64 = quota.usage(today).await?.iter().map(|usage| usage.units).sum();
    println!("{contacts} contacts, {decrypted} decryptions");
    Ok(())
}
