//! Compares the cost of a call with that of other clients: this crate, a client written by hand for the same two calls,
//! bare `reqwest` and bare `hyper`. They send the same request to the same server, one after the other, each in its own
//! process.
//!
//! ```sh
//! cargo run --release --example throughput -- --op bindaxb --calls 5000 --concurrency 64 --warmup 1000 --rounds 10
//! ```
//!
//! The rate limit of this crate is on, but so high that no call waits. By default the limit of `BindAxb` is the
//! documented one, 5000 calls per second.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::print_stdout, clippy::indexing_slicing)]

mod clients;
#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../../benches/data/mod.rs"]
mod data;
#[path = "../process/mod.rs"]
mod process;
mod report;
mod rounds;
mod server;
mod worker;

use std::error::Error;
use std::process::ExitCode;

use clap::ValueEnum;
use command_line::{Problem, at_least_one};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Op {
    /// A binding of 20 parameters.
    Bindaxb,
    /// A decryption of 20 orders.
    Decrypt20,
}

/// The clients. The floor sends nothing: it computes the digest of the text to sign, and parses the response.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Client {
    Hyper,
    Reqwest,
    ByHand,
    Crate,
    Floor,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    command_line::run(compare).await
}

async fn compare(options: Options) -> Result<(), Box<dyn Error>> {
    if let Some(id) = options.core
        && !core_affinity::set_for_current(core_affinity::CoreId { id })
    {
        let what = format!("core {id} is not there, or the system lets no program choose one");
        return Err(Problem::new(what, "leave --core out, or give one of the cores that are there").into());
    }
    match options.client {
        _ if options.serve => server::run().await,
        Some(client) => clients::run(client, &options).await,
        None => rounds::run(&options).await,
    }
}

/// Compares the cost of a call with that of other HTTP clients.
#[derive(clap::Parser, Clone)]
struct Options {
    /// The operation.
    #[arg(long, value_enum, default_value = "bindaxb")]
    op: Op,
    /// Calls of each client in each round.
    #[arg(long, default_value_t = 200, value_parser = at_least_one::<u64>)]
    calls: u64,
    /// Concurrent calls.
    #[arg(long, default_value_t = 4, value_parser = at_least_one::<usize>)]
    concurrency: usize,
    /// Calls before each round that are not measured, at least two for each concurrent call.
    #[arg(long, default_value_t = 50)]
    warmup: u64,
    /// Rounds; every client runs once in each.
    #[arg(long, default_value_t = 3, value_parser = at_least_one::<usize>)]
    rounds: usize,
    /// The address of a server that was started with `--serve`.
    #[arg(long, conflicts_with = "self_contained")]
    endpoint: Option<String>,
    /// Start the server too, on another core than the clients if there are two. The default.
    #[arg(long)]
    self_contained: bool,
    /// Serve only: print the address of the server, and serve until stopped.
    #[arg(long)]
    serve: bool,
    /// Run one of the clients only.
    #[arg(long, hide = true)]
    client: Option<Client>,
    /// Run on this core only.
    #[arg(long)]
    core: Option<usize>,
}
