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
mod faults;
mod footprint;
mod gateways;
mod load;
mod mix;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use command_line::{Problem, Stop, at_least_one};
use footprint::Footprint;
use gateways::Gateways;

/// Makes many calls, some of them with faults, and accounts for every one.
#[derive(Parser, Clone)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
pub(crate) struct Options {
    /// How many calls.
    #[arg(long, default_value_t = 3000, value_parser = at_least_one::<u64>)]
    calls: u64,
    /// How many calls come before these, until memory use is stable.
    #[arg(long, default_value_t = 0)]
    warm_up: u64,
    /// Concurrent calls.
    #[arg(long, default_value_t = 32, value_parser = at_least_one::<u32>)]
    concurrency: u32,
    /// The percentage of requests with a fault. Above about 15 the retry budget is used up, and calls end after fewer
    /// attempts than this program accounts for.
    #[arg(long, default_value_t = 1.0, value_parser = percent)]
    fault_percent: f64,
    /// The seed that selects the requests with a fault.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The attempt timeout in seconds. Faults that delay a response delay it longer.
    #[arg(long, default_value_t = 2, value_parser = at_least_one::<u32>)]
    patience: u32,
    /// Start no more calls after this many results.
    #[arg(long, value_parser = at_least_one::<u64>)]
    stop_after: Option<u64>,
    /// Serve the gateways only.
    #[arg(long, hide = true)]
    serve: bool,
}

impl Options {
    fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }
}

/// How long tasks and sockets may take to end after the last client is dropped.
const END_TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
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

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.parse().map_err(|error| format!("{error}"))?;
    if (0.0..=100.0).contains(&percent) { Ok(percent) } else { Err("must be from 0 to 100".to_owned()) }
}
