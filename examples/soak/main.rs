//! Many calls at once to both gateways, some of which go wrong, until every one is accounted for: by what its caller
//! was told, by what the gateways did, by memory, tasks and sockets. The gateways run in a process of their own, so
//! that memory and sockets are the client's alone. It ends with a failure if anything is left over.
//!
//! ```sh
//! cargo run --release --features emulator --example soak -- \
//!     --calls 1000000 --warm-up 500000 --concurrency 256 --fault-percent 1 --patience 5
//! ```
//!
//! Ctrl-C, SIGTERM and `--stop-after N` end it early: no call is started any more, and those under way are finished.
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

/// Makes many calls, some of which go wrong, and accounts for every one.
#[derive(Parser, Clone)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
pub(crate) struct Options {
    /// How many calls.
    #[arg(long, default_value_t = 3000, value_parser = at_least_one::<u64>)]
    calls: u64,
    /// How many calls come before these, until memory has settled.
    #[arg(long, default_value_t = 0)]
    warm_up: u64,
    /// Calls at once.
    #[arg(long, default_value_t = 32, value_parser = at_least_one::<u32>)]
    concurrency: u32,
    /// How many percent of the requests meet a fault. With more than some 15 the retry budget is used up, and calls end
    /// sooner than this program accounts for.
    #[arg(long, default_value_t = 1.0, value_parser = percent)]
    fault_percent: f64,
    /// What decides which requests meet which fault.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seconds the clients wait for an answer; faults that take time take longer.
    #[arg(long, default_value_t = 2, value_parser = at_least_one::<u32>)]
    patience: u32,
    /// Start no more calls when so many have ended.
    #[arg(long, value_parser = at_least_one::<u64>)]
    stop_after: Option<u64>,
    /// Be the gateways.
    #[arg(long, hide = true)]
    serve: bool,
}

impl Options {
    fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }
}

/// How long tasks and sockets may take to go when the last client is dropped.
const LAST_GOODBYE: Duration = Duration::from_secs(10);

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
    let after = Footprint::settled(&before, LAST_GOODBYE).await;
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
