//! Serves the emulator of both gateways to clients in any language.
//!
//! ```sh
//! cargo run --features emulator --example emulator_server -- --port 8700
//! ```
//!
//! It prints the keys and addresses that a client needs, then a line for each request. With `--json` the first line is
//! one JSON object with everything, and the other lines are JSON too. It stops on Ctrl-C, on SIGTERM, and after
//! `--for SECONDS`.

mod command_line;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use command_line::{Problem, Stop};
use privacy_number::emulator::{Emulator, Entry};
use serde_json::json;

/// Serves the emulator of both gateways on 127.0.0.1 to clients in any language.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Arguments {
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

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(serve(Arguments::parse()).await)
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut builder = Emulator::builder().port(arguments.port).seed(arguments.seed).generated_orders(arguments.orders);
    if let Some(orders) = arguments.decryptions_per_day {
        builder = builder.decryptions_per_day(orders);
    }
    if !arguments.quiet {
        let as_json = arguments.json;
        builder = builder.on_request(move |entry| print(&request_line(entry, as_json)));
    }
    let mut stop = Stop::listen()?;
    let emulator = builder.start().await.map_err(|error| no_port(arguments.port, &error))?;
    print(&if arguments.json { json_greeting(&emulator) } else { greeting(&emulator) });

    let time_is_up = async {
        match arguments.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = stop.wait() => {}
        () = time_is_up => {}
    }
    Ok(())
}

fn no_port(port: u16, error: &io::Error) -> Problem {
    let other = "give another port with --port, or --port 0 for any free one";
    if error.kind() == io::ErrorKind::AddrInUse {
        return Problem::new(format_args!("port {port} of 127.0.0.1 is in use by another program"), other);
    }
    Problem::new(format_args!("port {port} of 127.0.0.1 cannot be served: {error}"), other)
}

fn greeting(emulator: &Emulator) -> String {
    let mut text = format!(
        "TOP             {}\n  app key       {}\n  app secret    {}\n  session       {}\n\
         Alibaba Cloud   {}\n  access key id {}\n  secret        {}\n  pool key      {}\n\
         controls        {}/_emulator/\norders, as tid and oaid",
        emulator.top_endpoint(),
        emulator.app_key(),
        emulator.app_secret(),
        emulator.session(),
        emulator.aliyun_endpoint(),
        emulator.access_key_id(),
        emulator.access_key_secret(),
        emulator.pool_key(),
        emulator.aliyun_endpoint(),
    );
    for (tid, oaid) in emulator.orders().into_iter().take(8) {
        text += &format!("\n  {tid} {oaid}");
    }
    text
}

fn json_greeting(emulator: &Emulator) -> String {
    let orders: Vec<_> = emulator.orders().into_iter().map(|(tid, oaid)| json!({"tid": tid, "oaid": oaid})).collect();
    json!({
        "top": emulator.top_endpoint(),
        "aliyun": emulator.aliyun_endpoint(),
        "app_key": emulator.app_key(),
        "app_secret": emulator.app_secret(),
        "session": emulator.session(),
        "access_key_id": emulator.access_key_id(),
        "access_key_secret": emulator.access_key_secret(),
        "pool_key": emulator.pool_key(),
        "orders": orders,
    })
    .to_string()
}

fn request_line(entry: &Entry, as_json: bool) -> String {
    let Entry { operation, code, executed, fault, request_id, shop, attempt, .. } = entry;
    if as_json {
        return json!({
            "time": entry.time.to_rfc3339(),
            "operation": operation,
            "code": code,
            "executed": executed,
            "fault": fault,
            "request_id": request_id,
            "shop": shop,
            "attempt": attempt,
            "parameters": entry.parameters().collect::<Vec<_>>(),
        })
        .to_string();
    }
    let fault = fault.map(|fault| format!(" [{fault}]")).unwrap_or_default();
    format!("{operation} {code}{fault}")
}

/// Prints a line. The server continues if nobody reads its output any more.
fn print(line: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}
