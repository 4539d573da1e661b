//! The command `privacy-number-emulator`: serves the emulator of both gateways to clients in any language.
//!
//! It prints the keys and addresses that a client needs, then a line for each request. With `--json` all lines are
//! JSON, and the first has everything. It stops on Ctrl-C, on SIGTERM, and after `--for SECONDS`.
//!
//! ```sh
//! cargo install privacy-number --features emulator-server
//! privacy-number-emulator --port 8700
//! ```

mod lines;
mod options;
mod problem;
mod stop;

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use privacy_number::emulator::Emulator;

use options::Options;
use problem::Problem;
use stop::Stop;

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Problem> {
    let Options { port, host, json, quiet, seed, generated_orders, .. } = options;
    let mut builder = Emulator::builder().host(host).port(port).seed(seed).generated_orders(generated_orders);
    // Landlines, for the operations on fixed lines.
    builder = builder.pool("FC0571", [("杭州", "057100000001"), ("杭州", "057100000002"), ("杭州", "057100000003")]);
    if let Some(orders) = options.decryptions_per_day {
        builder = builder.decryptions_per_day(orders);
    }
    if let Some(token) = options.control_token {
        builder = builder.control_token(token);
    }
    if !quiet {
        builder = builder.on_request(move |entry| lines::print_request(entry, json));
    }
    let mut stop = Stop::listen().map_err(|error| {
        Problem::new(format_args!("the program cannot wait for signals: {error}"), "start it again")
    })?;
    let emulator = builder.start().await.map_err(|error| no_port(host, port, &error))?;
    lines::print_info(&emulator, json);

    let time_limit = options.seconds.map_or(Duration::MAX, Duration::from_secs);
    let _stopped_or_time_is_up = tokio::time::timeout(time_limit, stop.wait()).await;
    Ok(())
}

fn no_port(host: IpAddr, port: u16, error: &io::Error) -> Problem {
    let address = SocketAddr::new(host, port);
    match error.kind() {
        io::ErrorKind::AddrInUse => Problem::new(
            format_args!("port {port} of {host} is in use by another program"),
            "give another port with --port, or --port 0 for any free one",
        ),
        io::ErrorKind::AddrNotAvailable => {
            Problem::new(format_args!("{host} is not an address of this machine"), "give another address with --host")
        }
        io::ErrorKind::InvalidInput => Problem::new(
            error,
            "give the token with --control-token, or in the environment as PRIVACY_NUMBER_EMULATOR_TOKEN",
        ),
        _ => Problem::new(
            format_args!("{address} cannot be served: {error}"),
            "give another port with --port, or another address with --host",
        ),
    }
}
