//! Downloads the recording of a phone call into a file and prints its digest. A recording exists some minutes after its
//! call: the example waits until then. Uses the emulator; with `--live` it uses Aliyun, with `ALIYUN_POOL_KEY` and the
//! access key of the environment.
//!
//! ```sh
//! cargo run --features emulator --example download_recording -- --out recording.wav
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout, clippy::print_stderr)]

#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../gateway/mod.rs"]
mod gateway;
mod options;
mod progress;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use command_line::{PartFile, Problem};
use options::Options;
use privacy_number::aliyun::DownloadError;
use privacy_number::china;
use progress::ProgressShown;
use tokio::io::AsyncWrite;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(download).await
}

async fn download(options: Options) -> Result<(), Box<dyn Error>> {
    let charged = "nothing; the call's recording was charged with the call";
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect(&options.live, charged).await?;
    let call_time = options.call_time.unwrap_or_else(|| (Utc::now() - TimeDelta::hours(1)).with_timezone(&china()));
    let file = options.out.as_deref().map(PartFile::create).transpose()?;
    let mut out: Box<dyn AsyncWrite + Send + Unpin> = match &file {
        Some(file) => Box::new(tokio::fs::File::from_std(file.writer()?)),
        None => Box::new(tokio::io::sink()),
    };
    let (wait, poll_every) = (Duration::from_secs(options.wait), Duration::from_secs(options.poll_every));

    let shown = ProgressShown::new();
    let download = client
        .download_recording(pool_key, options.call_id, call_time)
        .wait(wait)
        .poll_every(poll_every)
        .on_progress(shown.on_progress())
        .to(&mut out);
    let recording = shown.until_done(download, wait, poll_every).await;
    let recording = recording.map_err(|error| problem(error, shown.waited()))?;
    file.map_or(Ok(()), PartFile::replace)?;
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
