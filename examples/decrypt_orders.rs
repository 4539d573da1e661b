//! Decrypts a file of orders into a file of contacts. Each contact is written as soon as it is decrypted: after Ctrl-C
//! or a crash, the same command continues with the remaining orders. Orders that failed are decrypted again. Uses the
//! emulator; with `--live` it uses TOP, with `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION` of the environment.
//!
//! ```sh
//! cargo run --release --features emulator --example decrypt_orders -- --generate 100000 --out contacts.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod contacts;
mod gateway;
mod order_file;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use command_line::{Stop, at_least_one, what_to_do};
use contacts::{decrypt, without};
use privacy_number::top::ReceiverQuery;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(decrypt_file).await
}

async fn decrypt_file(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { live, out, concurrency, .. } = options;
    let orders = match options.generate {
        Some(count) => (0..count).map(made_up_order).collect(),
        None => order_file::read(&options.orders)?,
    };
    let (mut out, done) = contacts::open(out.as_deref(), live.name())?;
    let all = orders.len();
    let orders = without(orders, &done);
    if orders.len() < all {
        println!("{} orders skipped: their contacts are in the file", all - orders.len());
    }
    let top = gateway::Shop::connect_to_decrypt(&live, &orders).await?;

    let mut first_failure = None;
    let progress = decrypt(&top.shop, orders, concurrency, &mut Stop::listen()?, &mut out, |outcome| {
        if let Err((_, error)) = outcome {
            first_failure.get_or_insert(error);
        }
    })
    .await?;
    println!("{} orders, {} failed, {} calls", progress.done(), progress.failed(), progress.calls());
    if let Some(error) = first_failure {
        println!("the first that failed: {error}; what to do: {}", what_to_do(error.advice()));
    }
    Ok(())
}

fn made_up_order(index: u64) -> ReceiverQuery {
    let wrong = if index % 100 == 99 { "wrong-" } else { "" };
    ReceiverQuery::builder().tid(format!("43{index:017}")).oaid(format!("{wrong}oaid-{index}")).build()
}

/// Decrypts a file of orders into a file of contacts, and continues after an interrupted run.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// A CSV file with the columns `tid` (订单号) and `oaid`, in UTF-8, GBK or UTF-16.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"), required_if_eq("live", "true"))]
    orders: PathBuf,
    /// Make up this many orders instead; every hundredth has a wrong oaid.
    #[arg(long, value_parser = at_least_one::<u64>, conflicts_with_all = ["orders", "live"])]
    generate: Option<u64>,
    /// The file of contacts, which may have those of an earlier run. By default no file is written.
    #[arg(long, required_if_eq("live", "true"))]
    out: Option<PathBuf>,
    /// Concurrent calls.
    #[arg(long, default_value_t = 8, value_parser = at_least_one::<usize>)]
    concurrency: usize,
}
