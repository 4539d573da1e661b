//! The options of the command line.

use std::time::Duration;

use crate::command_line::at_least_one;

/// Makes many calls, some of them with faults, and accounts for every one.
#[derive(clap::Parser, Clone)]
pub(crate) struct Options {
    /// How many calls.
    #[arg(long, default_value_t = 3000, value_parser = at_least_one::<u64>)]
    pub(crate) calls: u64,
    /// How many calls come before these, until memory use is stable.
    #[arg(long, default_value_t = 0)]
    pub(crate) warm_up: u64,
    /// Concurrent calls.
    #[arg(long, default_value_t = 32, value_parser = at_least_one::<u32>)]
    pub(crate) concurrency: u32,
    /// The percentage of requests with a fault. Above about 15 the retry budget is used up, and calls end after fewer
    /// attempts than this program accounts for.
    #[arg(long, default_value_t = 1.0, value_parser = percent)]
    pub(crate) fault_percent: f64,
    /// The seed that selects the requests with a fault.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The attempt timeout in seconds. Faults that delay a response delay it longer.
    #[arg(long, default_value_t = 2, value_parser = at_least_one::<u32>)]
    pub(crate) patience: u32,
    /// Start no more calls after this many results.
    #[arg(long, value_parser = at_least_one::<u64>)]
    pub(crate) stop_after: Option<u64>,
    /// Serve the gateways only.
    #[arg(long, hide = true)]
    pub(crate) serve: bool,
}

impl Options {
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.parse().map_err(|error| format!("{error}"))?;
    if (0.0..=100.0).contains(&percent) { Ok(percent) } else { Err("must be from 0 to 100".to_owned()) }
}
