//! Binds, renews and removes many bindings through the binding ledger, in processes that are killed with SIGKILL at
//! random moments and at chosen writes, also between the gateway's response and the write of it. Afterwards the gateway
//! and the ledger must agree key by key: nothing is bound twice, nothing is forgotten. Uses the emulator only.
//!
//! ```sh
//! cargo run --all-features --example crash_test -- --keys 10000 --kills 200 --children 3
//! cargo run --all-features --example crash_test -- --backend mysql --url mysql://root@127.0.0.1/test
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod check;
mod child;
#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../database/mod.rs"]
mod database;
#[path = "../emulator_keys/mod.rs"]
mod emulator_keys;
mod options;
mod orders;
mod stopping_store;
mod supervisor;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use command_line::Problem;
use emulator_keys::EmulatorKeys;
use options::Options;
use orders::Orders;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::store::{EncryptionKey, LookupKey};
use supervisor::{Kills, Supervisor};

fn main() -> ExitCode {
    // A child stops as a whole when one of its writes stops it.
    let mut runtime = match std::env::args().nth(1).as_deref() {
        Some("--child") => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(command_line::run(run)),
        Err(error) => {
            command_line::tell(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    match options.child {
        Some(index) => child::run(index).await,
        None => kill_and_compare(options).await,
    }
}

async fn kill_and_compare(options: Options) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("crash_test-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let numbers = Orders::numbers(options.keys);
    let emulator =
        Emulator::builder().pool(orders::POOL, numbers.iter().map(|number| ("北京", number))).start().await?;
    if options.fault_percent > 0.0 {
        let probability = options.fault_percent / 100.0;
        emulator.inject(Fault::reset_after_execution().probability(probability, options.seed));
        emulator.inject(Fault::reset_before_execution().probability(probability, options.seed + 1));
    }
    let mut emulator_keys = EmulatorKeys::of(&emulator);
    orders::POOL.clone_into(&mut emulator_keys.pool_key);
    let orders = Arc::new(Orders {
        emulator: emulator_keys,
        keys: options.keys,
        children: options.children,
        backend: options.backend,
        url: options.url.clone().unwrap_or_else(|| folder.join("ledger.db").display().to_string()),
        prefix: format!("crash_{}_", std::process::id()),
        folder: folder.clone(),
        encryption_key: EncryptionKey::generate()?.to_base64().expose().to_owned(),
        lookup_key: LookupKey::generate()?.to_base64().expose().to_owned(),
        started: chrono::Utc::now().timestamp(),
    });
    // So that the children do not make the tables at the same time.
    if let Err(error) = orders.ledger().await {
        std::fs::remove_dir_all(&folder)?;
        return Err(error);
    }
    println!(
        "{} keys, {} kills, {} children, {:?}, {} % lost requests and as many lost responses, seed {}",
        options.keys, options.kills, options.children, options.backend, options.fault_percent, options.seed
    );

    let began = Instant::now();
    let kills = Arc::new(Kills::new(&options));
    let children: Vec<_> = (0..options.children)
        .map(|index| {
            let supervisor = Supervisor::new(index, &options, Arc::clone(&orders), Arc::clone(&kills));
            tokio::task::spawn_blocking(move || supervisor.run().map_err(|error| error.to_string()))
        })
        .collect();
    for child in children {
        child.await?.map_err(|error| Problem::new(error, "run it again with the same seed, and report it"))?;
    }
    println!("{kills} in {:.0} s", began.elapsed().as_secs_f64());
    emulator.clear_faults();
    let findings = check::compare(&emulator, &orders).await?;
    if findings.is_empty() {
        std::fs::remove_dir_all(&folder)?;
        println!("the gateway and the ledger agree");
        return Ok(());
    }
    for finding in findings.iter().take(20) {
        println!("- {finding}");
    }
    let what = format!("{} differences; the files are in {}", findings.len(), folder.display());
    Err(Problem::new(what, "report it, with the seed").into())
}
