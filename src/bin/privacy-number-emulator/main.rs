//! The command `privacy-number-emulator`: serves the emulator of both gateways to clients in any language.
//!
//! It prints the keys and addresses that a client needs, then a line for each request. With `--json` all lines are
//! JSON, and the first has everything. It stops on Ctrl-C, on SIGTERM, and after `--for SECONDS`.
//!
//! ```sh
//! cargo install privacy-number --features emulator-server
//! privacy-number-emulator --port 8700
//! ```
//!
//! With `--state FILE` it keeps its whole state over restarts: it writes the file when it stops, and half a second after
//! a change. A process that is killed loses the changes of its last second at most. A large state is written less often.
//! Faults and the record of requests are not kept. The file contains phone numbers, sessions and tokens. On Unix only its
//! owner can read it. A file beside it, with the suffix `.lock`, keeps a second process from using it.

mod health;
mod lines;
mod options;
mod orders;
mod problem;
mod state_file;
mod stop;

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use privacy_number::emulator::{Emulator, EmulatorBuilder, Fault, PushSettings};

use options::Options;
use orders::Orders;
use problem::Problem;
use state_file::StateFile;
use stop::Stop;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.health {
        Some(url) => health::check(url).await,
        None => serve(options).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Problem> {
    let mut builder = builder(&options)?;
    let file = options.state.map(StateFile::open).transpose()?;
    if let Some(snapshot) = file.as_ref().map(StateFile::load).transpose()?.flatten() {
        builder = builder.snapshot(snapshot);
    }
    let mut stop = Stop::listen().map_err(|error| {
        Problem::new(format_args!("the program cannot wait for signals: {error}"), "start it again")
    })?;
    let emulator = builder.start().await.map_err(|error| no_port(options.host, options.port, &error))?;
    if let Some(url) = options.push_url {
        // A stored state has the settings of the process that stored it.
        emulator.push_receipts(PushSettings::to(url));
    }
    let emulator = Arc::new(emulator);
    let keeping = match file.map(Arc::new) {
        Some(file) => {
            let saved = file.save(&emulator)?.revision;
            let task = tokio::spawn(state_file::keep(Arc::clone(&file), Arc::clone(&emulator), saved));
            Some((file, task))
        }
        None => None,
    };
    lines::print_info(&emulator, options.json);

    let time_limit = options.seconds.map_or(Duration::MAX, Duration::from_secs);
    let _stopped_or_time_is_up = tokio::time::timeout(time_limit, stop.wait()).await;
    if let Some((file, task)) = keeping {
        // No connection is accepted any more, and open ones are closed after their response.
        emulator.inject(Fault::connection_refused(Duration::MAX));
        task.abort();
        let _aborted = task.await;
        state_file::save_last(&file, &emulator).await?;
    }
    Ok(())
}

fn builder(options: &Options) -> Result<EmulatorBuilder, Problem> {
    let mut builder = Emulator::builder()
        .host(options.host)
        .port(options.port)
        .seed(options.seed)
        .generated_orders(options.generated_orders)
        // Landlines, for the operations on fixed lines.
        .pool("FC0571", [("杭州", "057100000001"), ("杭州", "057100000002"), ("杭州", "057100000003")]);
    if let Some(path) = &options.orders {
        builder = Orders::read(path)?.add_to(builder);
    }
    if let Some(orders) = options.decryptions_per_day {
        builder = builder.decryptions_per_day(orders);
    }
    if let Some(url) = &options.push_url {
        builder = builder.push_receipts(PushSettings::to(url.clone()));
    }
    // A variable that is set to nothing is not a token.
    if let Some(token) = options.control_token.as_deref().filter(|token| !token.is_empty()) {
        builder = builder.control_token(token);
    }
    if !options.quiet {
        let json = options.json;
        builder = builder.on_request(move |entry| lines::print_request(entry, json));
    }
    Ok(builder)
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
