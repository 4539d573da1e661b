//! The callers that an order's 700 number lets through: make sure of them, twice, and take one out again. Against the
//! emulator; with `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION` set, against TOP.
//!
//! ```sh
//! cargo run --features emulator --example report_callers -- --oaid oaid-2001 --callers 010-12345678,13100000000
//! ```
#![allow(clippy::print_stdout)]

mod gateway;

use clap::Parser;
use gateway::Shop;
use privacy_number::top::CallerReport;

#[derive(Parser)]
struct Options {
    /// The order's OAID.
    #[arg(long, default_value = "oaid-2001")]
    oaid: String,
    /// The callers, as people write them.
    #[arg(long, value_delimiter = ',', default_value = "010-12345678,+86 131 0000 0000,400-123-4567,extension 12")]
    callers: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options { oaid, callers } = Options::parse();
    let top = Shop::connect([]).await?;

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
    }
}
