//! Measures what the store costs, beside plain SQLx statements of the same shape on tables of the same columns in the same
//! database: reads, writes, cache hits and binds, at 1,000 rows and ten times as many until `--rows`. Emulator only.
//!
//! ```sh
//! cargo run --release --all-features --example store_load -- --rows 1000000 --bindings 1000000
//! cargo run --release --all-features --example store_load -- --backend mysql --url mysql://root@127.0.0.1/test
//! ```
//!
//! The tables of a server have names of their own for each run, and are dropped at its end.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::print_stdout)]

mod bindings;
#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../database/mod.rs"]
mod database;
#[path = "../emulator_keys/mod.rs"]
mod emulator_keys;
mod filling;
mod floor;
mod receivers;
mod timing;

use std::error::Error;
use std::process::ExitCode;

use command_line::{Problem, at_least_one};
use database::{Backend, Database};
use floor::Floor;
use privacy_number::store::{EncryptedStore, EncryptionKey, EncryptionKeys, LookupKey};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(measure).await
}

async fn measure(options: Options) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("store_load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let url = match (&options.url, options.backend) {
        (Some(url), _) => url.clone(),
        (None, Backend::Sqlite) => folder.join("store.db").display().to_string(),
        (None, _) => return Err(Problem::new("this database needs a URL", "add --url URL").into()),
    };
    let prefix = format!("load_{}_", std::process::id());
    let database = Database::open(options.backend, &url, &prefix).await?;
    let floor = Floor::new(&database, &prefix);
    let measured = measure_in(&options, &database, &floor).await;
    floor.drop_tables().await?;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure_in(options: &Options, database: &Database, floor: &Floor) -> Result<(), Box<dyn Error>> {
    let keys = EncryptionKeys::new(EncryptionKey::generate()?, LookupKey::generate()?);
    let store = EncryptedStore::open(database.clone(), keys).await?;
    println!("{:?}, {} samples for each figure", options.backend, options.samples);
    receivers::measure(options, &store, floor).await?;
    bindings::measure(options, &store, floor).await
}

/// Measures what the store costs, beside plain statements on tables of the same columns. Emulator only.
#[derive(clap::Parser)]
struct Options {
    /// How many receivers the store has at the end.
    #[arg(long, default_value_t = 2_000, value_parser = at_least_one::<u64>)]
    rows: u64,
    /// How many bindings the ledger has at the end.
    #[arg(long, default_value_t = 1_000, value_parser = at_least_one::<u64>)]
    bindings: u64,
    /// How many times each thing is done for a figure.
    #[arg(long, default_value_t = 100, value_parser = at_least_one::<u64>)]
    samples: u64,
    /// The database.
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    backend: Backend,
    /// The URL of the database; for SQLite a file, a temporary one if it is not given.
    #[arg(long)]
    url: Option<String>,
}

/// 1,000 and ten times as many until `rows`, and `rows`.
fn steps(rows: u64) -> Vec<u64> {
    let mut steps: Vec<u64> =
        std::iter::successors(Some(1_000_u64), |step| step.checked_mul(10)).take_while(|step| *step < rows).collect();
    steps.push(rows);
    steps
}
