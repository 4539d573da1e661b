//! Decrypts a list of orders that outlives the process: the first run stops in the middle, the second one goes on.
//! Every order has its contact once, and none is decrypted twice. Uses the emulator only.
//! A contact and the end of its order are one transaction. What was decrypted and not written is served from the cache.
//! Only calls that are in flight when a process is killed can be decrypted again: nobody has their answers.
//!
//! ```sh
//! cargo run --features emulator,store-sqlite --example resume_decryption
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use std::{error::Error, time::Duration};

use chrono::Utc;
use privacy_number::emulator::Emulator;
use privacy_number::parked::Parked;
use privacy_number::quota_ledger::QuotaLedger;
use privacy_number::receiver_cache::CacheError;
use privacy_number::store::{
    EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey, SqliteStore, TransactionalStore,
};
use privacy_number::top::{ReceiverQuery, Shop};

/// Goes on with a stored list of orders after the process stopped, and decrypts none twice. Uses the emulator only.
#[derive(clap::Parser)]
struct Options {}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    command_line::run(stop_and_resume).await
}

async fn stop_and_resume(_: Options) -> Result<(), Box<dyn Error>> {
    let order = |order| ReceiverQuery::builder().tid(format!("61{order:06}")).oaid(format!("oaid-{order}")).build();
    let orders: Vec<_> = (0..400).map(order).collect();
    let emulator = Emulator::builder().orders(orders.iter().map(|one| (&*one.tid, one.oaid.expose()))).start().await?;
    let folder = std::env::temp_dir().join(format!("privacy-number-resume-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?); // keep them
    for stop_after in [130, usize::MAX] {
        let database = SqliteStore::open(folder.join("erp.db"), "pn_").await?;
        sqlx::query("CREATE TABLE IF NOT EXISTS contacts (tid TEXT)").execute(database.pool()).await?;
        let store = EncryptedStore::open(database, keys.clone()).await?;
        run(store, emulator.shop()?, &orders, stop_after).await?;
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

type Store = EncryptedStore<SqliteStore>;

/// One process: it stops after so many contacts, as if it were killed.
async fn run(store: Store, shop: Shop, orders: &[ReceiverQuery], stop_after: usize) -> Result<(), Box<dyn Error>> {
    let (pool, contacts) = (store.inner().pool(), "SELECT tid FROM contacts");
    let done: Vec<String> = sqlx::query_scalar(contacts).fetch_all(pool).await?;
    let open = orders.iter().filter(|order| !done.contains(&order.tid));
    let list = Parked::new(store.clone(), "decrypt")?.lease(Duration::from_secs(2)); // the next run waits for its end
    println!("{} orders added to the list", list.add_all(open.map(|order| (order.tid.as_str(), order))).await?);
    let quota = QuotaLedger::new(store.clone());
    let (shop, mut written) = (shop.counted(&quota, "seller-1").cached(&store, "seller-1"), 0);
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
                    sqlx::query("INSERT INTO contacts VALUES (?)").bind(&item.key).execute(&mut *transaction).await?;
                    if list.done_in(&mut transaction, &item).await? {
                        transaction.commit().await?;
                        written += 1;
                    }
                }
                Err(CacheError::Call(error)) => drop(list.park_again(item, &error).await?),
                Err(error) => return Err(error.into()), // the store: the items come back
            }
        }
    }
    let contacts = sqlx::query(contacts).fetch_all(pool).await?.len();
    let usage = quota.usage(Utc::now().with_timezone(&privacy_number::china()).date_naive()).await?;
    println!("{contacts} contacts, {} decryptions", usage.iter().map(|one| one.units).sum::<u64>());
    Ok(())
}
