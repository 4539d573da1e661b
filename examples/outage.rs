//! Measures how many requests a gateway gets while it is down, with the retry budget and without. With the budget a
//! client sends at most 50 retries plus 20 % of its calls. The example fails if there are more. Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example outage -- --calls 10000
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use command_line::Problem;
use futures_util::{StreamExt, stream};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::{Limits, RetryPolicy, aliyun};

/// The retries that a client may send, as `RetryPolicy::budget` documents them.
const SAVED: u64 = 50;
const PERCENT: u32 = 20;
/// More retries than the calls can need.
const UNLIMITED: u32 = 1000;
/// Concurrent calls. With more, calls could pay into a full budget: it holds at most 50 retries.
const AT_ONCE: usize = 25;
/// The attempt timeout for the gateway that does not respond.
const TIMEOUT: Duration = Duration::from_millis(50);
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(compare).await
}

async fn compare(Options { calls }: Options) -> Result<(), Box<dyn Error>> {
    let most = calls + SAVED + calls * u64::from(PERCENT) / 100;
    let mut is_kept = true;
    println!("{:<20} {:<8} {:>8} {:>8} {:>8} {:>8}", "gateway", "budget", "calls", "sent", "arrived", "multiple");
    for (name, fault, timeout) in [
        ("refuses connections", Fault::connection_refused(FOREVER), FOREVER),
        ("answers 503", Fault::unavailable(), FOREVER),
        ("hangs", Fault::delay_before(FOREVER), TIMEOUT),
    ] {
        for (budget, percent) in [("20 %", PERCENT), ("none", UNLIMITED)] {
            let (sent, arrived) = offer(calls, fault.clone(), timeout, percent).await?;
            println!("{name:<20} {budget:<8} {calls:>8} {sent:>8} {arrived:>8} {:>8.3}", sent as f64 / calls as f64);
            is_kept &= percent != PERCENT || sent.max(arrived) <= most;
        }
    }
    println!("with the budget at most {most} may be sent");
    if is_kept {
        return Ok(());
    }
    Err(Problem::new(format_args!("more than {most} requests were sent"), "report it to the crate's authors").into())
}

/// Makes calls to a gateway that is down. Returns how many requests the client sent, and how many the gateway received:
/// it receives none if it refuses the connection.
async fn offer(calls: u64, outage: Fault, timeout: Duration, percent: u32) -> Result<(u64, u64), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    emulator.inject(outage);
    let policy = RetryPolicy::new().budget(percent).first_backoff(Duration::from_millis(10));
    let settings = emulator.settings().limits(Limits::none()).attempt_timeout(timeout).retry(policy);
    let client = emulator.aliyun_builder().settings(settings).build()?;
    let query = aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build();
    let calls = stream::iter(0..calls).map(|_| client.send(&query)).buffer_unordered(AT_ONCE);
    let attempts = calls.map(|result| result.err().map_or(1, |error| u64::from(error.attempts())));
    let sent = attempts.fold(0, async |sum, attempts| sum + attempts).await;
    // The ledger counts a request only after the client has closed the connection.
    let (mut before, mut arrived) = (u64::MAX, 0);
    while arrived != before {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (before, arrived) = (arrived, emulator.ledger().count("QuerySecretNoRemain"));
    }
    Ok((sent, arrived))
}

/// Measures how many requests a gateway gets while it is down, with the retry budget and without.
#[derive(clap::Parser)]
struct Options {
    /// Calls of each measurement.
    #[arg(long, default_value_t = 300, value_parser = command_line::at_least_one::<u64>)]
    calls: u64,
}
