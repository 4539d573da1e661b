//! A call's recording, downloaded whole into a file, with its digest. Against the emulator; with `ALIYUN_POOL_KEY` and an access key in the environment,
//! against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example download_recording -- --out recording.wav
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod gateway;

use std::path::PathBuf;

use chrono::{TimeDelta, Utc};
use clap::Parser;
use indicatif::ProgressBar;

#[derive(Parser)]
struct Options {
    /// The call's id, from its receipt.
    #[arg(long, default_value = "call-1")]
    call_id: String,
    /// Where the recording goes; a temporary file by default.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect().await?;
    let call_time = Utc::now() - TimeDelta::hours(1);

    let path = options.out.unwrap_or_else(|| std::env::temp_dir().join("privacy-number-recording.wav"));
    let mut file = tokio::fs::File::create(&path).await?;
    let bar = ProgressBar::new(0);
    let watched = bar.clone();
    let recording = client
        .download_recording(pool_key, options.call_id, call_time)
        .on_progress(move |progress| {
            watched.set_length(progress.total.unwrap_or(progress.bytes));
            watched.set_position(progress.bytes);
        })
        .to(&mut file)
        .await?;
    bar.finish_and_clear();
    println!("{} bytes, SHA-256 {}", recording.bytes, recording.sha256);
    Ok(())
}
