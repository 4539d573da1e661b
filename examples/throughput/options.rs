//! The options of the command line.

use clap::ValueEnum;

use crate::command_line::at_least_one;

/// Compares the cost of a call with that of other HTTP clients.
#[derive(clap::Parser, Clone)]
pub(crate) struct Options {
    /// The operation.
    #[arg(long, value_enum, default_value = "bindaxb")]
    pub(crate) op: Op,
    /// Calls of each client in each round.
    #[arg(long, default_value_t = 200, value_parser = at_least_one::<u64>)]
    pub(crate) calls: u64,
    /// Concurrent calls.
    #[arg(long, default_value_t = 4, value_parser = at_least_one::<usize>)]
    pub(crate) concurrency: usize,
    /// Calls before each round that are not measured, at least two for each concurrent call.
    #[arg(long, default_value_t = 50)]
    pub(crate) warmup: u64,
    /// Rounds; every client runs once in each.
    #[arg(long, default_value_t = 3, value_parser = at_least_one::<usize>)]
    pub(crate) rounds: usize,
    /// The address of a server that was started with `--serve`.
    #[arg(long, conflicts_with = "self_contained")]
    pub(crate) endpoint: Option<String>,
    /// Start the server too, on another core than the clients if there are two. The default.
    #[arg(long)]
    pub(crate) self_contained: bool,
    /// Serve only: print the address of the server, and serve until stopped.
    #[arg(long)]
    pub(crate) serve: bool,
    /// Run one of the clients only.
    #[arg(long, hide = true)]
    pub(crate) client: Option<Client>,
    /// Run on this core only.
    #[arg(long)]
    pub(crate) core: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Op {
    /// A binding of 20 parameters.
    Bindaxb,
    /// A decryption of 20 orders.
    Decrypt20,
}

/// The clients. The floor sends nothing: it computes the digest of the text to sign, and parses the response.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Client {
    Hyper,
    Reqwest,
    ByHand,
    Crate,
    Floor,
}
