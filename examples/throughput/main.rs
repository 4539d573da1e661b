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
mod options;
#[path = "../process/mod.rs"]
mod process;
mod report;
mod rounds;
mod server;
mod worker;

use std::error::Error;
use std::process::ExitCode;

use command_line::Problem;
use options::Options;

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
