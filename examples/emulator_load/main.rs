//! Measures the emulator as a server: requests per second and resident memory after each part of the load. The server is
//! a process of its own. Each connection is persistent and repeats four calls: bind, read the binding, decrypt an order,
//! unbind. Every second connection signs by ACS3.
//!
//! ```sh
//! cargo run --release --features emulator --example emulator_load -- --requests 10000000 --connections 16
//! ```
//!
//! With `--program PATH` the server is another program, which is started with `--port 0 --json --quiet` and prints its
//! addresses and keys as the command `privacy-number-emulator` does. The table has no memory on systems without `/proc`.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../command_line/mod.rs"]
mod command_line;
mod connection;
#[path = "../emulator_keys/mod.rs"]
mod emulator_keys;
#[path = "../process/mod.rs"]
mod process;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use command_line::{Problem, at_least_one};
use connection::{CALLS_OF_A_CYCLE, Connection};
use emulator_keys::EmulatorKeys;
use privacy_number::emulator::Emulator;
use process::ChildProcess;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(measure).await
}

async fn measure(options: Options) -> Result<(), Box<dyn Error>> {
    if options.serve {
        return serve().await;
    }
    let mut server = match &options.program {
        Some(program) => ChildProcess::start_program(program, ["--port", "0", "--json", "--quiet"])?,
        None => ChildProcess::start(["--serve"])?,
    };
    let no_keys =
        |_| Problem::new("the server printed no keys", "give a program that takes --port, --json and --quiet");
    let keys: EmulatorKeys = serde_json::from_str(&server.line()?).map_err(no_keys)?;
    let mut connections = Vec::new();
    for number in 0..options.connections {
        connections.push(Connection::open(&keys, number).await?);
    }
    println!("{} connections", connections.len());
    println!("{:>12} {:>12} {:>14}", "requests", "requests/s", "resident (MB)");
    print_row(0, Duration::ZERO, 0, server.resident_megabytes());
    let cycles = options.requests.div_ceil(CALLS_OF_A_CYCLE * options.rows * options.connections);
    let mut sent = 0;
    for _ in 0..options.rows {
        let start = Instant::now();
        let parts = connections.into_iter().map(|connection| tokio::spawn(connection.repeat(cycles)));
        let parts: Vec<_> = parts.collect();
        connections = Vec::new();
        for part in parts {
            connections.push(part.await?.map_err(|error| error.to_string())?);
        }
        let requests = cycles * CALLS_OF_A_CYCLE * options.connections;
        sent += requests;
        print_row(sent, start.elapsed(), requests, server.resident_megabytes());
    }
    Ok(())
}

/// Serves until the parent kills this process.
async fn serve() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    println!("{}", serde_json::to_string(&EmulatorKeys::with_orders(&emulator))?);
    std::io::stdout().flush()?;
    std::future::pending().await
}

#[allow(clippy::cast_precision_loss, reason = "a rate needs no more digits")]
fn print_row(sent: u64, time: Duration, requests: u64, memory: Option<f64>) {
    let rate = if requests == 0 { "-".to_owned() } else { format!("{:.0}", requests as f64 / time.as_secs_f64()) };
    let memory = memory.map_or("-".to_owned(), |megabytes| format!("{megabytes:.1}"));
    println!("{sent:>12} {rate:>12} {memory:>14}");
}

/// Measures the emulator as a server: requests per second and resident memory.
#[derive(clap::Parser)]
struct Options {
    /// How many requests to send, rounded up to whole cycles of every connection in every row.
    #[arg(long, default_value_t = 100_000, value_parser = at_least_one::<u64>)]
    requests: u64,
    /// Persistent connections, each with one request at a time.
    #[arg(long, default_value_t = 8, value_parser = at_least_one::<u64>)]
    connections: u64,
    /// Rows of the table.
    #[arg(long, default_value_t = 10, value_parser = at_least_one::<u64>)]
    rows: u64,
    /// A program that serves the emulator, in place of this one.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Serve only.
    #[arg(long, hide = true)]
    serve: bool,
}
