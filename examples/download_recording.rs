//! Downloads the recording of a phone call into a file and prints its digest. A recording exists some minutes after its
//! call: the example waits until then. Uses the emulator; with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the
//! access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example download_recording -- --out recording.wav
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout, clippy::print_stderr)]

mod command_line;
mod gateway;

use std::error::Error;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use clap::Parser;
use command_line::{Problem, private_file, unfinished};
use indicatif::ProgressBar;
use privacy_number::aliyun::DownloadError;
use privacy_number::china;
use tokio::io::AsyncWrite;

/// Downloads the recording of a call.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The id of the call, from its receipt.
    #[arg(long, default_value = "call-1", required_if_eq("live", "true"))]
    call_id: String,
    /// The time of the call, from its receipt, in China time: `2026-01-06 10:00:00`. By default an hour ago.
    #[arg(long, required_if_eq("live", "true"), value_parser = china_time)]
    call_time: Option<DateTime<FixedOffset>>,
    /// The file for the recording. By default no file is written.
    #[arg(long, required_if_eq("live", "true"))]
    out: Option<PathBuf>,
    /// How many seconds to wait until the recording exists.
    #[arg(long, default_value_t = 1200)]
    wait: u64,
    /// The seconds between two queries whether it exists.
    #[arg(long, default_value_t = 15, value_parser = command_line::at_least_one::<u64>)]
    poll_every: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, pool_key, .. } =
        &gateway::Pool::connect(&options.live, "nothing; the call's recording was charged with the call").await?;
    let call_time = options.call_time.unwrap_or_else(|| (Utc::now() - TimeDelta::hours(1)).with_timezone(&china()));
    // Renamed when it is complete: an incomplete recording never replaces a complete one.
    let paths = options.out.map(|path| (unfinished(&path), path));
    let mut out: Box<dyn AsyncWrite + Send + Unpin> = match &paths {
        Some((part, _)) => {
            let file = private_file(part).map_err(|error| Problem::of_file(part, &error))?;
            Box::new(tokio::fs::File::from_std(file))
        }
        None => Box::new(tokio::io::sink()),
    };
    let bar = ProgressBar::new(0);
    let shown = bar.clone();
    let (wait, poll_every) = (Duration::from_secs(options.wait), Duration::from_secs(options.poll_every));
    let download = client
        .download_recording(pool_key, options.call_id, call_time)
        .wait(wait)
        .poll_every(poll_every)
        .on_progress(move |progress| {
            shown.set_length(progress.total.unwrap_or(progress.bytes));
            shown.set_position(progress.bytes);
        })
        .to(&mut out);
    let (mut download, started, mut tell_after) = (pin!(download), Instant::now(), Duration::from_secs(1));
    let recording = loop {
        tokio::select! {
            recording = &mut download => break recording.map_err(|error| problem(error, started.elapsed()))?,
            () = tokio::time::sleep(tell_after) => {
                if bar.position() == 0 {
                    let waited = started.elapsed().as_secs();
                    bar.suspend(|| eprintln!("no recording yet: waited {waited} s, at most {} s", wait.as_secs()));
                }
                tell_after = poll_every;
            }
        }
    };
    bar.finish_and_clear();
    if let Some((part, path)) = &paths {
        std::fs::rename(part, path).map_err(|error| Problem::of_file(path, &error))?;
    }
    println!("{} bytes, SHA-256 {}", recording.bytes, recording.sha256);
    Ok(())
}

/// If there is no recording, the gateway refuses the query for its link with this code, whatever the reason is.
fn problem(error: DownloadError, waited: Duration) -> Box<dyn Error> {
    match &error {
        DownloadError::Call(refusal) if refusal.code() == Some("isv.FORBIDDEN_ACTION") => Problem::new(
            format_args!("no recording after {} s: {error}", waited.as_secs()),
            "check id and time of the call and whether recording was on, or wait longer with --wait",
        )
        .into(),
        _ => error.into(),
    }
}

fn china_time(text: &str) -> Result<DateTime<FixedOffset>, String> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    let time = time.map_err(|_| "must be written like 2026-01-06 10:00:00")?;
    time.and_local_timezone(china()).single().ok_or_else(|| "is no time".to_owned())
}
