//! Decrypts a stream of made-up orders with `decrypt_stream`, and measures its time and memory. The emulator runs in
//! another process, so that CPU and memory are those of the client alone.
//!
//! ```sh
//! cargo run --release --features emulator --example order_stream -- --orders 1000000
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod process;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use command_line::at_least_one;
use cpu_time::ProcessTime;
use futures_util::{StreamExt, stream};
use privacy_number::emulator::Emulator;
use privacy_number::top::{Client, ReceiverQuery};

use process::{ChildProcess, peak_megabytes};

/// Measures the time and memory that the decryption of a stream of orders takes.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    /// How many orders; every hundredth has a wrong oaid.
    #[arg(long, default_value_t = 20_000, value_parser = at_least_one::<u64>)]
    orders: u64,
    /// Concurrent calls.
    #[arg(long, default_value_t = 8, value_parser = at_least_one::<usize>)]
    concurrency: usize,
    /// Serve the emulator.
    #[arg(long, hide = true)]
    serve: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    if options.serve {
        let emulator = Emulator::builder().orders((0..options.orders).map(made_up_order)).start().await?;
        println!(
            "{}\t{}\t{}\t{}",
            emulator.top_endpoint(),
            emulator.app_key(),
            emulator.app_secret(),
            emulator.session()
        );
        std::io::stdout().flush()?;
        std::future::pending().await
    }
    let mut emulator = ChildProcess::start(&["--serve".to_owned(), "--orders".to_owned(), options.orders.to_string()])?;
    let greeting = emulator.line()?;
    let [endpoint, key, secret, session] = *greeting.split('\t').collect::<Vec<_>>() else {
        return Err("the emulator did not start".into());
    };
    let shop = Client::builder().app(key, secret).endpoint(endpoint).build()?.shop(session);

    let (started, cpu) = (Instant::now(), ProcessTime::now());
    let queries = stream::iter(0..options.orders)
        .map(made_up_order)
        .map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid).build());
    let mut decryption = shop.decrypt_stream(queries).concurrency(options.concurrency);
    let progress = decryption.progress();
    while decryption.next().await.is_some() {}
    let (cpu, seconds) = (cpu.elapsed(), started.elapsed().as_secs_f64());
    if cfg!(debug_assertions) {
        println!("This is a debug build: its times mean nothing. Use `--release`.\n");
    }
    println!("| orders | failed | calls | orders per second | CPU per order, µs | peak memory, MB |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    println!(
        "| {} | {} | {} | {:.0} | {:.2} | {} |",
        progress.done(),
        progress.failed(),
        progress.calls(),
        progress.done() as f64 / seconds,
        cpu.as_secs_f64() * 1e6 / progress.done() as f64,
        peak_megabytes().map_or_else(|| "not known".to_owned(), |peak| format!("{peak:.1}"))
    );
    Ok(())
}

fn made_up_order(index: u64) -> (String, String) {
    let wrong = if index % 100 == 99 { "wrong-" } else { "" };
    (format!("43{index:017}"), format!("{wrong}oaid-{index}"))
}
