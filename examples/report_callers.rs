//! Reports the callers of an order's 700 number twice (the second run finds nothing to report), and removes one of
//! them. If the OAID is not the current one of the order, the error says what to do. Uses the emulator; with `--live`
//! it uses TOP, with `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION` of the environment.
//!
//! ```sh
//! cargo run --features emulator --example report_callers -- --oaid oaid-2001 --callers 010-12345678,13100000000
//! ```
#![allow(clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use gateway::Shop;
use privacy_number::top::CallerReport;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(report).await
}

async fn report(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { live, oaid, callers } = options;
    let top = Shop::connect(&live, "nothing; callers of the order are changed", []).await?;

    print("first run", &top.shop.ensure_callers(&*oaid, &callers).await?);
    print("second run", &top.shop.ensure_callers(&*oaid, &callers).await?);
    print("removal", &top.shop.remove_callers(&*oaid, callers.first()).await?);
    print("an 11+4 number", &top.shop.ensure_callers(&*oaid, &callers).number("13200000001-9999").await?);
    Ok(())
}

fn print(what: &str, report: &CallerReport) {
    if report.not_needed {
        return println!("{what}: takes no callers, nothing was sent");
    }
    println!(
        "{what}: {} unchanged, {} added, {} removed, {} not a number",
        report.unchanged.len(),
        report.added.len(),
        report.removed.len(),
        report.refused.len()
    );
    if let Some(failure) = &report.failure {
        println!("  {failure}; {} failed, {} not tried", report.failed.len(), report.not_tried.len());
        println!("  what to do: {}", command_line::what_to_do(failure.advice()));
    }
}

/// Reports the missing callers of an order's 700 number, and removes the first one again.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The order's OAID.
    #[arg(long, default_value = "oaid-2001", required_if_eq("live", "true"))]
    oaid: String,
    /// The callers, in any notation.
    #[arg(long, value_delimiter = ',', required_if_eq("live", "true"))]
    #[arg(default_value = "010-12345678,+86 131 0000 0000,400-123-4567,extension 12")]
    callers: Vec<String>,
}
