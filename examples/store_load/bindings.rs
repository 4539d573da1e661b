//! The rows of the binding ledger.

use std::error::Error;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::BindAxb;
use privacy_number::binding_ledger::{BindingLedger, LedgerSettings};
use privacy_number::emulator::Emulator;
use privacy_number::store::{EncryptedStore, Table};

use crate::database::Database;
use crate::filling::{Filling, key};
use crate::floor::{Floor, PlainRow};
use crate::timing::Timing;
use crate::{Options, steps};

const POOL: &str = "FC-store-load";

/// Bindings of an X.
const OF_NUMBER: u64 = 50;

const CONCURRENT: usize = 8;

pub(crate) async fn measure(
    options: &Options,
    store: &EncryptedStore<Database>,
    floor: &Floor,
) -> Result<(), Box<dyn Error>> {
    let steps = steps(options.bindings);
    // Room for what is bound for a figure.
    let spare = options.samples * 2 * (1 + steps.len() as u64) / OF_NUMBER + 1;
    let numbers = |bindings: u64| (0..bindings / OF_NUMBER + spare).map(number);
    let emulator = Emulator::builder().pool(POOL, numbers(options.bindings).map(|number| ("北京", number)));
    let emulator = emulator.start().await?;
    let client = emulator.aliyun()?;
    let ledger_of = |bindings: u64| {
        BindingLedger::new(client.clone(), store.clone(), LedgerSettings::new().pool(POOL, numbers(bindings)))
    };
    let first = ledger_of(0).bind("first", &bind(u64::MAX >> 34, None)).await?;
    let mut filling = Filling::new(store, floor, Table::Bindings).await?;
    let group = filling.template.group.clone();
    let mut ids = Filling::new(store, floor, Table::Numbers).await?;

    println!(
        "\nBinds: microseconds for one (median of calls one at a time), and how many 8 callers make in a second.\n"
    );
    println!("| bindings | ledger | no ledger | floor | ledger, a second | no ledger, a second |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut bound = 0;
    for bindings in steps {
        let key_and_group = |index: u64| {
            (format!("filled-{index}"), group.replace(first.secret_no.expose(), &number(index / OF_NUMBER)))
        };
        filling.until(bindings, key_and_group).await?;
        ids.until(bindings, key_and_group).await?;
        let ledger = ledger_of(bindings);
        let mut ledgers = Vec::new();
        for (samples, concurrent) in [(options.samples, 1), (options.samples, CONCURRENT)] {
            let first = bound;
            let timing = Timing::of(samples, concurrent, async |index| {
                ledger.bind(&format!("order-{}", first + index), &bind(first + index, None)).await?;
                Ok(())
            });
            ledgers.push(timing.await?);
            bound += samples;
        }
        let mut without = Vec::new();
        for (samples, concurrent) in [(options.samples, 1), (options.samples, CONCURRENT)] {
            let first = bound;
            let timing = Timing::of(samples, concurrent, async |index| {
                client.send(&bind(first + index, Some(number(bindings / OF_NUMBER)))).await?;
                Ok(())
            });
            without.push(timing.await?);
            bound += samples;
        }
        let first = bound;
        let floor = Timing::of(options.samples, 1, async |index| {
            let row = PlainRow::new(&filling.template, format!("order-{}", first + index), key(first + index));
            Ok(floor.bind(&row).await?)
        });
        println!(
            "| {bindings} | {} | {} | {} | {} | {} |",
            ledgers[0].microseconds(1),
            without[0].microseconds(1),
            floor.await?.microseconds(1),
            ledgers[1].rate(1),
            without[1].rate(1)
        );
    }
    println!("\n{}", filling.size());
    Ok(())
}

fn number(index: u64) -> String {
    format!("170{index:08}")
}

fn bind(index: u64, number_x: Option<String>) -> BindAxb {
    let bind = BindAxb::builder().pool_key(POOL).phone_no_a(format!("150{:08}", index % 100_000_000).as_str());
    let bind = bind.phone_no_b(format!("151{:08}", index % 100_000_000).as_str());
    let bind = bind.maybe_phone_no_x(number_x.as_deref());
    bind.expiration(Utc::now() + TimeDelta::days(7)).build()
}
