//! The main job of an ERP in one go: decrypt a file of orders, report the shop's callers for the 700 numbers, print a
//! contact sheet, then bind an AXB number for after-sales, read it back and unbind it.
//!
//! Runs against the emulator. With `TOP_APP_KEY`, `TOP_APP_SECRET` and `TOP_SESSION` set, the same code talks to the real
//! TOP; with `ALIYUN_POOL_KEY`, `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, to the real Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example quickstart -- --orders examples/data/orders.csv
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod after_sales;
mod contact_sheet;
#[path = "../gateway/mod.rs"]
mod gateway;
mod orders;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use futures_util::StreamExt;
use gateway::{Pool, Shop};
use indicatif::ProgressBar;

#[derive(Parser)]
struct Options {
    /// Orders to decrypt: a CSV file with the columns `tid` and `oaid`.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/orders.csv"))]
    orders: PathBuf,
    /// The shop's callers to report for 700 numbers. Against the emulator two made-up ones by default.
    #[arg(long, value_delimiter = ',')]
    callers: Vec<String>,
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
    let top = Shop::connect(orders.iter().map(|order| (&*order.tid, order.oaid.expose()))).await?;
    let aliyun = Pool::connect().await?;
    if top.is_emulated() != aliyun.is_emulated() {
        return Err("set the keys of both gateways, ALIYUN_POOL_KEY among them, or of none".into());
    }
    if options.callers.is_empty() && top.is_emulated() {
        options.callers = vec!["01012345678".to_owned(), "13100000000".to_owned()];
    }

    let bar = ProgressBar::new(orders.len() as u64);
    let mut decryption = top.shop.decrypt_all(orders);
    let mut sheet = contact_sheet::ContactSheet::default();
    while let Some(decrypted) = decryption.next().await {
        bar.inc(1);
        sheet.add(decrypted);
    }
    bar.finish_and_clear();

    let callers_reported = sheet.report_callers(&top.shop, &options.callers).await?;
    let binding = after_sales::bind_read_unbind(&aliyun.client, &aliyun.pool_key, &options.parties).await?;

    if options.json {
        println!("{}", sheet.summary(top.name, decryption.progress().calls(), callers_reported, &binding));
    } else {
        sheet.print();
        let calls = decryption.progress().calls();
        println!("{}: {calls} calls, callers reported for {callers_reported} orders", top.name);
        println!("after-sales number {} bound, read back, unbound", binding.secret_no.expose());
    }
    Ok(())
}
