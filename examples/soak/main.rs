//! Makes many concurrent calls to both gateways, injects faults, and accounts for every call: compares the results with
//! what the gateways executed, and checks memory, tasks and sockets. The gateways run in another process, so that
//! memory and sockets are those of the client alone. The example fails if anything is not accounted for.
//!
//! ```sh
//! cargo run --release --features emulator --example soak -- \
//!     --calls 1000000 --warm-up 500000 --concurrency 256 --fault-percent 1 --patience 5
//! ```
//!
//! Ctrl-C, SIGTERM and `--stop-after N` end it early: it starts no more calls and finishes those in flight.
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod account;
#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../emulator_keys/mod.rs"]
mod emulator_keys;
mod faults;
mod footprint;
mod gateways;
mod load;
mod mix;
mod options;
#[path = "../process/mod.rs"]
mod process;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use command_line::{Problem, Stop};
use footprint::Footprint;
use gateways::Gateways;
use options::Options;

/// How long tasks and sockets may take to end after the last client is dropped.
const END_TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(soak).await
}

async fn soak(options: Options) -> Result<(), Box<dyn Error>> {
    if options.serve {
        return gateways::serve(&options).await;
    }
    let gateways = Gateways::start(&options)?;
    let mut stop = Stop::listen()?;
    let before = Footprint::now();
    let Options { calls, warm_up, concurrency, fault_percent, seed, .. } = &options;
    println!("{calls} calls after {warm_up} to warm up, {concurrency} at once, {fault_percent} % faults, seed {seed}");

    let started = Instant::now();
    let run = load::run(&options, &gateways, &mut stop).await?;
    let seconds = started.elapsed().as_secs_f64();
    let after = Footprint::settled(&before, END_TIMEOUT).await;
    println!("\n{} calls in {seconds:.1} s, {:.0} a second", run.delivered, rate(run.delivered, seconds));

    let mut findings = run.findings();
    findings.extend(run.account.settle(&gateways.settled().await?));
    findings.extend(run.memory.finding(run.delivered));
    println!("\nbefore the first client: {before}\nafter the last client:   {after}");
    findings.extend(after.more_than(&before));
    for finding in &findings {
        println!("NOT ACCOUNTED FOR: {finding}");
    }
    if findings.is_empty() {
        println!("all is accounted for");
        return Ok(());
    }
    let what = format!("{} findings are not accounted for", findings.len());
    Err(Problem::new(what, format_args!("run it again with --seed {seed}, and report them to the crate's authors"))
        .into())
}

#[allow(clippy::cast_precision_loss)] // a rate needs no more digits
fn rate(calls: u64, seconds: f64) -> f64 {
    calls as f64 / seconds
}
