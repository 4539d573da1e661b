//! A client that is kept within a limit of calls per second, in real time: how near it comes to the limit, and the
//! fullest second, by when its calls get their turn and by when they reach the gateway. It ends with a failure if the
//! client sends more than the limit in any second, or in a minute more than 1 % less.
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

/// Measures how near a client comes to its limit of calls per second.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    /// For how long.
    #[arg(long, default_value_t = 3, value_parser = at_least_one::<u32>)]
    seconds: u32,
    /// Calls per second.
    #[arg(long, default_value_t = 500, value_parser = at_least_one::<u32>)]
    limit: u32,
    /// How many want to call at once.
    #[arg(long, default_value_t = 64, value_parser = at_least_one::<u32>)]
    callers: u32,
}

/// So long a run tells whether the limit is used well.
const TELLING_SECONDS: u32 = 60;
const MOST_PERCENT_BELOW: f64 = 1.0;

tokio::task_local! {
    /// When the caller's latest attempt was signed, which is when it got its turn.
    static TURN: Cell<Instant>;
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { seconds, limit, callers } = options;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let emulator = {
        let arrivals = Arc::clone(&arrivals);
        let note = move |_: &_| arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        Emulator::builder().on_request(note).start().await?
    };
    let settings = emulator.settings().limits(Limits::none().of("QuerySecretNoRemain", limit)).clock(|| {
        let _ = TURN.try_with(|turn| turn.set(Instant::now()));
        Utc::now()
    });
    let client = emulator.aliyun_builder().settings(settings).build()?;

    let duration = Duration::from_secs(seconds.into());
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let client = client.clone();
        tasks.spawn(async move {
            let mut turns = Vec::new();
            // A second more than is counted, so that everybody calls to the end.
            while started.elapsed() < duration + Duration::from_secs(1) {
                turns.push(TURN.scope(Cell::new(started), turn(&client)).await?);
            }
            Ok::<_, privacy_number::Error>(turns)
        });
    }
    let mut turns = Vec::new();
    for result in tasks.join_all().await {
        turns.extend(result?);
    }
    turns.sort_unstable();
    let first = *turns.first().ok_or("nobody called")?;
    let calls = turns.iter().filter(|turn| turn.duration_since(first) < duration).count();
    let rate = f64::from(u32::try_from(calls)?) / f64::from(seconds);
    let percent_below = 100.0 - rate * 100.0 / f64::from(limit);
    println!("{calls} calls in {seconds} s: {rate:.1} a second, {percent_below:.2} % below the limit of {limit}");

    let fullest = fullest_second(&turns);
    println!("fullest second as the client sends: {fullest}");
    let mut arrivals = std::mem::take(&mut *arrivals.lock().unwrap_or_else(PoisonError::into_inner));
    arrivals.sort_unstable();
    println!("fullest second as the gateway sees it: {}", fullest_second(&arrivals));

    let what = if fullest > usize::try_from(limit)? {
        format!("{fullest} calls were sent in one second, more than the limit of {limit}")
    } else if seconds >= TELLING_SECONDS && percent_below > MOST_PERCENT_BELOW {
        format!("the limit of {limit} calls a second was not used: {percent_below:.2} % below it")
    } else {
        return Ok(());
    };
    Err(Problem::new(what, "run it in a release build on a machine that does nothing else").into())
}

/// Makes a call and gives when it got its turn.
async fn turn(client: &aliyun::Client) -> Result<Instant, privacy_number::Error> {
    let query = aliyun::QuerySecretNoRemain::builder().city("武汉").spec_id(aliyun::SpecId::VirtualOperator).build();
    client.send(&query).await?;
    Ok(TURN.with(Cell::get))
}

/// The most in any second, wherever it begins. The times are in order.
fn fullest_second(times: &[Instant]) -> usize {
    let within = |(index, first): (usize, &Instant)| {
        let later = times.get(index..).unwrap_or_default();
        later.partition_point(|time| time.duration_since(*first) < Duration::from_secs(1))
    };
    times.iter().enumerate().map(within).max().unwrap_or_default()
}
