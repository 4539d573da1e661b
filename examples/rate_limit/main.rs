//! Measures how much of its rate limit a client uses, and the most calls in any second: by the time at which the client
//! signs a call, and by the time at which the gateway receives it. The example fails if the client sends more than the
//! limit in any second, or if it uses less than 99 % of the limit in a minute. Uses the emulator only.
//!
//! ```sh
//! cargo run --release --features emulator --example rate_limit -- --seconds 60
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

#[path = "../command_line/mod.rs"]
mod command_line;
mod times;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use command_line::{Problem, at_least_one};
use privacy_number::emulator::Emulator;
use privacy_number::{Limits, aliyun};
use times::Times;

/// Shorter runs are not judged: a busy machine delays single calls between their permit and their signature.
const CHECKED_SECONDS: u32 = 60;
const MOST_PERCENT_BELOW: f64 = 1.0;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(measure).await
}

async fn measure(Options { seconds, limit, concurrency }: Options) -> Result<(), Box<dyn Error>> {
    let arrivals = Times::default();
    let emulator = Emulator::builder().on_request(arrivals.recorder()).start().await?;
    let limits = Limits::none().of("QuerySecretNoRemain", limit);
    let settings = emulator.settings().limits(limits).clock(times::clock);
    let client = emulator.aliyun_builder().settings(settings).build()?;

    let duration = Duration::from_secs(seconds.into());
    // One second more than is counted, so that all tasks make calls until the end.
    let end = Instant::now() + duration + Duration::from_secs(1);
    let query = aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build();
    let signed = times::of_calls(&client, &query, concurrency, end).await?;

    let calls = signed.within(duration);
    let rate = f64::from(u32::try_from(calls)?) / f64::from(seconds);
    let percent_below = 100.0 - rate * 100.0 / f64::from(limit);
    println!("{calls} calls in {seconds} s: {rate:.1} a second, {percent_below:.2} % below the limit of {limit}");
    let fullest = signed.fullest_second();
    println!("fullest second as the client sends: {fullest}");
    println!("fullest second as the gateway sees it: {}", arrivals.fullest_second());

    let what = if seconds < CHECKED_SECONDS {
        return Ok(());
    } else if fullest > usize::try_from(limit)? {
        format!("{fullest} calls were sent in one second, more than the limit of {limit}")
    } else if percent_below > MOST_PERCENT_BELOW {
        format!("the limit of {limit} calls a second was not used: {percent_below:.2} % below it")
    } else {
        return Ok(());
    };
    Err(Problem::new(what, "run it in a release build on a machine that does nothing else").into())
}

/// Measures how much of its rate limit a client uses.
#[derive(clap::Parser)]
struct Options {
    /// The duration of the measurement in seconds.
    #[arg(long, default_value_t = 3, value_parser = at_least_one::<u32>)]
    seconds: u32,
    /// The limit in calls per second.
    #[arg(long, default_value_t = 500, value_parser = at_least_one::<u32>)]
    limit: u32,
    /// Concurrent calls.
    #[arg(long, alias = "callers", default_value_t = 64, value_parser = at_least_one::<u32>)]
    concurrency: u32,
}
