//! How much load a gateway that is down gets: the calls offered, and the requests sent for them, with the retry budget
//! and without. A client sends at most 50 repeats and 20 % of its calls; it ends with a failure if there are more.
//!
//! ```sh
//! cargo run --features emulator --example outage -- --calls 10000
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use command_line::{Problem, at_least_one};
use futures_util::{StreamExt, stream};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Limits, RetryPolicy, aliyun};

/// Measures what a gateway that is down gets, with the retry budget and without.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    /// How many calls are offered each time.
    #[arg(long, default_value_t = 300, value_parser = at_least_one::<u64>)]
    calls: u64,
}

/// What a client may send beyond its calls, as `RetryPolicy::budget` documents it.
const SAVED: u64 = 50;
const PERCENT: u32 = 20;
/// More than the attempts of a call can use.
const UNLIMITED_PERCENT: u32 = 1000;
/// So few calls at once that none pays in vain: more than 50 repeats are never saved up.
const AT_ONCE: usize = 25;
/// A gateway that hangs is given up after this time, one that answers is not.
const PATIENCE: Duration = Duration::from_millis(50);
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let most = options.calls + SAVED + options.calls * u64::from(PERCENT) / 100;
    let mut is_kept = true;
    println!("{:<20} {:<8} {:>8} {:>8} {:>8} {:>8}", "gateway", "budget", "calls", "sent", "arrived", "multiple");
    for (name, fault, patience) in [
        ("refuses connections", Fault::connection_refused(FOREVER), FOREVER),
        ("answers 503", Fault::unavailable(), FOREVER),
        ("hangs", Fault::delay_before(FOREVER), PATIENCE),
    ] {
        for (budget, percent) in [("20 %", PERCENT), ("none", UNLIMITED_PERCENT)] {
            let (sent, arrived) = offer(options.calls, fault.clone(), patience, percent).await?;
            let multiple = f64::from(u32::try_from(sent)?) / f64::from(u32::try_from(options.calls)?);
            println!("{name:<20} {budget:<8} {:>8} {sent:>8} {arrived:>8} {multiple:>8.3}", options.calls);
            is_kept &= percent != PERCENT || sent.max(arrived) <= most;
        }
    }
    println!("with the budget at most {most} may be sent");
    if is_kept {
        return Ok(());
    }
    Err(Problem::new(format_args!("more than {most} requests were sent"), "report it to the crate's authors").into())
}

/// Offers calls to a gateway that is down; gives how many requests the client sent, and how many the gateway saw. It
/// sees none of those whose connection it refuses.
async fn offer(calls: u64, outage: Fault, patience: Duration, percent: u32) -> Result<(u64, u64), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    emulator.inject(outage);
    let policy = RetryPolicy::new().budget(percent).first_backoff(Duration::from_millis(10));
    let settings = emulator.settings().limits(Limits::none()).attempt_timeout(patience).retry(policy);
    let client = emulator.aliyun_builder().settings(settings).build()?;
    let query = aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build();
    let calls = stream::iter(0..calls).map(|_| client.send(&query)).buffer_unordered(AT_ONCE);
    let attempts = calls.map(|result| result.err().map_or(1, |error| u64::from(error.attempts())));
    let sent = attempts.fold(0, async |sum, attempts| sum + attempts).await;
    // The gateway writes a request down when its sender has hung up.
    let mut arrived = 0;
    loop {
        let now = emulator.ledger().count("QuerySecretNoRemain");
        if now == arrived {
            return Ok((sent, arrived));
        }
        arrived = now;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
