//! Measures how much of its rate limit a client uses, and the most calls in any second: by the time at which the client
//! signs a call, and by the time at which the gateway receives it. The example fails if the client sends more than the
//! limit in any second, or if it uses less than 99 % of the limit in a minute.
//!
//! ```sh
//! cargo run --release --features emulator --example rate_limit -- --seconds 60
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod command_line;

use std::cell::Cell;
use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;
use clap::Parser;
use command_line::{Problem, at_least_one};
use privacy_number::emulator::Emulator;
use privacy_number::{Limits, aliyun};
use tokio::task::JoinSet;

/// Measures how much of its rate limit a client uses.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
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

/// Shorter runs are not judged: a busy machine delays single calls between their permit and their signature.
const CHECKED_SECONDS: u32 = 60;
const MOST_PERCENT_BELOW: f64 = 1.0;

tokio::task_local! {
    /// When the latest attempt of this task was signed. It is signed when it gets its permit.
    static SIGNED_AT: Cell<Instant>;
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { seconds, limit, concurrency } = options;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let emulator = {
        let arrivals = Arc::clone(&arrivals);
        let record = move |_: &_| arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        Emulator::builder().on_request(record).start().await?
    };
    let settings = emulator.settings().limits(Limits::none().of("QuerySecretNoRemain", limit)).clock(|| {
        let _ = SIGNED_AT.try_with(|time| time.set(Instant::now()));
        Utc::now()
    });
    let client = emulator.aliyun_builder().settings(settings).build()?;

    let duration = Duration::from_secs(seconds.into());
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        let client = client.clone();
        tasks.spawn(async move {
            let mut signed = Vec::new();
            // One second more than is counted, so that all tasks make calls until the end.
            while started.elapsed() < duration + Duration::from_secs(1) {
                signed.push(SIGNED_AT.scope(Cell::new(started), call(&client)).await?);
            }
            Ok::<_, privacy_number::Error>(signed)
        });
    }
    let mut signed = Vec::new();
    for result in tasks.join_all().await {
        signed.extend(result?);
    }
    signed.sort_unstable();
    let first = *signed.first().ok_or("there were no calls")?;
    let calls = signed.iter().filter(|time| time.duration_since(first) < duration).count();
    let rate = f64::from(u32::try_from(calls)?) / f64::from(seconds);
    let percent_below = 100.0 - rate * 100.0 / f64::from(limit);
    println!("{calls} calls in {seconds} s: {rate:.1} a second, {percent_below:.2} % below the limit of {limit}");

    let fullest = fullest_second(&signed);
    println!("fullest second as the client sends: {fullest}");
    let mut arrivals = std::mem::take(&mut *arrivals.lock().unwrap_or_else(PoisonError::into_inner));
    arrivals.sort_unstable();
    println!("fullest second as the gateway sees it: {}", fullest_second(&arrivals));

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

/// Makes a call and returns when it was signed.
async fn call(client: &aliyun::Client) -> Result<Instant, privacy_number::Error> {
    let query = aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build();
    client.send(&query).await?;
    Ok(SIGNED_AT.with(Cell::get))
}

/// The most of these sorted times in any interval of one second.
fn fullest_second(times: &[Instant]) -> usize {
    let within = |(index, first): (usize, &Instant)| {
        let later = times.get(index..).unwrap_or_default();
        later.partition_point(|time| time.duration_since(*first) < Duration::from_secs(1))
    };
    times.iter().enumerate().map(within).max().unwrap_or_default()
}
