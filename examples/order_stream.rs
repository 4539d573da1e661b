//! Decrypts a stream of made-up orders with `decrypt_stream`, and measures its time and memory. The emulator runs in
//! another process, so that CPU and memory are those of the client alone.
//!
//! ```sh
//! cargo run --release --features emulator --example order_stream -- --orders 1000000
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;
mod emulator_keys;
mod process;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use command_line::at_least_one;
use cpu_time::ProcessTime;
use emulator_keys::EmulatorKeys;
use futures_util::{StreamExt, stream};
use privacy_number::emulator::Emulator;
use privacy_number::top::ReceiverQuery;
use process::{ChildProcess, peak_megabytes};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(measure).await
}

async fn measure(options: Options) -> Result<(), Box<dyn Error>> {
    if options.serve {
        let emulator = Emulator::builder().orders((0..options.orders).map(made_up_order)).start().await?;
        println!("{}", serde_json::to_string(&EmulatorKeys::of(&emulator))?);
        std::future::pending().await
    }
    let mut emulator = ChildProcess::start(["--serve", "--orders", &options.orders.to_string()])?;
    let keys: EmulatorKeys = serde_json::from_str(&emulator.line()?)?;
    let shop = keys.top().build()?.shop(keys.session);

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
    let (done, failed, calls) = (progress.done(), progress.failed(), progress.calls());
    let (rate, microseconds) = (done as f64 / seconds, cpu.as_secs_f64() * 1e6 / done as f64);
    let peak = peak_megabytes().map_or_else(|| "not known".to_owned(), |peak| format!("{peak:.1}"));
    println!("| {done} | {failed} | {calls} | {rate:.0} | {microseconds:.2} | {peak} |");
    Ok(())
}

fn made_up_order(index: u64) -> (String, String) {
    let wrong = if index % 100 == 99 { "wrong-" } else { "" };
    (format!("43{index:017}"), format!("{wrong}oaid-{index}"))
}

/// Measures the time and memory that the decryption of a stream of orders takes.
#[derive(clap::Parser)]
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
