//! The callers that an order's 700 number lets through: make sure of them, twice, and take one out again. Against the
//! emulator.
//!
//! ```sh
//! cargo run --features emulator --example report_callers
//! ```
#![allow(clippy::print_stdout)]

use privacy_number::emulator::Emulator;
use privacy_number::top::CallerReport;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::builder().shop_callers(["4001234567"]).start().await?;
    let shop = emulator.shop()?;
    let callers = ["010-12345678", "+86 131 0000 0000", "400-123-4567", "extension 12"];

    print("first run", &shop.ensure_callers("oaid-2001", callers).await?);
    print("second run", &shop.ensure_callers("oaid-2001", callers).await?);
    print("removal", &shop.remove_callers("oaid-2001", ["13100000000"]).await?);
    print("an 11+4 number", &shop.ensure_callers("oaid-2002", callers).number("13200000001-9999").await?);
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
