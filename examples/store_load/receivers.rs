//! The rows of the decrypt cache.

use std::error::Error;

use privacy_number::emulator::Emulator;
use privacy_number::receiver_cache::CachedShop;
use privacy_number::store::{EncryptedStore, NewRow, Store, Table};
use privacy_number::top::ReceiverQuery;

use crate::database::Database;
use crate::filling::{Filling, key, present};
use crate::floor::{Floor, PlainRow};
use crate::timing::Timing;
use crate::{Options, steps};

const TABLE: Table = Table::Receivers;

/// The orders of one call.
const ORDERS: u64 = 20;

/// Keys of rows that are written for a figure begin here.
const WRITTEN: u64 = 1 << 40;

pub(crate) async fn measure(
    options: &Options,
    store: &EncryptedStore<Database>,
    floor: &Floor,
) -> Result<(), Box<dyn Error>> {
    let steps = steps(options.rows);
    let calls = options.samples.div_ceil(ORDERS);
    let fresh = calls * ORDERS;
    let orders: Vec<_> = (0..fresh * (1 + steps.len() as u64)).map(order).collect();
    let emulator = Emulator::builder().orders(orders).start().await?;
    let shop = emulator.shop()?.cached(store, "load");
    decrypt(&shop, 0, fresh, false).await?;
    let mut filling = Filling::new(store, floor, TABLE).await?;
    let template = filling.template.clone();

    println!("\nReceivers: microseconds for one row (median of calls one at a time), and cache hits of one task.\n");
    println!("| rows | read | floor | write | floor | decrypt and keep an order | hits a second | floor |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (step, rows) in (1..).zip(steps) {
        filling.until(rows, |index| (key(index), key(index + WRITTEN / 2))).await?;
        let random = || key(fastrand::u64(..rows));
        let samples = options.samples;
        let read = Timing::of(samples, 1, async |_| present(store.get(TABLE, &random()).await?.is_some())).await?;
        let floor_read = Timing::of(samples, 1, async |_| present(floor.read(TABLE, &[&random()]).await? == 1)).await?;
        let written = WRITTEN * step;
        let write = Timing::of(samples, 1, async |index| {
            let (key, group) = (key(written + index), key(written + index + WRITTEN / 2));
            let row = NewRow::new(&template.value).state(&template.state).group(&group).due(template.due);
            present(store.insert(TABLE, &key, row).await?)
        });
        let write = write.await?;
        let floor_write = Timing::of(samples, 1, async |index| {
            let row = PlainRow::new(&template, key(written + index), key(written + index + WRITTEN / 2));
            Ok(floor.fill(TABLE, &[row]).await?)
        });
        let floor_write = floor_write.await?;
        let decrypted =
            Timing::of(calls, 1, async |call| decrypt(&shop, step * fresh + call * ORDERS, ORDERS, false).await);
        let decrypted = decrypted.await?;
        let hits =
            Timing::of(samples, 4, async |_| decrypt(&shop, fastrand::u64(..fresh - ORDERS + 1), ORDERS, true).await);
        let hits = hits.await?;
        let floor_hits = Timing::of(samples, 4, async |_| {
            let keys: Vec<_> = (0..ORDERS).map(|_| random()).collect();
            let found = floor.read(TABLE, &keys.iter().map(String::as_str).collect::<Vec<_>>()).await?;
            present(found > 0)
        });
        let floor_hits = floor_hits.await?;
        println!(
            "| {rows} | {} | {} | {} | {} | {} | {} | {} |",
            read.microseconds(1),
            floor_read.microseconds(1),
            write.microseconds(1),
            floor_write.microseconds(1),
            decrypted.microseconds(ORDERS),
            hits.rate(ORDERS),
            floor_hits.rate(ORDERS)
        );
    }
    println!("\n{}", filling.size());
    Ok(())
}

fn order(number: u64) -> (String, String) {
    (format!("{}", 880_000_000 + number), format!("oaid-of-order-{number}"))
}

/// Decrypts orders through the cache; all or none of them are in it.
async fn decrypt(shop: &CachedShop<Database>, first: u64, count: u64, is_cached: bool) -> Result<(), Box<dyn Error>> {
    let queries = (first..first + count).map(|number| {
        let (tid, oaid) = order(number);
        ReceiverQuery::builder().tid(tid).oaid(oaid).build()
    });
    for one in shop.decrypt(queries).await {
        one.result?;
        present(one.is_cached == is_cached)?;
    }
    Ok(())
}
