//! The main job of an ERP in one go: decrypt a file of orders, report the shop's callers for the 700 numbers, print a
//! contact sheet, then bind an AXB number for after-sales, read it back and unbind it.
//!
//! Runs against the emulator. With `TOP_APP_KEY`, `TOP_APP_SECRET`, `TOP_SESSION`, `ALIBABA_CLOUD_ACCESS_KEY_ID` and
//! `ALIBABA_CLOUD_ACCESS_KEY_SECRET` set, the same code talks to the real gateways.
//!
//! ```sh
//! cargo run --features emulator --example quickstart -- --orders examples/data/orders.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod after_sales;
mod contact_sheet;
mod orders;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use futures_util::StreamExt;
use indicatif::ProgressBar;
use privacy_number::emulator::Emulator;
use privacy_number::{aliyun, top};

#[derive(Parser)]
struct Options {
    /// Orders to decrypt: a CSV file with the columns `tid` and `oaid`.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"))]
    orders: PathBuf,
    /// The shop's callers to report for 700 numbers. Against the emulator two made-up ones by default.
    #[arg(long, value_delimiter = ',')]
    callers: Vec<String>,
    /// The number pool to bind from; required for the real gateway.
    #[arg(long, env = "ALIYUN_POOL_KEY")]
    pool_key: Option<String>,
    /// The two parties of the after-sales binding.
    #[arg(long, default_values = ["15000000000", "15000000001"], num_args = 2)]
    parties: Vec<String>,
    /// Print one JSON object instead of the contact sheet.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options::parse();
    let orders = orders::read(&options.orders)?;
    let emulator; // lives as long as the clients
    let (gateway, shop, aliyun) = if std::env::var_os("TOP_APP_KEY").is_some() {
        ("production", top::Shop::from_env()?, aliyun::Client::from_env()?)
    } else {
        let known = orders.iter().map(|order| (&*order.tid, order.oaid.expose()));
        emulator = Emulator::builder().orders(known).start().await?;
        options.pool_key.get_or_insert(emulator.pool_key().to_owned());
        if options.callers.is_empty() {
            options.callers = vec!["01012345678".to_owned(), "4001234567".to_owned()];
        }
        ("emulator", emulator.shop()?, emulator.aliyun()?)
    };

    let bar = ProgressBar::new(orders.len() as u64);
    let mut decryption = shop.decrypt_all(orders);
    let mut sheet = contact_sheet::ContactSheet::default();
    while let Some(decrypted) = decryption.next().await {
        bar.inc(1);
        sheet.add(decrypted);
    }
    bar.finish_and_clear();

    let callers_reported = sheet.report_callers(&shop, &options.callers).await?;
    let pool_key = options.pool_key.ok_or("--pool-key is required for the real gateway")?;
    let binding = after_sales::bind_read_unbind(&aliyun, &pool_key, &options.parties).await?;

    if options.json {
        println!("{}", sheet.summary(gateway, decryption.progress().calls(), callers_reported, &binding));
    } else {
        sheet.print();
        println!("{gateway}: {} calls, callers reported for {callers_reported} orders", decryption.progress().calls());
        println!("after-sales number {} bound, read back, unbound", binding.secret_no.expose());
    }
    Ok(())
}
