//! The options of the command line.

use crate::command_line::at_least_one;
use crate::database::Backend;

/// Kills processes that bind numbers, and compares what the gateway and the ledger have afterwards. Emulator only.
#[derive(clap::Parser, Clone)]
pub(crate) struct Options {
    /// How many keys.
    #[arg(long, default_value_t = 300, value_parser = at_least_one::<u64>)]
    pub(crate) keys: u64,
    /// How often a child is killed.
    #[arg(long, default_value_t = 10)]
    pub(crate) kills: u64,
    /// How many children work at once.
    #[arg(long, default_value_t = 2, value_parser = at_least_one::<u64>)]
    pub(crate) children: u64,
    /// The database of the ledger.
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    pub(crate) backend: Backend,
    /// The URL of the database; not needed for SQLite.
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// The percentage of requests whose response is lost, and of requests that are lost.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) fault_percent: f64,
    /// The seed of the moments at which children are killed.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Work as this child. The program starts itself with it.
    #[arg(long, hide = true)]
    pub(crate) child: Option<u64>,
}
