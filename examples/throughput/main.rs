//! What a call costs beside other clients: this crate, a client written by hand for the same two calls, bare `reqwest`
//! and bare `hyper` send the same request to the same server, in turn, each in a process of its own.
//!
//! ```sh
//! cargo run --release --example throughput -- --op bindaxb --calls 5000 --concurrency 64 --warmup 1000 --rounds 10
//! ```
//!
//! The client's limit of calls per second is on, and set so high that no call waits: by default `BindAxb` would go out
//! 5000 times a second at most, as Aliyun documents it.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::print_stdout, clippy::indexing_slicing)]

mod clients;
#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../../benches/data/mod.rs"]
mod data;
mod lane;
#[path = "../process/mod.rs"]
mod process;
mod report;
mod rounds;
mod server;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use command_line::{Problem, at_least_one};

/// Measures what a call costs beside bare HTTP clients.
#[derive(Parser, Clone)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    /// The operation.
    #[arg(long, value_enum, default_value = "bindaxb")]
    op: Op,
    /// Calls of each client in each round.
    #[arg(long, default_value_t = 200, value_parser = at_least_one::<u64>)]
    calls: u64,
    /// Calls at once.
    #[arg(long, default_value_t = 4, value_parser = at_least_one::<usize>)]
    concurrency: usize,
    /// Calls before each round that are not measured; as many as go at once are made in any case.
    #[arg(long, default_value_t = 50)]
    warmup: u64,
    /// Rounds; in each, every client has its turn.
    #[arg(long, default_value_t = 3, value_parser = at_least_one::<usize>)]
    rounds: usize,
    /// A server that was started with `--serve`.
    #[arg(long, conflicts_with = "self_contained")]
    endpoint: Option<String>,
    /// Start the server too, on another core than the clients' if there is one. The default.
    #[arg(long)]
    self_contained: bool,
    /// Be the server: print its address, and serve until stopped.
    #[arg(long)]
    serve: bool,
    /// Be one of the clients.
    #[arg(long, hide = true)]
    client: Option<Client>,
    /// Run on this core alone.
    #[arg(long)]
    core: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Op {
    /// A binding of 20 parameters.
    Bindaxb,
    /// A decryption of 20 orders.
    Decrypt20,
}

/// Who takes turns. The floor sends nothing: it is the digest of the finished text and the answer read by `serde_json`.
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
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
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
