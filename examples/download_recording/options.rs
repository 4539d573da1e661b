//! The options of the command line.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use privacy_number::china;

use crate::command_line::at_least_one;
use crate::gateway::Live;

/// Downloads the recording of a call.
#[derive(clap::Parser)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) live: Live,
    /// The id of the call, from its receipt.
    #[arg(long, default_value = "call-1", required_if_eq("live", "true"))]
    pub(crate) call_id: String,
    /// The time of the call, from its receipt, in China time: `2026-01-06 10:00:00`. By default an hour ago.
    #[arg(long, required_if_eq("live", "true"), value_parser = china_time)]
    pub(crate) call_time: Option<DateTime<FixedOffset>>,
    /// The file for the recording. By default no file is written.
    #[arg(long, required_if_eq("live", "true"))]
    pub(crate) out: Option<PathBuf>,
    /// How many seconds to wait until the recording exists.
    #[arg(long, default_value_t = 1200)]
    pub(crate) wait: u64,
    /// The seconds between two queries whether it exists.
    #[arg(long, default_value_t = 15, value_parser = at_least_one::<u64>)]
    pub(crate) poll_every: u64,
}

fn china_time(text: &str) -> Result<DateTime<FixedOffset>, String> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    let time = time.map_err(|_| "must be written like 2026-01-06 10:00:00")?;
    time.and_local_timezone(china()).single().ok_or_else(|| "is no time".to_owned())
}
