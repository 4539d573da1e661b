//! Serves the emulator of both gateways on 127.0.0.1 to clients in any language. Prints the keys and addresses that a
//! client needs, then a line for each request. With `--json` all lines are JSON, and the first has everything. Stops on
//! Ctrl-C, on SIGTERM, and after `--for SECONDS`.
//!
//! ```sh
//! cargo run --features emulator --example emulator_server -- --port 8700
//! ```

#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../emulator_keys/mod.rs"]
mod emulator_keys;
mod lines;

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use command_line::{Problem, Stop};
use privacy_number::emulator::Emulator;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(serve).await
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { port, json, quiet, seed, orders, .. } = options;
    let mut builder = Emulator::builder().port(port).seed(seed).generated_orders(orders);
    // Landlines, for the operations on fixed lines.
    builder = builder.pool("FC0571", [("杭州", "057100000001"), ("杭州", "057100000002"), ("杭州", "057100000003")]);
    if let Some(orders) = options.decryptions_per_day {
        builder = builder.decryptions_per_day(orders);
    }
    if !quiet {
        builder = builder.on_request(move |entry| lines::print_request(entry, json));
    }
    let mut stop = Stop::listen()?;
    let emulator = builder.start().await.map_err(|error| no_port(port, &error))?;
    lines::print_keys(&emulator, json)?;

    let time_limit = options.seconds.map_or(Duration::MAX, Duration::from_secs);
    let _stopped_or_time_is_up = tokio::time::timeout(time_limit, stop.wait()).await;
    Ok(())
}

fn no_port(port: u16, error: &io::Error) -> Problem {
    let what = match error.kind() {
        io::ErrorKind::AddrInUse => format!("port {port} of 127.0.0.1 is in use by another program"),
        _ => format!("port {port} of 127.0.0.1 cannot be served: {error}"),
    };
    Problem::new(what, "give another port with --port, or --port 0 for any free one")
}

/// Serves the emulator of both gateways on 127.0.0.1 to clients in any language.
#[derive(clap::Parser)]
struct Options {
    /// The port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Print JSON lines.
    #[arg(long)]
    json: bool,
    /// Print no line for a request.
    #[arg(long)]
    quiet: bool,
    /// Stop after this many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// The seed of generated numbers and orders.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many orders to generate, besides those that always exist.
    #[arg(long, default_value_t = 20)]
    orders: u32,
    /// How many orders a shop may decrypt in a day.
    #[arg(long, value_name = "ORDERS")]
    decryptions_per_day: Option<u64>,
}
